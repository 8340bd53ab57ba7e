"""The stream of judged comparisons that rows are made from, and how many pairs it comes to."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from django.db.models import Exists, OuterRef, Q, QuerySet

from exports.judged import PERSON, Ideal, Judged
from exports.pairing import decide
from exports.policies import Judges
from exports.queries.facts import prompt_facts, responses_of, taken_prompts, takes_all_prompts
from exports.queries.given import Compared, in_force, judgments_of
from exports.queries.scope import Scope
from exports.records import Answer, Judgment, RoundFacts
from labeling.assignment.models import Comparison
from labeling.judging.models import AI
from labeling.judging.queries import ai_judged, ai_ranks
from labeling.quality.consensus import Ballot
from labeling.quality.queries import ballot_of
from labeling.ranking.enums import Outcome
from labeling.ranking.queries import counted_judgments

COMPARISONS_AT_ONCE = 1_000
MOST_JUDGMENTS_PREVIEWED = 5_000


def judged_comparisons(scope: Scope) -> Iterator[Judged]:
    """Yield the judged comparisons of a selection in constant memory, those of a prompt together.

    Those about which only what does not count was said are among them, with no answers. Meant for
    one transaction that sees one moment; outside of one, the parts may not fit.
    """
    rows = (
        _comparisons(scope)
        .order_by("prompt_id", "id")
        .values_list("id", "prompt_id", "lane__round__number", "lane__round__checkpoint")
        .iterator(chunk_size=COMPARISONS_AT_ONCE)
    )
    while chunk := list(islice(rows, COMPARISONS_AT_ONCE)):
        compared = _compared(scope, chunk)
        given = judgments_of(compared, scope)
        rankings = _ai_rankings(scope, compared)
        for one in compared:
            ranks = rankings.get(one.comparison_id, [])
            yield _judged(scope, one, given.get(one.comparison_id, []), ranks)


def judged_count(scope: Scope) -> int:
    """Return how many comparisons ``judged_comparisons`` yields."""
    return _comparisons(scope).count()


def pairs_now(scope: Scope) -> int | None:
    """Count the pairs an export would hold now, before duplicates and blank responses go.

    None when there are too many judgments to count them while somebody waits.
    """
    some = counted_judgments(scope.campaign).order_by()[: MOST_JUDGMENTS_PREVIEWED + 1]
    if some.count() > MOST_JUDGMENTS_PREVIEWED:
        return None
    return sum(
        len(decide(one.ballots, len(one.responses), scope.selection).preferences)
        for one in judged_comparisons(scope)
    )


def _comparisons(scope: Scope) -> QuerySet[Comparison]:
    selection = scope.selection
    judged = Q(Exists(in_force(scope).filter(comparison=OuterRef("pk"))))
    if _counts_ai(scope):
        judged |= Q(Exists(ai_judged(scope.campaign).filter(comparison=OuterRef("pk"))))
    found = Comparison.objects.filter(judged, campaign=scope.campaign)
    if selection.rounds:
        found = found.filter(lane__round__number__in=selection.rounds)
    if not takes_all_prompts(scope):
        found = found.filter(prompt__in=taken_prompts(scope).order_by().values("pk"))
    return found


def _counts_ai(scope: Scope) -> bool:
    if scope.selection.judges == Judges.CAMPAIGN:
        return scope.campaign.counts_ai
    return scope.selection.judges == Judges.AI


def _compared(scope: Scope, chunk: Sequence[tuple[int, int, int, str]]) -> list[Compared]:
    responses = responses_of([comparison_id for comparison_id, *_ in chunk], scope)
    prompts = prompt_facts({prompt_id for _, prompt_id, *_ in chunk}, scope)
    return [
        Compared(key, _round(number, checkpoint), prompts[prompt_id], responses[key])
        for key, prompt_id, number, checkpoint in chunk
    ]


@lru_cache(maxsize=1024)
def _round(number: int, checkpoint: str) -> RoundFacts:
    return RoundFacts(number, checkpoint)


def _ai_rankings(scope: Scope, compared: Sequence[Compared]) -> dict[int, list[tuple[int, ...]]]:
    if not _counts_ai(scope):
        return {}
    return ai_ranks(scope.campaign, [one.comparison_id for one in compared])


def _judged(
    scope: Scope,
    compared: Compared,
    given: Sequence[Judgment],
    ai_rankings: Sequence[tuple[int, ...]],
) -> Judged:
    counted = [one for one in given if one.counted and scope.selection.judges != Judges.AI]
    answers = (*map(_answer, counted), *map(_of_ai, ai_rankings))
    return Judged(
        comparison_id=compared.comparison_id,
        round=compared.round,
        prompt=compared.prompt,
        responses=compared.responses,
        given=tuple(given),
        answers=answers,
        n_ai=len(ai_rankings),
        ballots=tuple(_ballot(one.outcome, one.ranks, one.strength) for one in answers),
        guideline_versions=tuple(one.guideline_version for one in counted),
        ideals=tuple(_ideal(scope, compared, one) for one in counted if one.ideal_response_id),
    )


def _answer(given: Judgment) -> Answer:
    return Answer(
        judgment_id=given.judgment_id,
        annotator=given.annotator,
        source=PERSON,
        outcome=given.outcome,
        ranks=given.ranks,
        strength=given.strength,
        rationale=given.rationale,
    )


def _of_ai(ranks: tuple[int, ...]) -> Answer:
    outcome = Outcome.TIE if len(set(ranks)) == 1 else Outcome.RANKED
    return Answer(0, "", AI, outcome, ranks, 0, "")


@lru_cache(maxsize=4096)
def _ballot(outcome: str, ranks: tuple[int, ...], strength: int) -> Ballot:
    return ballot_of(outcome, ranks, strength or None)


def _ideal(scope: Scope, compared: Compared, given: Judgment) -> Ideal:
    ids = [one.response_id for one in compared.responses]
    (tokens,) = scope.tokens.of([given.ideal])
    slot = ids.index(given.ideal_response_id)
    return Ideal(slot, given.ideal, tokens, given.judgment_id, given.annotator)

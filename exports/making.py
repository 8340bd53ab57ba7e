"""From judged comparisons to the rows that trainers learn from; plain Python."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from exports.fitness import is_too_long, why_unfit
from exports.judged import Ideal, Judged
from exports.pairing import Decided, Preference, certainty, ranks_of
from exports.policies import BothBad, Edits
from exports.records import EDITED, JUDGED, Demonstration, Pair, Ranking, Response, Single, Vote
from exports.selection import Selection


def pairs_of(judged: Judged, decided: Decided, selection: Selection) -> Iterator[Pair]:
    """Yield what a comparison says about its responses, two by two, then about edits."""
    for one in decided.preferences:
        yield Pair(
            prompt=judged.prompt,
            chosen=judged.responses[one.winner],
            rejected=judged.responses[one.loser],
            vote=_vote(judged, one),
        )
    if selection.edits == Edits.PAIRS:
        yield from _edited(judged)


def demonstrations_of(judged: Judged, most_tokens: int = 0) -> Iterator[Demonstration]:
    """Yield the responses of a comparison as people would have them."""
    for ideal in judged.ideals:
        source = judged.responses[ideal.slot]
        fits = why_unfit(judged.prompt, (ideal.text,), (source.model,)) is None
        if fits and not is_too_long(most_tokens, judged.prompt, _response(source, ideal)):
            yield Demonstration(
                prompt=judged.prompt,
                text=ideal.text,
                tokens=ideal.tokens,
                edited_from=source,
                judgment_id=ideal.judgment_id,
                annotator=ideal.annotator,
                comparison_id=judged.comparison_id,
            )


def ranking_of(judged: Judged, most_tokens: int = 0) -> Ranking | None:
    """Return a comparison with all that was said; None where trainers could not read it."""
    if is_too_long(most_tokens, judged.prompt, *judged.responses):
        return None
    texts = [one.text for one in judged.responses]
    labels = [one.model for one in judged.responses]
    said = [one.rationale for one in judged.answers]
    if why_unfit(judged.prompt, texts, (*labels, *said, judged.round.checkpoint)) is not None:
        return None
    return Ranking(
        prompt=judged.prompt,
        comparison_id=judged.comparison_id,
        responses=judged.responses,
        ranks=ranks_of(judged.ballots, len(judged.responses)),
        answers=judged.answers,
        guideline_version=max(judged.guideline_versions, default=0),
        round=judged.round,
    )


@dataclass
class Score:
    """How one response of a prompt fares over all its comparisons."""

    response: Response
    wins: int = 0
    losses: int = 0
    bad: int = 0
    judgment_ids: set[int] = field(default_factory=set)


def singles_of(
    comparisons: Sequence[tuple[Judged, Decided]], selection: Selection
) -> Iterator[Single]:
    """Yield the responses of one prompt that are preferred more often than not, or less.

    Responses with the same text are one. Those called all bad have lost to none and are counted
    as lost where the choice says so.
    """
    scores: dict[str, Score] = {}
    for judged, decided in comparisons:
        of_slot = [scores.setdefault(one.text.strip(), Score(one)) for one in judged.responses]
        for one in decided.preferences:
            if not one.is_tie:
                of_slot[one.winner].wins += 1
                of_slot[one.loser].losses += 1
                _rests_on(judged, (of_slot[one.winner], of_slot[one.loser]))
        if selection.both_bad == BothBad.NEGATIVE and _are_all_bad(judged, selection):
            for score in of_slot:
                score.bad += 1
            _rests_on(judged, of_slot)
    prompt = comparisons[0][0].prompt
    for score in scores.values():
        better = score.wins - score.losses - score.bad
        response = score.response
        is_fit = why_unfit(prompt, (response.text,), (response.model,)) is None
        if better and is_fit and not is_too_long(selection.max_tokens, prompt, response):
            yield Single(
                prompt=prompt,
                response=response,
                is_desirable=better > 0,
                wins=score.wins,
                losses=score.losses,
                bad=score.bad,
                judgment_ids=tuple(sorted(score.judgment_ids)),
            )


def _rests_on(judged: Judged, scores: Iterable[Score]) -> None:
    ids = _judgment_ids(judged)
    for score in scores:
        score.judgment_ids.update(ids)


def _are_all_bad(judged: Judged, selection: Selection) -> bool:
    bad, total = sum(one.ranks is None for one in judged.ballots), len(judged.ballots)
    return 2 * bad > total and selection.takes(
        n_votes=total, agreement=bad / total, probability=certainty(bad, total - bad)
    )


def _judgment_ids(judged: Judged) -> tuple[int, ...]:
    return tuple(one.judgment_id for one in judged.answers if one.judgment_id)


def _vote(judged: Judged, one: Preference) -> Vote:
    first, second = sorted((one.winner, one.loser))
    pair_id, ids = f"{judged.comparison_id}-{first}-{second}", _judgment_ids(judged)
    if one.ballot is not None:
        answer = judged.answers[one.ballot]
        ids = (answer.judgment_id,) if answer.judgment_id else ()
        pair_id = f"{pair_id}-{answer.judgment_id or f'ai{one.ballot}'}"
    return Vote(
        pair_id=pair_id,
        comparison_id=judged.comparison_id,
        judgment_ids=ids,
        n_votes=one.n_votes,
        n_ai_votes=judged.n_ai,
        agreement=one.agreement,
        probability=one.probability,
        strength=one.strength,
        strength_votes=one.strength_votes,
        margin=one.margin,
        weight=one.weight,
        origin=JUDGED,
        guideline_version=max(judged.guideline_versions, default=0),
        round=judged.round,
    )


def _edited(judged: Judged) -> Iterator[Pair]:
    """Yield each edit as preferred to what it was edited from: one person's word."""
    for ideal in judged.ideals:
        source = judged.responses[ideal.slot]
        yield Pair(
            prompt=judged.prompt,
            chosen=_response(source, ideal),
            rejected=source,
            vote=Vote(
                pair_id=f"{judged.comparison_id}-{ideal.slot}-edit-{ideal.judgment_id}",
                comparison_id=judged.comparison_id,
                judgment_ids=(ideal.judgment_id,),
                n_votes=1,
                n_ai_votes=0,
                agreement=1.0,
                probability=certainty(1, 0),
                strength=0.0,
                strength_votes=0,
                margin=0.0,
                weight=1.0,
                origin=EDITED,
                guideline_version=max(judged.guideline_versions, default=0),
                round=judged.round,
            ),
        )


def _response(source: Response, ideal: Ideal) -> Response:
    """Return an edit as a response: of no model, and named by what it was edited from."""
    return Response(source.response_id, ideal.text, "", tokens=ideal.tokens)

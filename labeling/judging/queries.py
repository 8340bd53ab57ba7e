"""Reads about judging runs and what they say: the one door to each of them."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from labeling.assignment.enums import ComparisonState
from labeling.assignment.models import Comparison
from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.generation.enums import CandidateState, Makes
from labeling.generation.models import GenerationRun, RunPart
from labeling.judging.enums import Verdict, Which
from labeling.judging.models import AiJudgment
from labeling.judging.verdicts import ranks_of
from labeling.ranking.queries import counted_judgments
from labeling.wording import gettext

STATES = (
    CandidateState.PENDING,
    CandidateState.RUNNING,
    CandidateState.DONE,
    CandidateState.FAILED,
)
COMPARED_WITH_PEOPLE = 5_000


@dataclass(frozen=True)
class Progress:
    """How far a judging run is: its AI judgments by state, and the tokens that they took."""

    pending: int
    running: int
    done: int
    failed: int
    tokens_read: int
    tokens_written: int

    @property
    def total(self) -> int:
        """Return how many AI judgments the run has."""
        return self.pending + self.running + self.done + self.failed

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is left to judge."""
        return self.pending + self.running == 0


@dataclass(frozen=True)
class Measures:
    """What a judge's verdicts look like together.

    ``ties`` are pairs that both orders call level, ``flipped`` those whose orders name different
    winners, ``wavering`` those of which one order calls a tie. ``shown_first`` counts answers that
    name the response shown first, of ``named`` that name any.
    """

    decided: int
    ties: int
    flipped: int
    wavering: int
    shown_first: int
    named: int

    @property
    def total(self) -> int:
        """Return how many pairs there are."""
        return self.decided + self.ties + self.flipped + self.wavering


@dataclass(frozen=True)
class WithPeople:
    """How often people's answers name the winner that the judge names, where both name one."""

    agreeing: int
    answers: int


def judgings_of(campaign: Campaign) -> QuerySet[GenerationRun]:
    """Return the judging runs of a campaign with their counts by state, newest first."""
    return (
        GenerationRun.objects.filter(campaign=campaign, makes=Makes.VERDICTS)
        .select_related("requested_by", "judging__constitution")
        .prefetch_related("parts__generator")
        .annotate(**{f"n_{state}": _count("ai_judgments", state) for state in STATES})
        .order_by("-id")
    )


def judging_for(campaign: Campaign, run_id: int) -> GenerationRun:
    """Return one judging run of the campaign, or raise NotFound."""
    found = judgings_of(campaign).filter(pk=run_id).first()
    if found is None:
        raise NotFound(gettext("The campaign has no such judging run."))
    return found


def judgments_of(run: GenerationRun) -> QuerySet[AiJudgment]:
    """Return the AI judgments of a run, by comparison and slots."""
    return AiJudgment.objects.filter(run=run).order_by("comparison_id", "first", "second")


def latest_verdicts(run: GenerationRun, limit: int) -> QuerySet[AiJudgment]:
    """Return the AI judgments of a run that were finished last."""
    done = AiJudgment.objects.filter(run=run, state=CandidateState.DONE)
    return done.order_by("-finished_at", "-id")[:limit]


def progress_of(run: GenerationRun) -> Progress:
    """Return how far a judging run is."""
    counts = AiJudgment.objects.filter(run=run).aggregate(
        **{state: Count("id", filter=Q(state=state)) for state in STATES},
        tokens_read=Coalesce(Sum("prompt_tokens"), 0),
        tokens_written=Coalesce(Sum("completion_tokens"), 0),
    )
    return Progress(**counts)


def measures_of(run: GenerationRun) -> Measures:
    """Return what the finished verdicts of a run look like together."""
    done = AiJudgment.objects.filter(run=run, state=CandidateState.DONE)
    rows = done.values_list("forward", "backward").annotate(n=Count("id")).order_by()
    pairs = Counter({(forward, backward): n for forward, backward, n in rows})
    winners = (Verdict.FIRST, Verdict.SECOND)
    shown_first = _named(pairs, 0, {Verdict.FIRST}) + _named(pairs, 1, {Verdict.SECOND})
    same = sum(pairs[one, one] for one in winners)
    flipped = pairs[Verdict.FIRST, Verdict.SECOND] + pairs[Verdict.SECOND, Verdict.FIRST]
    ties = pairs[Verdict.LEVEL, Verdict.LEVEL]
    return Measures(
        decided=same,
        ties=ties,
        flipped=flipped,
        wavering=pairs.total() - same - flipped - ties,
        shown_first=shown_first,
        named=_named(pairs, 0, set(winners)) + _named(pairs, 1, set(winners)),
    )


def with_people(run: GenerationRun) -> WithPeople:
    """Compare the newest decided verdicts of a run with what people say about the same pairs."""
    decided = AiJudgment.objects.filter(run=run, outcome__in=(Verdict.FIRST, Verdict.SECOND))
    rows = decided.order_by("-id").values_list("comparison_id", "first", "second", "outcome")
    found = list(rows[:COMPARED_WITH_PEOPLE])
    given: dict[int, list[list[int]]] = defaultdict(list)
    people = counted_judgments(run.campaign).filter(
        comparison__in={comparison for comparison, *_ in found}, outcome="ranked"
    )
    for comparison, ranks in people.values_list("comparison_id", "ranks"):
        given[comparison].append(ranks)
    agrees = [
        (ranks[first] < ranks[second]) == (outcome == Verdict.FIRST)
        for comparison, first, second, outcome in found
        for ranks in given[comparison]
        if ranks[first] != ranks[second]
    ]
    return WithPeople(sum(agrees), len(agrees))


def to_judge(
    campaign: Campaign, which: str, comparison_ids: Collection[int] | None
) -> QuerySet[Comparison]:
    """Return the comparisons that a judge may be asked about, in order; none that is retired."""
    own = Comparison.objects.filter(campaign=campaign, state=ComparisonState.OPEN)
    if comparison_ids is not None:
        own = own.filter(pk__in=comparison_ids)
    if which != Which.ALL:
        judged = Exists(counted_judgments(campaign).filter(comparison=OuterRef("pk")))
        own = own.filter(judged if which == Which.JUDGED else ~judged)
    return own.order_by("id")


def ai_judged(campaign: Campaign) -> QuerySet[AiJudgment]:
    """Return the pairs of a campaign that judges have given their verdict on."""
    return AiJudgment.objects.filter(run__campaign=campaign, state=CandidateState.DONE)


def ai_ranks(
    campaign: Campaign, comparison_ids: Collection[int]
) -> dict[int, list[tuple[int, ...]]]:
    """Return how judges rank the slots of some comparisons: one ranking a generator, its latest.

    A ranking counts once every pair of its comparison has an outcome.
    """
    done = ai_judged(campaign).filter(comparison__in=comparison_ids)
    rows = done.order_by("run_id").values_list(
        "comparison_id", "comparison__size", "part__generator_id", "run_id",
        "first", "second", "outcome",
    )  # fmt: skip
    pairs: dict[tuple[int, int, int, int], dict[tuple[int, int], str]] = defaultdict(dict)
    for *whose, first, second, outcome in rows:
        comparison, size, generator, run = whose
        pairs[comparison, size, generator, run][first, second] = outcome
    return _latest(pairs)


def judging_to_do(run_id: int) -> RunPart | None:
    """Return the part of a judging run for a worker; None when the run is gone."""
    parts = RunPart.objects.select_related("generator", "run")
    return parts.filter(run=run_id, run__makes=Makes.VERDICTS).first()


def _latest(
    pairs: dict[tuple[int, int, int, int], dict[tuple[int, int], str]],
) -> dict[int, list[tuple[int, ...]]]:
    """Return the rankings that are whole; of pairs in the order of runs, a later one counts."""
    latest: dict[tuple[int, int], tuple[int, ...]] = {}
    for (comparison, size, generator, _), outcomes in pairs.items():
        if (ranks := ranks_of(outcomes, size)) is not None:
            latest[comparison, generator] = ranks
    found: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for (comparison, _), ranks in sorted(latest.items()):
        found[comparison].append(ranks)
    return dict(found)


def _named(pairs: Counter[tuple[str, str]], order: int, names: set[Verdict]) -> int:
    return sum(n for pair, n in pairs.items() if pair[order] in names)


def _count(related: str, state: str) -> Count:
    return Count(related, filter=Q(**{f"{related}__state": state}))

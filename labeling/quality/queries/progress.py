"""Reads over judgments: what they say together, who gave them, and how far a campaign is."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from labeling.accounts.models import User
from labeling.assignment.enums import AssignmentState, ComparisonState, Kind
from labeling.assignment.models import Assignment, ComparedCandidate, Comparison
from labeling.campaigns.models import Campaign, Membership
from labeling.prompts.models import Prompt
from labeling.quality.agreement import Agreement, raw_agreement
from labeling.quality.consensus import Ballot
from labeling.ranking.enums import ANSWERS, Outcome, SkipReason
from labeling.ranking.models import Judgment, Report
from labeling.ranking.queries import (
    Earned,
    counted_judgments,
    current_judgments,
    earnings_in,
    with_slots,
)
from labeling.wording import gettext

ROWS_AT_ONCE = 2000
SEVERAL = 2
MOST_CHOICES = 1000
MOST_SKIPPED_SHOWN = 50
MOST_REPORTS_SHOWN = 10
VALUED_AT_ONCE = 100  # locked together, so that no answer waits long for the batch


def ballot_of(outcome: str, ranks: Sequence[int], strength: int | None) -> Ballot:
    """Return what one stored judgment says, as the consensus counts it."""
    if outcome == Outcome.BOTH_BAD:
        return Ballot(None)
    return Ballot(tuple(ranks), strength)


def ballots_by_comparison(campaign: Campaign) -> Iterator[tuple[list[Ballot], int]]:
    """Yield each judged comparison's counted answers and its number of slots, row by row."""
    rows = (
        counted_judgments(campaign)
        .order_by("comparison_id", "id")
        .values_list("comparison_id", "outcome", "ranks", "strength")
    )
    slots = dict(
        ComparedCandidate.objects.filter(comparison__campaign=campaign)
        .values_list("comparison_id")
        .annotate(slots=Count("id"))
        .order_by()
    )
    streamed = rows.iterator(chunk_size=ROWS_AT_ONCE)
    for comparison_id, answers in groupby(streamed, key=itemgetter(0)):
        yield [ballot_of(*answer[1:]) for answer in answers], slots[comparison_id]


def agreement_of(campaign: Campaign) -> Agreement:
    """Return how often two people agree in a campaign."""
    return raw_agreement(ballots_by_comparison(campaign))


def comparisons_to_value(*, after: int) -> list[Comparison]:
    """Return the next comparisons after this id whose policy waits for a value, with campaigns."""
    due = Comparison.objects.filter(value_due=True, pk__gt=after).select_related("campaign")
    return list(due.order_by("pk")[:VALUED_AT_ONCE])


@dataclass(frozen=True)
class Progress:
    """How far a campaign is, in judgments; ``left`` are wanted and neither given nor leased."""

    comparisons: int
    finished: int
    wanted: int
    judged: int
    live: int
    left: int


NOTHING_YET = Progress(0, 0, 0, 0, 0, 0)


def progress_of(campaign: Campaign) -> Progress:
    """Count what is wanted, given, under way and left in a campaign."""
    return progress_by_campaign([campaign])[campaign.pk]


def progress_by_campaign(campaigns: Collection[Campaign]) -> dict[int, Progress]:
    """Count the same for several campaigns, by their ids.

    A retired comparison wants no more than what it got; so does one with a known answer.
    """
    closed = Q(state=ComparisonState.RETIRED) | Q(gold__isnull=False)
    counted = (
        Comparison.objects.filter(campaign__in=campaigns)
        .values("campaign_id")
        .annotate(
            comparisons=Count("id"),
            finished=Count("id", filter=closed | Q(judged__gte=F("wanted"))),
            asked=Sum("wanted", filter=~closed, default=0),
            ended=Sum("judged", filter=closed, default=0),
            given=Sum("judged", default=0),
            left=Sum("open_slots", filter=~closed, default=0),
        )
        .order_by()
    )
    live = _live_by_campaign(campaigns)
    found = {
        row["campaign_id"]: Progress(
            comparisons=row["comparisons"],
            finished=row["finished"],
            wanted=row["asked"] + row["ended"],
            judged=row["given"],
            live=live.get(row["campaign_id"], 0),
            left=row["left"],
        )
        for row in counted
    }
    return {each.pk: found.get(each.pk, NOTHING_YET) for each in campaigns}


def _live_by_campaign(campaigns: Collection[Campaign]) -> dict[int, int]:
    live = Assignment.objects.filter(comparison__campaign__in=campaigns, state=AssignmentState.LIVE)
    rows = live.values_list("comparison__campaign_id").annotate(n=Count("id")).order_by()
    return dict(rows)


def _live(campaign: Campaign) -> QuerySet[Assignment]:
    return Assignment.objects.filter(comparison__campaign=campaign, state=AssignmentState.LIVE)


@dataclass(frozen=True)
class PersonProgress:
    """What one person has done in a campaign; times are milliseconds.

    ``role`` is empty for somebody who has left. ``done`` counts answers that hold, surplus
    ones included; what was taken back is neither done nor skipped, and ``last_active`` is the
    time of the latest that is. ``name`` is never an address: reviewers see it too. ``earned``
    is counted for managers only.
    """

    user_id: int
    name: str
    role: str
    done: int
    skipped: int
    live: int
    last_active: datetime | None
    median_active_ms: float | None
    earned: Sequence[Earned] = ()


def choices_of(campaign: Campaign, annotator: User) -> list[tuple[str, str]]:
    """Return (best, worst) texts of a person's latest ``MOST_CHOICES`` choices that are no tie."""
    own = current_judgments(campaign).filter(annotator=annotator, outcome=Outcome.RANKED)
    found = with_slots(own.exclude(assignment__kind=Kind.REPEAT).order_by("-pk"))
    found = found.prefetch_related("comparison__slots__candidate")[:MOST_CHOICES]
    return [
        (texts[ranks.index(1)], texts[ranks.index(max(ranks))])
        for judgment in found
        for ranks in [judgment.ranks]
        for texts in [[slot.candidate.text for slot in judgment.comparison.slots.all()]]
        if max(ranks) > 1
    ]


def progress_by_person(campaign: Campaign, *, with_pay: bool = False) -> list[PersonProgress]:
    """Return every member, and everybody who has judged, those with most answers first."""
    earned = earnings_in(campaign) if with_pay else []
    roles = dict(Membership.objects.filter(campaign=campaign).values_list("user_id", "role"))
    given = _given(campaign)
    live = dict(_live(campaign).values_list("annotator_id").annotate(n=Count("id")).order_by())
    times = _active_times(campaign)
    people = User.objects.filter(pk__in={*roles, *given, *live})
    found = [
        PersonProgress(
            user_id=person.pk,
            name=person.display_name or gettext("Person %(id)s") % {"id": person.pk},
            role=roles.get(person.pk, ""),
            live=live.get(person.pk, 0),
            median_active_ms=median(times[person.pk]) if person.pk in times else None,
            earned=[each for each in earned if each.annotator_id == person.pk],
            **given.get(person.pk, {"done": 0, "skipped": 0, "last_active": None}),
        )
        for person in people
    ]
    return sorted(found, key=lambda person: (-person.done, person.name, person.user_id))


def _given(campaign: Campaign) -> dict[int, dict[str, Any]]:
    rows = (
        current_judgments(campaign)
        .exclude(outcome=Outcome.UNDONE)
        .values("annotator_id")
        .annotate(
            done=Count("id", filter=Q(outcome__in=ANSWERS)),
            skipped=Count("id", filter=Q(outcome=Outcome.SKIPPED)),
            last_active=Max("created_at"),
        )
        .order_by()
    )
    return {
        row["annotator_id"]: {
            "done": row["done"],
            "skipped": row["skipped"],
            "last_active": row["last_active"],
        }
        for row in rows
    }


def _active_times(campaign: Campaign) -> dict[int, list[int]]:
    rows = (
        current_judgments(campaign)
        .filter(outcome__in=ANSWERS, active_ms__gt=0)
        .values_list("annotator_id", "active_ms")
    )
    times: dict[int, list[int]] = defaultdict(list)
    for annotator_id, active_ms in rows.iterator(chunk_size=ROWS_AT_ONCE):
        times[annotator_id].append(active_ms)
    return dict(times)


@dataclass(frozen=True)
class Skipped:
    """One comparison that several people passed on, and their reasons in words."""

    comparison_id: int
    prompt_id: int
    people: int
    reasons: list[str]


def skipped_by_several(campaign: Campaign) -> list[Skipped]:
    """Return the comparisons that at least two people skipped, most skipped first."""
    skips = current_judgments(campaign).filter(outcome=Outcome.SKIPPED)
    often = (
        skips.values_list("comparison_id", "comparison__prompt_id")
        .annotate(people=Count("id"))
        .filter(people__gte=SEVERAL)
        .order_by("-people", "comparison_id")[:MOST_SKIPPED_SHOWN]
    )
    found = list(often)
    reasons: dict[int, set[str]] = defaultdict(set)
    of_these = skips.filter(comparison_id__in=[row[0] for row in found])
    for comparison_id, reason in of_these.values_list("comparison_id", "skip_reason"):
        reasons[comparison_id].add(str(SkipReason(reason).label))
    return [
        Skipped(comparison_id, prompt_id, people, sorted(reasons[comparison_id]))
        for comparison_id, prompt_id, people in found
    ]


def reports_on(prompt: Prompt) -> list[Report]:
    """Return the latest reports of personal data in a prompt or its responses, with who made them.

    The latest comes first.
    """
    found = Report.objects.filter(judgment__comparison__prompt=prompt)
    return list(found.select_related("judgment__annotator").order_by("-pk")[:MOST_REPORTS_SHOWN])


def skip_reasons(comparison_ids: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    """Return why people skip these comparisons: each reason in words with how many gave it.

    The most frequent comes first; a comparison that nobody skips has no entry.
    """
    rows = (
        Judgment.objects.filter(
            comparison__in=comparison_ids, superseded_by=None, outcome=Outcome.SKIPPED
        )
        .values_list("comparison_id", "skip_reason")
        .annotate(people=Count("id"))
        .order_by("comparison_id", "-people", "skip_reason")
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for comparison_id, reason, people in rows:
        found[comparison_id].append((str(SkipReason(reason).label), people))
    return dict(found)

"""Count what the database holds after a race, beside what its people were told."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.db.models import Count, F, Q

from labeling.assignment.models import Comparison
from labeling.campaigns.models import Campaign
from labeling.ranking.models import Judgment
from tests.faults.crew import Report


@dataclass(frozen=True)
class Wrong:
    """By how much a race broke each promise; all noughts when it broke none.

    ``doubles`` and ``missing`` are counted judgments above and below the overlap, ``repeats``
    those by somebody who has one there already. ``lost`` were acknowledged and are not there;
    ``unknown`` are there and were never acknowledged. ``stuck`` comparisons wait for somebody,
    and on ``off`` ones the books do not agree. ``broken`` is what the database threw.
    """

    doubles: int = 0
    missing: int = 0
    repeats: int = 0
    lost: int = 0
    unknown: int = 0
    stuck: int = 0
    off: int = 0
    broken: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{getattr(self, each.name)} {each.name}" for each in fields(self))


def recount(campaign: Campaign, reports: Sequence[Report]) -> Wrong:
    """Compare a campaign with its overlap and with every acknowledgement."""
    comparisons = Comparison.objects.filter(campaign=campaign)
    judgments = Judgment.objects.filter(comparison__campaign=campaign)
    in_force = judgments.filter(counted=True, superseded_by=None)
    pairs = list(in_force.values_list("comparison_id", "annotator_id"))
    votes = Counter(comparison for comparison, _ in pairs)
    wanted = dict.fromkeys(comparisons.values_list("pk", flat=True), campaign.overlap)
    told = Counter(row for report in reports for row in report.saved)
    there = Counter(judgments.values_list("pk", "assignment_id", "annotator_id"))
    live = Count("assignments", filter=Q(assignments__state="live"))
    return Wrong(
        doubles=sum(max(0, votes[pk] - most) for pk, most in wanted.items()),
        missing=sum(max(0, least - votes[pk]) for pk, least in wanted.items()),
        repeats=len(pairs) - len(set(pairs)),
        lost=(told - there).total(),
        unknown=(there - told).total(),
        stuck=comparisons.annotate(live=live).filter(Q(live__gt=0) | Q(open_slots__gt=0)).count(),
        off=_off(comparisons.annotate(live=live), votes),
        broken=sum(len(report.broken) for report in reports),
    )


def _off(comparisons, votes: Counter[int]) -> int:
    """Count the comparisons whose slots, tally and judgments disagree."""
    disagree = comparisons.exclude(wanted=F("open_slots") + F("judged") + F("live")).count()
    return disagree + sum(
        not judged == sum(tally.values()) == votes[pk]
        for pk, judged, tally in comparisons.values_list("pk", "judged", "tally")
    )

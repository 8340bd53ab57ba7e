"""Make lanes as comparisons need them, and keep their heads near the first open comparison."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from labeling.assignment.enums import ComparisonState
from labeling.assignment.lanes import Needs
from labeling.assignment.models import Comparison, Lane
from labeling.campaigns.enums import CampaignState, RoundState
from labeling.campaigns.models import Round

# Longer than any transaction that puts a comparison into a returned lane may take.
STILL_ARRIVING = timedelta(minutes=10)


def lane_for(round_: Round, needs: Needs, *, gold: bool = False) -> Lane:
    """Return the lane of a round for comparisons with these needs, made if there is none."""
    return Lane.objects.get_or_create(
        round=round_,
        audience=needs.audience,
        language=needs.language,
        skills=needs.skills,
        priority=0,
        returned=False,
        gold=gold,
    )[0]


def returned_lane(lane: Lane) -> Lane:
    """Return the lane where comparisons of this one wait to be finished first."""
    return lane if lane.returned else sibling(lane, returned=True)


def sibling(lane: Lane, **changes: object) -> Lane:
    """Return the lane of the same round and needs with these differences."""
    fields = ("round_id", "audience", "language", "skills", "priority", "returned", "gold")
    same = {name: getattr(lane, name) for name in fields}
    return Lane.objects.get_or_create(**{**same, **changes})[0]


def advance_heads(*, now: datetime) -> int:
    """Move the heads of lanes in use on; return how many moved.

    Whoever starts in a lane, or starts it again, reads from its head, not over everything that
    is already judged. Planning holds the lane's lock while it adds comparisons; those that
    return get a position of that moment, so the head stays behind what may still arrive. Where
    there is nothing to move, nothing is locked.
    """
    return sum(_advance(lane_id, now) for lane_id in list(_behind(now)))


def _behind(now: datetime) -> "QuerySet[Lane, int]":
    """Return the ids of lanes whose head is behind; of returned ones once it is far behind.

    The place up to which something may still return moves with the clock: a returned lane
    followed at each look would be written each time.
    """
    first = Subquery(_waiting(OuterRef("pk"), OuterRef("head")).values("position")[:1])
    lanes = Lane.objects.filter(
        round__state=RoundState.OPEN, round__campaign__state=CampaignState.ACTIVE, gold=False
    ).annotate(first=first)
    far = Q(head__lt=position_of(now - 2 * STILL_ARRIVING))
    ahead = Q(first__gt=F("head"))
    found = lanes.filter(Q(ahead, returned=False) | Q(far & (ahead | Q(first=None)), returned=True))
    return found.order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def _advance(lane_id: int, now: datetime) -> int:
    lane = Lane.objects.select_for_update().get(pk=lane_id)
    first = _waiting(lane.pk, lane.head).values_list("position", flat=True).first()
    if lane.returned:
        arriving = position_of(now - STILL_ARRIVING)
        first = arriving if first is None else min(first, arriving)
    if first is None or first <= lane.head:
        return 0
    lane.head = first
    lane.save(update_fields=["head"])
    return 1


def _waiting(lane: int | OuterRef, head: int | OuterRef) -> QuerySet[Comparison]:
    """Return what has a free slot in a lane from its head on, in order."""
    return Comparison.objects.filter(
        lane=lane, state=ComparisonState.OPEN, open_slots__gt=0, position__gte=head
    ).order_by("position")


def position_of(moment: datetime) -> int:
    """Return the position that a comparison gets which returns at this moment."""
    return int(moment.timestamp() * 1_000_000)


def lower_heads(lanes: dict[int, int]) -> None:
    """Bring the heads of lanes back to the lowest position that comes into each.

    Called before the comparisons are stored, and holds the lanes' locks from then on.
    """
    for lane_id in sorted(lanes):
        lane = Lane.objects.select_for_update().get(pk=lane_id)
        if lanes[lane_id] < lane.head:
            lane.head = lanes[lane_id]
            lane.save(update_fields=["head"])

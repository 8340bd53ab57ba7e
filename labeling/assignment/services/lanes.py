"""Make lanes as comparisons need them, and keep their heads near the first open comparison."""

from datetime import datetime, timedelta

from django.db import transaction

from labeling.assignment.enums import ComparisonState
from labeling.assignment.lanes import Needs
from labeling.assignment.models import Comparison, Lane
from labeling.campaigns.enums import RoundState
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
    """Move the heads of lanes of open rounds on; return how many moved.

    Whoever starts in a lane, or starts it again, reads from its head, not over everything that
    is already judged. Planning holds the lane's lock while it adds comparisons; those that
    return get a position of that moment, so the head stays behind what may still arrive.
    """
    ids = Lane.objects.filter(round__state=RoundState.OPEN, gold=False).values_list("pk", flat=True)
    return sum(_advance(lane_id, now) for lane_id in list(ids))


@transaction.atomic
def _advance(lane_id: int, now: datetime) -> int:
    lane = Lane.objects.select_for_update().get(pk=lane_id)
    waiting = Comparison.objects.filter(
        lane=lane, state=ComparisonState.OPEN, open_slots__gt=0, position__gte=lane.head
    )
    first = waiting.order_by("position").values_list("position", flat=True).first()
    if lane.returned:
        arriving = int((now - STILL_ARRIVING).timestamp() * 1_000_000)
        first = arriving if first is None else min(first, arriving)
    if first is None or first <= lane.head:
        return 0
    lane.head = first
    lane.save(update_fields=["head"])
    return 1


def lower_heads(lanes: dict[int, int]) -> None:
    """Bring the heads of lanes back to the lowest position that comes into each.

    Called before the comparisons are stored, and holds the lanes' locks from then on.
    """
    for lane_id in sorted(lanes):
        lane = Lane.objects.select_for_update().get(pk=lane_id)
        if lanes[lane_id] < lane.head:
            lane.head = lanes[lane_id]
            lane.save(update_fields=["head"])

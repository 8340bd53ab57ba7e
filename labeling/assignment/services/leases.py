"""Take, keep and give back slots; the locks go comparison first, then assignment."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from labeling.accounts.models import User
from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Comparison, QueueCursor
from labeling.assignment.orders import display_order
from labeling.assignment.queries import Opening, assignment_for, live_lease, next_open
from labeling.campaigns.enums import CampaignState
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError, Kind

EXPIRED_AT_ONCE = 500


class CampaignNotActive(DomainError):
    """Comparisons are handed out only while the campaign is active."""

    code = "campaign_not_active"
    kind = Kind.CONFLICT


class LeaseReplaced(DomainError):
    """The person opened the comparison again elsewhere, which gave it a new token."""

    code = "lease_replaced"
    kind = Kind.CONFLICT


def claim_next(*, campaign: Campaign, annotator: User, now: datetime) -> Assignment | None:
    """Return the lease the person holds, or lease them the next open comparison.

    None means that nothing is left for this person. One transaction takes the slot and
    writes the lease, so that capacity is exact whoever else claims at the same moment.
    Raises CampaignNotActive.
    """
    if campaign.state != CampaignState.ACTIVE:
        raise CampaignNotActive(
            "This campaign is not handing out comparisons now.", state=campaign.state
        )
    with transaction.atomic():
        cursor = _cursor(campaign, annotator)
        held = live_lease(campaign, annotator)
        if held is not None:
            return _renew(held, campaign, now)
        opening = next_open(campaign, annotator, cursor)
        if opening is None and expire_leases(now=now, campaign=campaign):
            opening = next_open(campaign, annotator, cursor)
        return None if opening is None else _lease(opening, cursor, now)


def _cursor(campaign: Campaign, annotator: User) -> QueueCursor:
    """Return the person's place in the queue, locked: one claim at a time a person."""
    places = QueueCursor.objects.select_for_update().filter(campaign=campaign, annotator=annotator)
    cursor = places.first()
    if cursor is None:
        first = QueueCursor(campaign=campaign, annotator=annotator)
        QueueCursor.objects.bulk_create([first], ignore_conflicts=True)
        cursor = places.get()
    cursor.campaign = campaign
    return cursor


def _renew(held: Assignment, campaign: Campaign, now: datetime) -> Assignment:
    held.expires_at = now + timedelta(seconds=campaign.lease_seconds)
    held.save(update_fields=["expires_at"])
    return held


def _lease(opening: Opening, cursor: QueueCursor, now: datetime) -> Assignment:
    comparison = opening.comparison
    Comparison.objects.filter(pk=comparison.pk).update(open_slots=F("open_slots") - 1)
    assignment = _assignment(opening, cursor)
    assignment.token = uuid4()
    assignment.state = AssignmentState.LIVE
    assignment.leased_at = now
    assignment.expires_at = now + timedelta(seconds=cursor.campaign.lease_seconds)
    assignment.ended_at = None
    assignment.save()
    cursor.priority, cursor.position = comparison.priority, comparison.position
    cursor.claims += 1
    cursor.save(update_fields=["priority", "position", "claims"])
    return assignment


def _assignment(opening: Opening, cursor: QueueCursor) -> Assignment:
    """Return the person's earlier assignment, which keeps its order, or a new one."""
    comparison, person = opening.comparison, cursor.annotator_id
    if opening.leased_before:
        return Assignment.objects.get(comparison=comparison, annotator_id=person)
    return Assignment(
        comparison=comparison,
        annotator_id=person,
        display_order=display_order(
            size=opening.size,
            seed=cursor.campaign.shuffle_seed,
            annotator_id=person,
            ordinal=cursor.claims,
        ),
    )


def hold(*, campaign: Campaign, annotator: User, assignment_id: int) -> Assignment:
    """Return a person's assignment with its comparison, both locked for this transaction.

    Raises NotFound for anybody else's.
    """
    known = assignment_for(campaign, annotator, assignment_id)
    comparison = Comparison.objects.select_for_update().get(pk=known.comparison_id)
    assignment = Assignment.objects.select_for_update().get(pk=known.pk)
    assignment.comparison = comparison
    return assignment


def settle(
    *, assignment: Assignment, token: UUID, answered: bool, was_counted: bool, now: datetime
) -> bool:
    """End a held assignment with an answer or a skip; return whether the answer counts.

    Call inside the transaction of ``hold``. ``was_counted`` says that an earlier judgment of
    this assignment, about to be superseded, counts. A lease that is over takes a slot if one
    is still free; if none is, the answer is surplus: kept, but not counted. Raises
    LeaseReplaced when the lease is live under another token.
    """
    comparison = assignment.comparison
    live = assignment.state == AssignmentState.LIVE
    if live and assignment.token != token:
        raise LeaseReplaced("You opened this comparison again in another window. Answer it there.")
    counted = answered and (live or was_counted or comparison.open_slots > 0)
    comparison.judged += int(counted) - int(was_counted)
    comparison.open_slots += int(live) + int(was_counted) - int(counted)
    comparison.save(update_fields=["judged", "open_slots"])
    assignment.state = AssignmentState.SUBMITTED if answered else AssignmentState.SKIPPED
    assignment.ended_at = now
    assignment.save(update_fields=["state", "ended_at"])
    return counted


@transaction.atomic
def release(
    *, campaign: Campaign, annotator: User, assignment_id: int, token: UUID, now: datetime
) -> None:
    """Give a live lease back unanswered; one that is already over is left as it is."""
    assignment = hold(campaign=campaign, annotator=annotator, assignment_id=assignment_id)
    if assignment.state != AssignmentState.LIVE or assignment.token != token:
        return
    _end(assignment.comparison, [assignment.pk], AssignmentState.RELEASED, now)


def expire_leases(*, now: datetime, campaign: Campaign | None = None) -> int:
    """Return the slots of leases that are over; return how many there were."""
    over = Assignment.objects.filter(state=AssignmentState.LIVE, expires_at__lte=now)
    if campaign is not None:
        over = over.filter(comparison__campaign=campaign)
    holders = Counter(
        over.order_by("expires_at").values_list("comparison_id", flat=True)[:EXPIRED_AT_ONCE]
    )
    with transaction.atomic():
        return sum(_expire_one(comparison_id, now) for comparison_id in sorted(holders))


def _expire_one(comparison_id: int, now: datetime) -> int:
    comparison = (
        Comparison.objects.select_for_update(skip_locked=True).filter(pk=comparison_id).first()
    )
    if comparison is None:
        return 0
    over = Assignment.objects.filter(
        comparison=comparison, state=AssignmentState.LIVE, expires_at__lte=now
    )
    return _end(comparison, list(over.values_list("pk", flat=True)), AssignmentState.EXPIRED, now)


def _end(comparison: Comparison, ids: list[int], state: AssignmentState, now: datetime) -> int:
    ended = Assignment.objects.filter(pk__in=ids).update(state=state, ended_at=now)
    Comparison.objects.filter(pk=comparison.pk).update(open_slots=F("open_slots") + ended)
    return ended

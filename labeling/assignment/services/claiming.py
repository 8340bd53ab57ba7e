"""Hand out comparisons: one transaction takes the slots and writes the leases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import TextChoices

from labeling.assignment.draws import draw_kind
from labeling.assignment.enums import AssignmentState, Kind
from labeling.assignment.lanes import Person, in_turn, may_work
from labeling.assignment.models import Assignment, Desk, Lane
from labeling.assignment.orders import swapped
from labeling.assignment.queries import (
    LANES,
    done_earlier,
    free_again_at,
    held_at,
    next_gold,
    round_is_open,
)
from labeling.assignment.services.desks import locked_desk
from labeling.assignment.services.leases import expire_leases
from labeling.assignment.services.taking import Taken, lease, take_slot
from labeling.campaigns.enums import CampaignState, Role
from labeling.campaigns.models import Membership
from labeling.errors import DomainError
from labeling.errors import Kind as Refusal
from labeling.prepared import write
from labeling.transactions import part
from labeling.wording import gettext

MOST_HELD = 10


class CampaignNotActive(DomainError):
    """Comparisons are handed out only while the campaign is active."""

    code = "campaign_not_active"
    kind = Refusal.CONFLICT


class Why(TextChoices):
    """Why a person is given nothing, or less than they asked for."""

    NOTHING_LEFT = "nothing_left", "Nothing is left for you right now"
    ROUND_CLOSED = "round_closed", "The round is closed"
    LIMIT_REACHED = "limit_reached", "You have judged as many as one person may"
    NOT_QUALIFIED = "not_qualified", "A manager lets people start in this campaign"
    GUIDE_UNREAD = "guide_unread", "Read the judging guide first, and confirm it"
    WARNING_UNREAD = "warning_unread", "Confirm the content warning first"
    ENOUGH_TODAY = "enough_today", "You have judged as many as one person may in 24 hours"


@dataclass(frozen=True)
class Claim:
    """What a person holds after a claim, in the order in which it was given, and their desk."""

    assignments: list[Assignment] = field(default_factory=list)
    why: Why | None = None
    desk: Desk | None = None

    @property
    def first(self) -> Assignment | None:
        """The lease to work on now."""
        return self.assignments[0] if self.assignments else None


def claim_next(*, member: Membership, now: datetime, hold: int = 1) -> Claim:
    """Renew the leases a member holds and lease more, up to ``hold`` (at most 10) together.

    What is kept for the person by name comes first; then, at the campaign's rates, known
    answers and repeats of their own work; then the lanes that are theirs. Capacity is exact
    whoever else claims at the same moment. Raises CampaignNotActive.
    """
    campaign = member.campaign
    if campaign.state != CampaignState.ACTIVE:
        reason = gettext("This campaign is not handing out comparisons now.")
        raise CampaignNotActive(reason, state=campaign.state)
    with part():
        desk = locked_desk(campaign.pk, member.user_id)
        held = _renewed(desk, hold, now)
        missing = min(hold, MOST_HELD) - len(held)
        return _more(desk, member, held, missing, now) if missing > 0 else Claim(held, desk=desk)


def _renewed(desk: Desk, hold: int, now: datetime) -> list[Assignment]:
    """Renew what the person holds; what is kept for them becomes a lease, up to ``hold``."""
    held = held_at(desk)
    live = [each for each in held if each.state == AssignmentState.LIVE]
    for kept in [each for each in held if each not in live][: max(0, hold - len(live))]:
        kept.state, kept.leased_at, kept.ordinal = AssignmentState.LIVE, now, desk.claims
        kept.save(update_fields=["state", "leased_at", "ordinal"])
        desk.claims += 1
        desk.save(update_fields=["claims"])
        live.append(kept)
    until = now + timedelta(seconds=desk.campaign.lease_seconds)
    if live:
        Assignment.objects.filter(pk__in=[each.pk for each in live]).update(expires_at=until)
    for each in live:
        each.expires_at = until
    return live


def _more(
    desk: Desk, member: Membership, held: list[Assignment], missing: int, now: datetime
) -> Claim:
    """Lease up to ``missing`` more, and write down where the person now stands."""
    lanes = _lanes_for(member)
    why = None if lanes or round_is_open(desk.campaign_id) else Why.ROUND_CLOSED
    before = (desk.claims, str(desk.places))
    while missing and why is None:
        why = _refusal(desk, member, len(held), now)
        found = None if why else _next(desk, member, lanes, now)
        if found is not None:
            held.append(found)
            missing -= 1
        elif why is None:
            why = Why.NOTHING_LEFT
    if (desk.claims, str(desk.places)) != before:
        write(desk, "claims", "orders", "places")
    return Claim(held, why, desk)


def _lanes_for(member: Membership) -> list[Lane]:
    person = Person(
        reviews=member.role in (Role.MANAGER, Role.REVIEWER),
        languages=member.languages,
        skills=member.skills,
    )
    return [lane for lane in LANES.rows(member.campaign_id) if may_work(lane, person)]


def _refusal(desk: Desk, member: Membership, held: int, now: datetime) -> Why | None:
    owed = owed_first(member)
    if owed:
        return owed
    allocation = desk.campaign.allocation
    if allocation.qualified_only and member.qualified_at is None:
        return Why.NOT_QUALIFIED
    given = desk.answers + held
    limits = (allocation.person_limit, allocation.share_limit)
    if any(n is not None and given >= n for n in limits):
        return Why.LIMIT_REACHED
    return Why.ENOUGH_TODAY if free_again_at(desk, held=held, now=now) else None


def owed_first(member: Membership) -> Why | None:
    """Return what a person must confirm before they are given anything, or None."""
    if member.must_read:
        return Why.GUIDE_UNREAD
    return Why.WARNING_UNREAD if member.must_accept else None


def _next(desk: Desk, member: Membership, lanes: list[Lane], now: datetime) -> Assignment | None:
    """Lease one more comparison of the kind that is drawn; work where there is none of it.

    ``lanes`` are the person's, and brought up to date where what lapsed may have made new ones.
    """
    campaign = desk.campaign
    kind = draw_kind(
        seed=campaign.shuffle_seed,
        annotator_id=desk.annotator_id,
        ordinal=desk.claims,
        gold_percent=campaign.allocation.gold_percent,
        repeat_percent=campaign.allocation.repeat_percent,
    )
    if kind == Kind.REPEAT and (earlier := done_earlier(desk)) is not None:
        again = Taken(earlier.comparison_id, len(earlier.display_order))
        return lease(desk, again, kind, now, order=swapped(earlier.display_order))
    if kind == Kind.GOLD and (known := next_gold(desk, lanes)) is not None:
        return lease(desk, Taken(known.pk, known.size), kind, now)
    taken = _work(desk, lanes, now)
    if taken is None and expire_leases(now=now, campaign=campaign):
        desk.places.clear()  # what others let lapse may wait anywhere, in a new lane even
        lanes[:] = _lanes_for(member)
        taken = _work(desk, lanes, now)
    return None if taken is None else lease(desk, taken, Kind.WORK, now)


def _work(desk: Desk, lanes: Sequence[Lane], now: datetime) -> Taken | None:
    queue = in_turn([lane for lane in lanes if not lane.gold], draw=f"{desk.pk}:{desk.claims}")
    return take_slot(desk, queue, now)

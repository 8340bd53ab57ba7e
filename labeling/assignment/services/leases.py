"""Keep, settle and give back leases; the locks go desk first, then comparison, assignment."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from labeling.accounts.models import User
from labeling.assignment.enums import AssignmentState, Kind
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.services.capacity import recount
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError, NotFound
from labeling.errors import Kind as Refusal
from labeling.prepared import Prepared, write
from labeling.wording import gettext

EXPIRED_AT_ONCE = 500
HELD = Prepared(
    lambda assignment_id, annotator_id, campaign_id: (
        Assignment.objects.select_for_update(of=("desk", "comparison", "self"))
        .select_related("desk", "comparison__campaign__allocation")
        .filter(pk=assignment_id, annotator_id=annotator_id, comparison__campaign_id=campaign_id)
    ),
    samples=[-1, -2, -3],
)


class LeaseReplaced(DomainError):
    """The person opened the comparison again elsewhere, which gave it a new token."""

    code = "lease_replaced"
    kind = Refusal.CONFLICT


def hold(*, campaign: Campaign, annotator: User, assignment_id: int) -> Assignment:
    """Return a person's assignment with desk and comparison, locked for this transaction.

    Raises NotFound for anybody else's.
    """
    found = HELD.first(assignment_id, annotator.pk, campaign.pk)
    if found is None:
        raise NotFound(gettext("There is no such assignment of yours in this campaign."))
    return found


def holds_slot(assignment: Assignment, token: UUID) -> bool:
    """Tell whether this lease still has its slot: it is live, and under this very token.

    A slot kept for the person by name is theirs whichever page they answer from. Raises
    LeaseReplaced when the lease is live under another token.
    """
    if assignment.state != AssignmentState.LIVE:
        return assignment.state == AssignmentState.RESERVED
    if assignment.token != token:
        reason = gettext("You opened this comparison again in another window. Answer it there.")
        raise LeaseReplaced(reason)
    return True


def settle(
    *, assignment: Assignment, token: UUID, verdict: str | None, was: str | None, now: datetime
) -> bool:
    """End a held assignment with an answer, or with a skip (no verdict); tell if it counts.

    Call inside the transaction of ``hold``. ``was`` is the verdict of the counted judgment
    that this one supersedes. A lease that is over takes a slot if one is still free; if none
    is, the answer is surplus: kept, but not counted. Raises LeaseReplaced.
    """
    held = holds_slot(assignment, token)
    counted = assignment.kind == Kind.WORK and _settle(assignment, verdict, was, held, now)
    answered = verdict is not None
    _note(assignment, answered=answered)
    assignment.state = AssignmentState.SUBMITTED if answered else AssignmentState.SKIPPED
    assignment.ended_at = now
    assignment.answers += 1
    write(assignment, "state", "ended_at", "answers")
    return counted


def _settle(
    assignment: Assignment, verdict: str | None, was: str | None, held: bool, now: datetime
) -> bool:
    """Move the comparison's counts; tell whether the answer counts."""
    comparison = assignment.comparison
    counted = verdict is not None and (held or was is not None or comparison.open_slots > 0)
    comparison.skips = max(0, comparison.skips + _skipped(assignment, verdict))
    recount(comparison, was=was, verdict=verdict if counted else None, held=-int(held), now=now)
    return counted


def _skipped(assignment: Assignment, verdict: str | None) -> int:
    """Return by how much the people who skip the comparison become more."""
    return int(verdict is None) - int(assignment.state == AssignmentState.SKIPPED)


def _note(assignment: Assignment, *, answered: bool) -> None:
    """Count the answer or skip at the desk, in place of the one it supersedes."""
    desk = assignment.desk
    desk.answers += int(answered) - int(assignment.state == AssignmentState.SUBMITTED)
    desk.skips += _skipped(assignment, "" if answered else None)
    write(desk, "answers", "skips")


def reopen(*, assignment: Assignment, was: str | None, token: UUID, now: datetime) -> None:
    """Take the answer of a held assignment back; the person holds the comparison again.

    Its slot becomes the lease's. An answer that did not count takes a free slot if there is
    one, otherwise the lease stays over and a new answer is surplus again.
    """
    comparison = assignment.comparison
    work = assignment.kind == Kind.WORK
    may_hold = not work or was is not None or comparison.open_slots > 0
    if work:
        comparison.skips = max(0, comparison.skips + _skipped(assignment, ""))
        recount(comparison, was=was, verdict=None, held=int(may_hold), now=now)
    assignment.desk.answers -= int(assignment.state == AssignmentState.SUBMITTED)
    assignment.desk.skips -= int(assignment.state == AssignmentState.SKIPPED)
    assignment.desk.save(update_fields=["answers", "skips"])
    assignment.state = AssignmentState.LIVE if may_hold else AssignmentState.RELEASED
    assignment.ended_at = None if may_hold else now
    assignment.token, assignment.answers = token, assignment.answers + 1
    assignment.expires_at = now + timedelta(seconds=comparison.campaign.lease_seconds)
    assignment.save(update_fields=["state", "ended_at", "token", "answers", "expires_at"])


@transaction.atomic
def release(
    *, campaign: Campaign, annotator: User, assignment_id: int, token: UUID, now: datetime
) -> None:
    """Give a live lease back unanswered; one that is already over is left as it is."""
    assignment = hold(campaign=campaign, annotator=annotator, assignment_id=assignment_id)
    if assignment.state == AssignmentState.LIVE and assignment.token == token:
        _end(assignment.comparison, [assignment], AssignmentState.RELEASED, now)


@transaction.atomic
def release_all(
    *,
    campaign: Campaign,
    annotator: User,
    tokens: Mapping[int, UUID],
    now: datetime,
    grace: timedelta = timedelta(0),
) -> None:
    """Give live leases back unanswered: the token of each by assignment id.

    With ``grace`` they run out after that time instead, unless they are renewed before: a page
    that goes may be back in a moment. Leases that are over, and what is not the person's, are left
    as they are.
    """
    own = Assignment.objects.filter(pk__in=tokens, desk__campaign=campaign, annotator=annotator)
    if grace:
        live = own.filter(state=AssignmentState.LIVE, token__in=tokens.values())
        live.filter(expires_at__gt=now + grace).update(expires_at=now + grace)
        return
    for assignment_id in own.order_by("comparison_id").values_list("pk", flat=True):
        release(
            campaign=campaign,
            annotator=annotator,
            assignment_id=assignment_id,
            token=tokens[assignment_id],
            now=now,
        )


@transaction.atomic
def renew(
    *, campaign: Campaign, annotator: User, tokens: Collection[UUID], now: datetime
) -> list[Assignment]:
    """Put off the expiry of a person's live leases with these tokens; return those leases.

    The others are over, or live under a newer token: an answer to them is still taken.
    """
    until = now + timedelta(seconds=campaign.lease_seconds)
    live = Assignment.objects.select_for_update(of=("self",)).filter(
        desk__campaign=campaign,
        desk__annotator=annotator,
        state=AssignmentState.LIVE,
        token__in=tokens,
    )
    leases = list(live.order_by("ordinal", "pk"))  # the order in which a claim locks them
    Assignment.objects.filter(pk__in=[each.pk for each in leases]).update(expires_at=until)
    for each in leases:
        each.expires_at = until
    return leases


def expire_leases(*, now: datetime, campaign: Campaign | None = None) -> int:
    """Return the slots of leases that are over; return how many there were."""
    over = Assignment.objects.filter(state=AssignmentState.LIVE, expires_at__lte=now)
    if campaign is not None:
        over = over.filter(comparison__campaign=campaign)
    ids = over.order_by("expires_at").values_list("comparison_id", flat=True)[:EXPIRED_AT_ONCE]
    found = sorted(set(ids))
    if not found:
        return 0
    with transaction.atomic():
        return sum(_expire_one(comparison_id, now) for comparison_id in found)


def _expire_one(comparison_id: int, now: datetime) -> int:
    comparison = (
        Comparison.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("campaign__allocation")
        .filter(pk=comparison_id)
        .first()
    )
    if comparison is None:
        return 0
    # One that is just being renewed or answered drops out: this must not wait for anybody,
    # since it holds other people's leases already.
    over = Assignment.objects.select_for_update(skip_locked=True).filter(
        comparison=comparison, state=AssignmentState.LIVE, expires_at__lte=now
    )
    return _end(comparison, list(over), AssignmentState.EXPIRED, now)


def end_leases(*, comparisons: Sequence[Comparison], now: datetime) -> int:
    """Give every live lease of these locked comparisons back unanswered; return how many."""
    live = Assignment.objects.select_for_update(of=("self",)).filter(
        comparison__in=comparisons, state=AssignmentState.LIVE
    )
    by_comparison: defaultdict[int, list[Assignment]] = defaultdict(list)
    for each in live.order_by("ordinal", "pk"):  # the order in which a claim locks them
        by_comparison[each.comparison_id].append(each)
    return sum(
        _end(each, by_comparison[each.pk], AssignmentState.RELEASED, now)
        for each in comparisons
        if each.pk in by_comparison
    )


def _end(
    comparison: Comparison, leases: list[Assignment], state: AssignmentState, now: datetime
) -> int:
    """End locked live leases of a locked comparison unanswered; return how many."""
    ids = [each.pk for each in leases]
    ended = Assignment.objects.filter(pk__in=ids).update(state=state, ended_at=now)
    work = sum(each.kind == Kind.WORK for each in leases)
    if work:
        recount(comparison, was=None, verdict=None, held=-work, now=now)
    return ended

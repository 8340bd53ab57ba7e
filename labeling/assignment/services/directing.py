"""For whom single comparisons are: kept for people by name, or kept from them for good."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.assignment.enums import AssignmentState, ComparisonState, Kind
from labeling.assignment.models import Assignment, Comparison, Desk
from labeling.assignment.orders import display_order
from labeling.assignment.services.capacity import recount
from labeling.assignment.services.desks import new_desks
from labeling.campaigns.enums import RoundState
from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.queries import lock_campaign
from labeling.clock import database_now
from labeling.errors import DomainError, Invalid, NotFound
from labeling.errors import Kind as Refusal
from labeling.wording import gettext, gettext_lazy

AGAIN = (AssignmentState.EXPIRED, AssignmentState.RELEASED)
HOLDS = (AssignmentState.LIVE, AssignmentState.RESERVED)
WHY_NOT = {
    AssignmentState.BARRED: gettext_lazy("%(person)s wrote one of its responses."),
    AssignmentState.SUBMITTED: gettext_lazy("%(person)s has judged it."),
    AssignmentState.SKIPPED: gettext_lazy("%(person)s has skipped it."),
}
NO_MEMBER = gettext_lazy("%(person)s is not a member of the campaign.")
WAS_TESTED = gettext_lazy("%(person)s was given it while its answer was known.")


class NotHandedOut(DomainError):
    """The comparison is retired, its round is closed, or its answer is known."""

    code = "comparison_not_handed_out"
    kind = Refusal.CONFLICT


class AlreadyBegun(DomainError):
    """The person holds the comparison already, so that nothing is kept for them any more."""

    code = "already_begun"
    kind = Refusal.CONFLICT


@transaction.atomic
def direct(
    *, campaign: Campaign, comparison_id: int, people: Sequence[User], by: User, now: datetime
) -> Comparison:
    """Keep a slot of a comparison for each of these members; it is the next they are given.

    Free slots are taken first; once none is free, one more judgment is wanted for each. Whoever
    holds the comparison already keeps it. Raises NotFound, NotHandedOut, or Invalid naming
    everybody who may not judge it; then nothing is kept for anybody.
    """
    named = {person.pk: person for person in people}
    new_desks(campaign.pk, sorted(named))
    comparison = hold_comparison(campaign, comparison_id, named)
    _check_handed_out(comparison)
    earlier = list(Assignment.objects.filter(comparison=comparison, annotator__in=named))
    _check_people(campaign, named, earlier)
    known = {each.annotator_id: each for each in earlier if each.kind == Kind.WORK}
    new = [pk for pk in sorted(named) if pk not in known or known[pk].state not in HOLDS]
    for person in new:
        _keep(comparison, person, known.get(person), now)
    if new:
        recount(comparison, was=None, verdict=None, held=len(new), now=now)
        _record(by, "comparison.directed", comparison, people=new)
    return comparison


@transaction.atomic
def withdraw(
    *, campaign: Campaign, comparison_id: int, people: Sequence[User], by: User, now: datetime
) -> Comparison:
    """Give the slots back that are kept for these people; others lose nothing.

    Raises NotFound, or AlreadyBegun when one of them holds the comparison by now.
    """
    named = [person.pk for person in people]
    comparison = hold_comparison(campaign, comparison_id, named)
    begun = Assignment.objects.filter(
        comparison=comparison,
        annotator__in=named,
        kind=Kind.WORK,
        state=AssignmentState.LIVE,
    )
    if begun.exists():
        reason = gettext(
            "They are judging it already. Their slot comes back by itself if they do not answer."
        )
        raise AlreadyBegun(reason)
    given_back = give_back(comparison, named, now)
    if given_back:
        _record(by, "comparison.withdrawn", comparison, people=given_back)
    return comparison


def free_departed(*, now: datetime) -> int:
    """Give back what is kept for people who have left the campaign; return how many slots."""
    member = Membership.objects.filter(
        campaign=OuterRef("comparison__campaign"), user=OuterRef("annotator")
    )
    left = Assignment.objects.filter(~Exists(member), state=AssignmentState.RESERVED)
    return sum(_free_one(each, now) for each in left.select_related("comparison__campaign"))


@transaction.atomic
def _free_one(kept: Assignment, now: datetime) -> int:
    people = [kept.annotator_id]
    comparison = hold_comparison(kept.comparison.campaign, kept.comparison_id, people)
    return len(give_back(comparison, people, now))


def hold_comparison(campaign: Campaign, comparison_id: int, people: Iterable[int]) -> Comparison:
    """Return a campaign's comparison, locked together with the desks of these people.

    What managers decide is done one at a time a campaign, so that nobody else comes to hold a
    reserved slot meanwhile. Raises NotFound.
    """
    lock_campaign(campaign.pk)
    desks = Desk.objects.filter(campaign=campaign, annotator__in=list(people))
    list(desks.select_for_update().order_by("pk"))
    comparison = (
        Comparison.objects.select_for_update(of=("self",))
        .select_related("campaign__allocation", "lane__round")
        .filter(pk=comparison_id, campaign=campaign)
        .first()
    )
    if comparison is None:
        raise NotFound(gettext("The campaign has no such comparison."))
    return comparison


def reserved_people(comparison_id: int) -> list[int]:
    """Return the ids of the people for whom a slot of a comparison is kept."""
    kept = Assignment.objects.filter(comparison=comparison_id, state=AssignmentState.RESERVED)
    return list(kept.order_by("annotator_id").values_list("annotator_id", flat=True))


def give_back(comparison: Comparison, people: Sequence[int], now: datetime) -> list[int]:
    """Return the slots kept for these people, held with the comparison; return whose they were."""
    kept = [person for person in reserved_people(comparison.pk) if person in people]
    if kept:
        Assignment.objects.filter(
            comparison=comparison, annotator__in=kept, state=AssignmentState.RESERVED
        ).update(state=AssignmentState.RELEASED, ended_at=now)
        recount(comparison, was=None, verdict=None, held=-len(kept), now=now)
    return kept


def _check_handed_out(comparison: Comparison) -> None:
    if comparison.state == ComparisonState.RETIRED:
        raise NotHandedOut(gettext("This comparison is retired. Restore it first."))
    if comparison.lane.round.state != RoundState.OPEN:
        reason = gettext("The round of this comparison is closed; nothing of it is judged now.")
        raise NotHandedOut(reason)
    if comparison.gold is not None:
        reason = gettext(
            "This comparison has a known answer, so that its judgments do not count. Take the "
            "known answer away first."
        )
        raise NotHandedOut(reason)


def _check_people(
    campaign: Campaign, named: dict[int, User], earlier: Sequence[Assignment]
) -> None:
    """Raise Invalid unless everybody is a member who may still judge the comparison."""
    members = set(
        Membership.objects.filter(campaign=campaign, user__in=named).values_list(
            "user_id", flat=True
        )
    )
    faults = {pk: NO_MEMBER for pk in named if pk not in members}
    for each in earlier:
        if each.kind == Kind.WORK and each.state in WHY_NOT:
            faults[each.annotator_id] = WHY_NOT[AssignmentState(each.state)]
        elif each.kind == Kind.GOLD and each.state not in AGAIN:
            faults.setdefault(each.annotator_id, WAS_TESTED)
    if faults:
        told = [str(why) % {"person": named[pk].get_short_name()} for pk, why in faults.items()]
        reason = gettext("Nothing was kept: not all of these people may judge it. Leave them out.")
        raise Invalid(reason, fields={"members": told})


def _keep(comparison: Comparison, person: int, earlier: Assignment | None, now: datetime) -> None:
    """Write the reserved row; whoever saw the comparison before keeps the order they saw."""
    if earlier is not None:
        earlier.state, earlier.token, earlier.ended_at = AssignmentState.RESERVED, uuid4(), None
        earlier.leased_at = earlier.expires_at = now
        earlier.save(update_fields=["state", "token", "ended_at", "leased_at", "expires_at"])
        return
    campaign = comparison.campaign
    desk = Desk.objects.get(campaign=campaign, annotator=person)
    Assignment.objects.create(
        comparison=comparison,
        annotator_id=person,
        desk=desk,
        state=AssignmentState.RESERVED,
        display_order=display_order(
            size=comparison.size,
            seed=campaign.shuffle_seed,
            annotator_id=person,
            ordinal=desk.orders,
        ),
        leased_at=now,
        expires_at=now,
    )
    desk.orders += 1
    desk.save(update_fields=["orders"])


def _record(by: User, action: str, comparison: Comparison, **data: object) -> None:
    target = f"comparison:{comparison.pk}"
    record_event(actor=by, action=action, target=target, campaign=comparison.campaign_id, **data)


def bar(campaign: Campaign, pairs: Sequence[tuple[Comparison, int]]) -> None:
    """Keep people from comparisons for good; pairs are (comparison, person's id)."""
    people = sorted({person for _, person in pairs})
    new_desks(campaign.pk, people)
    desks = dict(
        Desk.objects.filter(campaign=campaign, annotator__in=people).values_list(
            "annotator_id", "pk"
        )
    )
    now = database_now()
    Assignment.objects.bulk_create(
        [
            Assignment(
                comparison=comparison,
                annotator_id=person,
                desk_id=desks[person],
                kind=Kind.WORK,
                token=uuid4(),
                state=AssignmentState.BARRED,
                display_order=list(range(comparison.size)),
                leased_at=now,
                expires_at=now,
                ended_at=now,
            )
            for comparison, person in pairs
        ],
        ignore_conflicts=True,
    )

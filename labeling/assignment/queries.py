"""Reads of the queue and of leases."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from labeling.accounts.models import User
from labeling.assignment.draws import REPEAT_AFTER, draw_earlier
from labeling.assignment.enums import AssignmentState, ComparisonState, Kind
from labeling.assignment.models import Assignment, ComparedCandidate, Comparison, Desk, Lane
from labeling.campaigns.enums import RoundState
from labeling.campaigns.models import Campaign, Membership, Round
from labeling.errors import NotFound
from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup
from labeling.prepared import Prepared
from labeling.wording import gettext

DAY = timedelta(days=1)
HELD = (AssignmentState.LIVE, AssignmentState.RESERVED)


def assignment_for(campaign: Campaign, annotator: User, assignment_id: int) -> Assignment:
    """Return a person's own assignment in a campaign; raise NotFound for any other."""
    found = OWN.first(assignment_id, annotator.pk, campaign.pk)
    if found is None:
        raise NotFound(gettext("There is no such assignment of yours in this campaign."))
    return found


def held_at(desk: Desk) -> list[Assignment]:
    """Return what a person holds, locked: live leases and what is kept for them, oldest first."""
    return HELD_AT.rows(desk.pk)


def lanes_in_use(campaign_id: int) -> QuerySet[Lane]:
    """Return the lanes of a campaign's open round."""
    return Lane.objects.filter(round__campaign_id=campaign_id, round__state=RoundState.OPEN)


HELD_AT = Prepared(
    lambda desk_id: (
        Assignment.objects.select_for_update()
        .filter(desk_id=desk_id, state__in=HELD)
        .order_by("ordinal", "pk")
    ),
    samples=[-1],
)
OWN = Prepared(
    lambda assignment_id, annotator_id, campaign_id: Assignment.objects.filter(
        pk=assignment_id, annotator_id=annotator_id, desk__campaign_id=campaign_id
    ),
    samples=[-1, -2, -3],
)
LANES = Prepared(lanes_in_use, samples=[-1])
DESK = Prepared(
    lambda campaign_id, annotator_id: Desk.objects.filter(
        campaign_id=campaign_id, annotator_id=annotator_id
    ),
    samples=[-1, -2],
)


def round_is_open(campaign_id: int) -> bool:
    """Tell whether a campaign hands out comparisons of any round now."""
    return Round.objects.filter(campaign_id=campaign_id, state=RoundState.OPEN).exists()


def done_earlier(desk: Desk) -> Assignment | None:
    """Return an answer of a person's to repeat: drawn, long enough ago, repeated never before."""
    drawn = draw_earlier(
        seed=desk.campaign.shuffle_seed, annotator_id=desk.annotator_id, ordinal=desk.claims
    )
    again = Assignment.objects.filter(
        comparison=OuterRef("comparison"), annotator=desk.annotator_id, kind=Kind.REPEAT
    )
    work = Assignment.objects.filter(desk=desk, state=AssignmentState.SUBMITTED, kind=Kind.WORK)
    return (
        work.annotate(again=Subquery(again.values("pk")[:1]))  # a join may read every lease
        .filter(
            long_ago(work),
            again=None,
            ordinal__gte=drawn,
            comparison__set_aside=False,
            comparison__withheld_from="",
            comparison__lane__round__state=RoundState.OPEN,
        )
        .order_by("ordinal")
        .first()
    )


class Earliest(Subquery):
    """The earliest end among the few rows of a subquery."""

    template = "(SELECT MIN(latest.ended_at) FROM (%(subquery)s) latest)"


def long_ago(work: QuerySet[Assignment]) -> Q:
    """Tell which of a person's answered work ``REPEAT_AFTER`` answers to other work came after.

    They were leased later, and answered later: leases given back unseen do not count, nor does
    what lies before a late answer or a change of mind.
    """
    latest = work.order_by("-ordinal")
    return Q(
        ordinal__lt=Subquery(latest.values("ordinal")[REPEAT_AFTER - 1 : REPEAT_AFTER]),
        ended_at__lte=Earliest(latest.values("ended_at")[:REPEAT_AFTER]),
    )


def free_again_at(desk: Desk, *, held: int, now: datetime) -> datetime | None:
    """Return when a person who has had ``most_a_day`` in 24 hours is given more; None for now.

    ``held`` more are in their hands. What counts is work they answered, by when it was given.
    """
    most = desk.campaign.most_a_day
    if most is None:
        return None
    if held >= most:
        return now + DAY
    work = Assignment.objects.filter(desk=desk, state=AssignmentState.SUBMITTED, kind=Kind.WORK)
    latest = work.order_by("-ordinal").values_list("leased_at", flat=True)
    before = latest[most - held - 1 : most - held].first()
    return before + DAY if before and before + DAY > now else None


def next_gold(desk: Desk, lanes: Sequence[Lane]) -> Comparison | None:
    """Return the first comparison with a known answer, in their lanes, that is new to a person."""
    theirs = Assignment.objects.filter(
        comparison=OuterRef("pk"), annotator=desk.annotator_id
    ).exclude(state__in=(AssignmentState.EXPIRED, AssignmentState.RELEASED))
    return (
        Comparison.objects.annotate(theirs=Subquery(theirs.values("pk")[:1]))
        .filter(
            theirs=None,
            lane__in=[lane.pk for lane in lanes if lane.gold],
            state=ComparisonState.OPEN,
            open_slots__gt=0,
        )
        .order_by("position")
        .first()
    )


def open_in(lane: Lane) -> QuerySet[Comparison]:
    """Return the comparisons of a lane that have a free slot, straight off the partial index."""
    return Comparison.objects.filter(
        lane=lane,
        state=ComparisonState.OPEN,
        open_slots__gt=0,
        position__gte=lane.head,
    ).order_by("position")


def campaigns_to_plan() -> list[int]:
    """Return the ids of campaigns that have complete groups without comparisons yet."""
    groups = CandidateGroup.objects.filter(state=GroupState.COMPLETE)
    return list(groups.values_list("prompt__campaign_id", flat=True).distinct().order_by())


def comparisons_of(campaign: Campaign) -> QuerySet[Comparison]:
    """Return a campaign's comparisons, their lanes, slots in order, and what ``kept_for`` says."""
    in_order = Prefetch("slots", ComparedCandidate.objects.order_by("slot"))
    member = Membership.objects.filter(
        campaign=OuterRef("comparison__campaign"), user=OuterRef("annotator")
    )
    kept = Assignment.objects.filter(state=AssignmentState.RESERVED).annotate(
        membership_id=Subquery(member.values("pk")[:1])
    )
    in_turn = Prefetch(
        "assignments", kept.select_related("annotator").order_by("pk"), to_attr="kept"
    )
    found = Comparison.objects.filter(campaign=campaign).select_related("lane")
    return found.prefetch_related(in_order, in_turn)


def comparison_for(campaign: Campaign, comparison_id: int) -> Comparison:
    """Return one comparison of a campaign, loaded like ``comparisons_of``; raise NotFound."""
    found = comparisons_of(campaign).filter(pk=comparison_id).first()
    if found is None:
        raise NotFound(gettext("The campaign has no such comparison."))
    return found


def kept_for(comparison: Comparison) -> list[tuple[int, User]]:
    """Return for whom slots of a comparison of ``comparisons_of`` are kept.

    Each is (membership's id, person).
    """
    kept: list[Assignment] = comparison.kept  # type: ignore[attr-defined]  # loaded there
    return [(each.membership_id, each.annotator) for each in kept]  # type: ignore[attr-defined]  # as above


def texts_of(comparison: Comparison) -> list[str]:
    """Return the texts of a comparison's responses, by slot."""
    slots = ComparedCandidate.objects.filter(comparison=comparison).order_by("slot")
    return list(slots.values_list("candidate__text", flat=True))


def narrowed(comparisons: QuerySet[Comparison], which: str) -> QuerySet[Comparison]:
    """Keep the ``withheld`` or ``retired`` comparisons, ``known`` answers, or what is ``kept``.

    Of these, what is set aside can only be withheld.
    """
    kept = Assignment.objects.filter(comparison=OuterRef("pk"), state=AssignmentState.RESERVED)
    wanted = {
        "withheld": ~Q(withheld_from=""),
        "retired": Q(state=ComparisonState.RETIRED, set_aside=False, withheld_from=""),
        "known": Q(gold__isnull=False, set_aside=False),
        "kept": Q(Exists(kept)),
    }
    return comparisons.filter(wanted[which]) if which in wanted else comparisons


def withheld_in(campaign: Campaign) -> QuerySet[Comparison]:
    """Return the comparisons that nobody is shown until a manager has reviewed them, in order."""
    return narrowed(Comparison.objects.filter(campaign=campaign), "withheld").order_by("pk")


def people_named(campaign: Campaign, membership_ids: Collection[int]) -> list[User]:
    """Return the people of these memberships of a campaign; raise NotFound for any other."""
    members = Membership.objects.filter(campaign=campaign, pk__in=membership_ids)
    found = [member.user for member in members.select_related("user").order_by("pk")]
    if len(found) < len(set(membership_ids)):
        raise NotFound(gettext("The campaign has no such member."))
    return found

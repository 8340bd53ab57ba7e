"""Reads of the queue and of leases."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import (
    Count,
    Exists,
    Func,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.fields import BooleanField

from labeling.accounts.models import User
from labeling.assignment.enums import AssignmentState, ComparisonState
from labeling.assignment.models import Assignment, ComparedCandidate, Comparison, QueueCursor
from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup

TAKEN = (AssignmentState.LIVE, AssignmentState.SUBMITTED, AssignmentState.SKIPPED)


class Row(Func):
    """Several values compared as one, first by the first."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


class Behind(Func):
    """Whether the first row of values lies behind the second: one range of an index."""

    template = "%(expressions)s"
    arg_joiner = " > "
    output_field = BooleanField()


@dataclass(frozen=True)
class Opening:
    """A comparison with a free slot, how many responses it has, and whether it is a return."""

    comparison: Comparison
    size: int
    leased_before: bool


def assignment_for(campaign: Campaign, annotator: User, assignment_id: int) -> Assignment:
    """Return a person's own assignment in a campaign; raise NotFound for any other."""
    found = Assignment.objects.filter(
        pk=assignment_id, annotator=annotator, comparison__campaign=campaign
    ).first()
    if found is None:
        raise NotFound("There is no such assignment of yours in this campaign.")
    return found


def live_lease(campaign: Campaign, annotator: User) -> Assignment | None:
    """Return the lease a person holds in a campaign, or None."""
    return (
        Assignment.objects.select_related("comparison")
        .filter(annotator=annotator, state=AssignmentState.LIVE, comparison__campaign=campaign)
        .order_by("id")
        .first()
    )


def open_queue(campaign: Campaign) -> QuerySet[Comparison]:
    """Return the comparisons with a free slot, in queue order, straight off the partial index."""
    return Comparison.objects.filter(
        campaign=campaign, state=ComparisonState.OPEN, open_slots__gt=0
    ).order_by("priority", "position", "id")


def next_open(campaign: Campaign, annotator: User, cursor: QueueCursor) -> Opening | None:
    """Return the first free comparison new to the person, locked, reading on from the cursor.

    Comparisons that another claim is just taking are passed over. At the end of the queue
    the search goes on from its start, once.
    """
    theirs = Assignment.objects.filter(comparison=OuterRef("pk"), annotator=annotator)
    slots = ComparedCandidate.objects.filter(comparison=OuterRef("pk")).order_by()
    free = (
        _locking(open_queue(campaign))
        .filter(~Exists(theirs.filter(state__in=TAKEN)))
        .annotate(
            leased_before=Exists(theirs),
            size=Subquery(slots.values("comparison").annotate(n=Count("pk")).values("n")),
        )
    )
    ahead = Behind(Row("priority", "position"), Row(Value(cursor.priority), Value(cursor.position)))
    found = free.filter(ahead).first() or free.filter(~Q(ahead)).first()
    if found is None:
        return None
    return Opening(found, *(getattr(found, name) for name in ("size", "leased_before")))


def _locking(comparisons: QuerySet[Comparison]) -> QuerySet[Comparison]:
    """Lock what is read and skip what others have locked, where the database has row locks."""
    if not connection.features.has_select_for_update_skip_locked:
        return comparisons
    return comparisons.select_for_update(skip_locked=True, of=("self",))


def campaigns_to_plan() -> list[int]:
    """Return the ids of campaigns that have complete groups without comparisons yet."""
    groups = CandidateGroup.objects.filter(state=GroupState.COMPLETE)
    return list(groups.values_list("prompt__campaign_id", flat=True).distinct().order_by())


def comparisons_of(campaign: Campaign) -> QuerySet[Comparison]:
    """Return a campaign's comparisons with their slots loaded in slot order."""
    in_order = Prefetch("slots", ComparedCandidate.objects.order_by("slot"))
    return Comparison.objects.filter(campaign=campaign).prefetch_related(in_order)

"""What managers decide of single comparisons: for whom they are, known answers, retirement."""

from collections.abc import Sequence
from uuid import uuid4

from labeling.assignment.enums import AssignmentState, Kind
from labeling.assignment.models import Assignment, Comparison, Desk
from labeling.assignment.services.desks import new_desks
from labeling.campaigns.models import Campaign
from labeling.clock import database_now


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

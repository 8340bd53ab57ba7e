"""Background work: plan what is ready, and the sweep for what a lost ring left lying."""

from datetime import timedelta

import pytest

from labeling.assignment import tasks
from labeling.assignment.models import Assignment, Comparison
from labeling.clock import database_now
from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup
from tests.factories import Cast
from tests.stock import claim, stock

pytestmark = pytest.mark.django_db


def unplan(cast: Cast) -> None:
    """Leave two complete groups behind as a lost ring would."""
    stock(cast.campaign, 2)
    Comparison.objects.filter(campaign=cast.campaign).delete()
    CandidateGroup.objects.update(state=GroupState.COMPLETE)


def test_plan_task_makes_comparisons_of_complete_groups(cast: Cast) -> None:
    unplan(cast)

    tasks.plan(campaign_id=cast.campaign.pk)

    assert cast.campaign.comparisons.count() == 2


def test_sweep_plans_the_groups_that_nobody_was_rung_for(cast: Cast) -> None:
    unplan(cast)

    tasks.sweep()
    tasks.sweep()

    assert cast.campaign.comparisons.count() == 2
    assert set(CandidateGroup.objects.values_list("state", flat=True)) == {GroupState.PLANNED}


def test_sweep_gives_back_the_slots_of_leases_that_are_over(cast: Cast) -> None:
    stock(cast.campaign, 1)
    lease = claim(cast.campaign, cast.annotator)
    Assignment.objects.update(expires_at=database_now() - timedelta(seconds=1))

    tasks.sweep()

    lease.comparison.refresh_from_db()
    assert lease.comparison.open_slots == lease.comparison.wanted

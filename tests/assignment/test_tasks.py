"""Background work: plan what is ready, and the sweep for what a lost ring left lying."""

from datetime import timedelta

import pytest

from labeling.assignment import tasks
from labeling.assignment.models import Assignment, Comparison, Lane
from labeling.assignment.services import planning
from labeling.clock import database_now
from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup
from tests.factories import Cast, make_campaign, make_member
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


def test_sweep_moves_a_head_over_what_is_used_up_and_planning_moves_it_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = iter([20, 30, 10])
    monkeypatch.setattr(planning, "queue_position", lambda key, seed: next(places))
    campaign, heads = make_campaign(overlap=1), []
    stock(campaign, 2)

    claim(campaign, make_member(campaign))
    tasks.sweep()
    heads.append(Lane.objects.get().head)
    stock(campaign, 1)
    heads.append(Lane.objects.get().head)

    assert heads == [30, 10]
    assert claim(campaign, make_member(campaign)).comparison.position == 10

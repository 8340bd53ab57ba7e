"""What one person may judge of a campaign: a share, as a number that follows its members."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from labeling.assignment import tasks
from labeling.assignment.models import Allocation
from labeling.assignment.services import planning
from labeling.assignment.services.claiming import Why
from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.services import remove_member
from labeling.clock import database_now
from tests.factories import make_campaign, make_member
from tests.stock import claims, judge, stock

pytestmark = pytest.mark.django_db


def share_of(campaign: Campaign) -> tuple[int | None, int | None]:
    """Return how many one person may judge, and for how many members that is."""
    return Allocation.objects.values_list("share_limit", "share_people").get(campaign=campaign)


@pytest.fixture
def team() -> Campaign:
    """A campaign of a manager and 19 others that wants 45 judgments."""
    campaign = make_campaign(overlap=3)
    for _ in range(19):
        make_member(campaign)
    stock(campaign, 15)
    return campaign


def test_each_of_twenty_members_may_judge_a_tenth_rounded_up_and_no_more(team: Campaign) -> None:
    annotator = Membership.objects.filter(campaign=team).latest("pk").user
    given = claims(team, annotator, hold=10)
    for held in given.assignments:
        judge(team, annotator, held)
    after = claims(team, annotator)

    assert share_of(team) == (5, 20)
    assert (len(given.assignments), given.why) == (5, Why.LIMIT_REACHED)
    assert (after.assignments, after.why) == ([], Why.LIMIT_REACHED)


def test_sweep_follows_members_whose_ring_was_lost(team: Campaign) -> None:
    for leaves in Membership.objects.filter(campaign=team).order_by("-pk")[:5]:
        remove_member(membership=leaves, by=team.created_by, now=database_now())
    tasks.sweep()
    fewer = share_of(team)
    for _ in range(7):
        make_member(team)
    tasks.sweep()

    assert (fewer, share_of(team)) == ((6, 15), (5, 22))


def test_sweep_follows_planning_that_died_before_it_shared_out(
    team: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dies:
        dies.setattr(planning, "share_out", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            stock(team, 15)
    assert share_of(team) == (5, None)

    tasks.sweep()

    assert share_of(team) == (9, 20)


def test_sweep_counts_nothing_while_nobody_comes_or_goes(team: Campaign) -> None:
    with CaptureQueriesContext(connection) as asked:
        tasks.sweep()

    assert [one["sql"] for one in asked if "SUM(" in one["sql"]] == []

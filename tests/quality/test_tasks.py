"""The sweep of what another judgment is worth, from people's answers to the next slot."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from labeling.clock import database_now
from labeling.quality import tasks
from labeling.quality.queries import progress as queries
from labeling.quality.services.valuing import estimate_vote_values
from labeling.quality.vote_value import vote_value
from tests.assignment.test_cost import plan_of
from tests.assignment.valued import FIRST, SECOND, TIE, now, pair, say

pytestmark = pytest.mark.django_db


def test_sweep_reopens_what_people_dispute_and_stops_when_one_choice_leads() -> None:
    campaign = pair(FIRST, SECOND, TIE).campaign
    assert now(campaign).open_slots == 0

    tasks.sweep()
    disputed = now(campaign)
    say(campaign, FIRST)
    tasks.sweep()

    assert (disputed.open_slots, disputed.lane.returned) == (1, True)
    assert disputed.vote_value == vote_value((1, 1, 1, 0))
    assert (now(campaign).wanted, now(campaign).open_slots, now(campaign).judged) == (4, 0, 4)
    assert now(campaign).vote_value == vote_value((2, 1, 1, 0))


def test_sweep_asks_no_third_person_where_two_agree() -> None:
    campaign = pair(FIRST, FIRST).campaign

    tasks.sweep()

    assert (now(campaign).wanted, now(campaign).value_due) == (2, False)


def test_sweep_never_asks_for_more_than_most_votes() -> None:
    campaign = pair(FIRST, SECOND, most_votes=3, vote_price=0).campaign

    tasks.sweep()
    say(campaign, TIE)
    tasks.sweep()

    assert (now(campaign).wanted, now(campaign).open_slots) == (3, 0)


def test_sweep_changes_nothing_when_it_comes_again() -> None:
    campaign = pair(FIRST, SECOND, TIE).campaign
    tasks.sweep()
    before = vars(now(campaign))

    tasks.sweep()

    assert vars(now(campaign)) | {"_state": None} == before | {"_state": None}


def test_estimates_come_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "VALUED_AT_ONCE", 2)
    campaigns = [pair(FIRST, FIRST).campaign for _ in range(3)]

    assert estimate_vote_values(clock=database_now) == 3
    assert {now(campaign).value_due for campaign in campaigns} == {False}


def test_due_values_are_read_off_their_own_index() -> None:
    with CaptureQueriesContext(connection) as reading:
        queries.comparisons_to_value(after=0)
    (read,) = [one["sql"] for one in reading]

    assert "vote_value_due" in plan_of(read, None)

"""Managers decide of single comparisons on their pages."""

import pytest
from django.test import Client

from labeling.assignment.enums import AssignmentState, ComparisonState
from labeling.assignment.models import Assignment, Comparison
from labeling.campaigns.models import Membership
from tests.assignment.deciding import only
from tests.factories import Cast
from tests.quality.deciding import decide, member
from tests.stock import claim, judge

pytestmark = pytest.mark.django_db


def test_retire_and_restore_from_the_page(
    cast: Cast, manager: Client, comparison: Comparison
) -> None:
    page = decide(manager, comparison, "retire").content.decode()
    assert only(cast.campaign).state == ComparisonState.RETIRED
    assert "It is handed out no more." in page

    page = decide(manager, comparison, "restore").content.decode()
    assert only(cast.campaign).state == ComparisonState.OPEN
    assert ">Retire</button>" in page


@pytest.mark.parametrize(
    ("turn", "says"), [("first", "before others"), ("last", "after all others")]
)
def test_turn_is_set_on_the_page(
    cast: Cast, manager: Client, comparison: Comparison, turn: str, says: str
) -> None:
    page = decide(manager, comparison, "turn", turn=turn).content.decode()

    assert f"It is handed out {says}." in page
    assert f'<option value="{turn}" selected>' in page


def test_turn_that_there_is_not_is_refused_beside_the_field(
    cast: Cast, manager: Client, comparison: Comparison
) -> None:
    answer = decide(manager, comparison, "turn", turn="soon")

    assert answer.status_code == 400
    assert "Choose one of the turns in the list." in answer.content.decode()


def test_keep_for_a_member_and_take_back(
    cast: Cast, manager: Client, comparison: Comparison
) -> None:
    named = {"member": member(cast, cast.annotator)}

    page = decide(manager, comparison, "keep", **named).content.decode()

    assert "It is the next that annotator is given." in page
    assert "Kept for annotator" in page
    page = decide(manager, comparison, f"take-back/{named['member']}").content.decode()
    assert "Kept for annotator" not in page
    assert Assignment.objects.get().state == AssignmentState.RELEASED


def test_member_who_has_judged_it_is_refused_beside_the_field(
    cast: Cast, manager: Client, comparison: Comparison
) -> None:
    judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))

    answer = decide(manager, comparison, "keep", member=member(cast, cast.annotator))

    assert answer.status_code == 400
    assert "annotator has judged it." in answer.content.decode()


def test_member_of_another_campaign_is_refused(
    cast: Cast, manager: Client, comparison: Comparison
) -> None:
    foreign = Membership.objects.get(campaign=cast.foreign, user=cast.stranger).pk

    assert decide(manager, comparison, "keep", member=foreign).status_code == 400
    assert decide(manager, comparison, f"take-back/{foreign}").status_code == 404
    assert not Assignment.objects.exists()


def test_known_answer_is_marked_and_taken_away(
    cast: Cast, manager: Client, comparison: Comparison
) -> None:
    page = decide(manager, comparison, "known", rank_0="2", rank_1="1").content.decode()

    assert only(cast.campaign).gold == [2, 1]
    assert "Rank 2" in page
    decide(manager, comparison, "unknown")
    assert only(cast.campaign).gold is None


@pytest.mark.parametrize(
    ("ranks", "says"),
    [
        ({"rank_0": "1"}, "Give this response a rank."),
        ({"rank_0": "2", "rank_1": "2"}, "Leave no rank out"),
    ],
)
def test_known_answer_that_does_not_hold_says_why(
    cast: Cast, manager: Client, comparison: Comparison, ranks: dict[str, str], says: str
) -> None:
    answer = decide(manager, comparison, "known", **ranks)

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert only(cast.campaign).gold is None


def test_known_answer_of_a_comparison_in_use_says_what_to_wait_for(
    cast: Cast, manager: Client, comparison: Comparison
) -> None:
    claim(cast.campaign, cast.annotator)

    page = decide(manager, comparison, "known", rank_0="1", rank_1="2").content.decode()

    assert "Wait until they have answered" in page
    assert only(cast.campaign).gold is None

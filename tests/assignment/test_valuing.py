"""What one more judgment is worth: when it is wanted, for how long it is good, what it does."""

import pytest

from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.services.marking import mark_gold
from labeling.assignment.services.valuing import Estimate, revalue
from labeling.clock import database_now
from labeling.ranking.models import Judgment
from tests.assignment.deciding import deciding
from tests.assignment.valued import FIRST, SECOND, TIE, allocate, now, pair, say
from tests.factories import make_member
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


def worth(comparison: Comparison, value: float, tally: dict[str, int] | None = None) -> Comparison:
    """Store an estimate for the tally that the comparison has, or for another one."""
    made_for = comparison.tally if tally is None else tally
    revalue(estimates={comparison.pk: Estimate(made_for, value)}, now=database_now())
    return now(comparison.campaign)


def stands(comparison: Comparison) -> tuple[int, int, float | None, bool]:
    return (
        comparison.wanted,
        comparison.open_slots,
        comparison.vote_value,
        comparison.value_due,
    )


def test_value_is_due_as_soon_as_two_have_judged() -> None:
    campaign = pair(FIRST).campaign
    assert stands(now(campaign)) == (2, 1, None, False)

    say(campaign, FIRST)

    assert stands(now(campaign)) == (2, 0, None, True)


@pytest.mark.parametrize("policy", ["fixed", "tie_break", "lead"])
def test_value_is_never_due_under_another_policy(policy: str) -> None:
    assert pair(FIRST, SECOND, policy=policy).value_due is False


def test_value_is_due_after_a_change_to_adaptive_and_no_more_after_one_back() -> None:
    campaign = pair(FIRST, FIRST, policy="fixed").campaign

    allocate(campaign, policy="adaptive")
    assert stands(now(campaign)) == (2, 0, None, True)

    allocate(campaign, policy="lead")
    assert stands(now(campaign)) == (2, 0, None, False)


def test_without_a_value_two_that_differ_get_a_third_and_three_no_fourth() -> None:
    assert stands(pair(FIRST, SECOND)) == (3, 1, None, True)
    assert stands(pair(FIRST, SECOND, TIE)) == (3, 0, None, True)


def test_value_at_the_price_hands_the_comparison_out_again_first_of_all() -> None:
    comparison = pair(FIRST, FIRST, vote_price=0.1)
    stock(comparison.campaign, 1)
    Comparison.objects.exclude(pk=comparison.pk).update(position=0)

    worth_it = Comparison.objects.filter(pk=comparison.pk)
    revalue(estimates={comparison.pk: Estimate({FIRST: 2}, 0.1)}, now=database_now())

    assert stands(worth_it.get()) == (3, 1, 0.1, False)
    assert worth_it.get().lane.returned
    next_one = claim(comparison.campaign, make_member(comparison.campaign))
    assert next_one.comparison_id == comparison.pk


def test_value_below_the_price_takes_a_free_slot_away_and_none_that_is_held() -> None:
    free, held = pair(FIRST, SECOND), pair(FIRST, SECOND)
    claim(held.campaign, make_member(held.campaign))

    assert stands(worth(free, 0.01)) == (2, 0, 0.01, False)
    assert stands(worth(held, 0.01)) == (3, 0, 0.01, False)


def test_estimate_for_another_tally_is_dropped_and_the_value_stays_due() -> None:
    comparison = pair(FIRST, FIRST)

    assert stands(worth(comparison, 1, {FIRST: 1})) == (2, 0, None, True)


def test_estimate_that_nobody_waits_for_is_dropped() -> None:
    assert stands(worth(pair(FIRST), 1)) == (2, 1, None, False)
    assert stands(worth(worth(pair(FIRST, FIRST), 0), 1)) == (2, 0, 0, False)


def test_value_is_forgotten_when_an_answer_changes_and_kept_when_it_stays() -> None:
    comparison = worth(pair(FIRST, FIRST), 0)
    campaign = comparison.campaign
    held = Assignment.objects.filter(comparison=comparison).order_by("pk")[0]
    same, other = ([1, 2], [2, 1]) if held.display_order == [0, 1] else ([2, 1], [1, 2])

    again = judge(campaign, held.annotator, held, ranks=same, revises=_latest(held))
    assert stands(now(campaign)) == (2, 0, 0, False)

    judge(campaign, held.annotator, held, ranks=other, revises=again)
    assert stands(now(campaign)) == (3, 1, None, True)


def _latest(held: Assignment) -> int:
    return Judgment.objects.filter(assignment=held).latest("pk").pk


def test_adaptive_asks_for_no_more_than_most_votes() -> None:
    assert stands(pair(FIRST, SECOND, most_votes=2)) == (2, 0, None, False)
    assert stands(worth(pair(FIRST, SECOND, TIE, most_votes=3), 1)) == (3, 0, None, False)


def test_value_of_a_known_answer_is_not_wanted() -> None:
    comparison = pair(FIRST, FIRST)

    mark_gold(**deciding(comparison), ranks=[1, 2])

    assert stands(now(comparison.campaign)) == (3, 1, None, False)

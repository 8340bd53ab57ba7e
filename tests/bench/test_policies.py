"""The replay of the policies, on two pairs of four votes in every possible order.

Votes are A (the first response), B (the second) and T (a tie); the last of an order is the test.
"""

from itertools import permutations

import pytest

from bench.policies import (
    FIRST,
    SECOND,
    TIE,
    Plan,
    interval,
    ratio,
    replay,
    score,
    verdicts_of,
)
from bench.votes import Pair
from labeling.assignment.enums import Policy
from labeling.assignment.policies import Rule

CLEAR, MIXED = (FIRST, FIRST, FIRST, SECOND), (FIRST, SECOND, TIE, TIE)


def rule(policy: Policy, overlap: int = 3) -> Rule:
    return Rule(policy, overlap=overlap, most_votes=7, slice_percent=100, vote_price=0.02)


def measured(policy: Policy, *pairs: tuple[str, ...], overlap: int = 3) -> dict[str, float]:
    """Return the shares of a policy over every order of these pairs' votes."""
    sums = score(Plan("", rule(policy, overlap)), [list(permutations(votes)) for votes in pairs])
    return {
        "votes": ratio(sums, "votes", "draws"),
        "cut off": ratio(sums, "cut_off", "draws"),
        "winner": ratio(sums, "points", "decisive"),
        "same": ratio(sums, "right", "draws"),
    }


def test_fixed_three_takes_three_and_is_right_when_the_odd_one_is_not_the_test() -> None:
    assert measured(Policy.FIXED, CLEAR) == {"votes": 3, "cut off": 0, "winner": 0.75, "same": 0.75}


def test_tie_break_takes_two_and_a_third_after_two_that_differ() -> None:
    # Test B (1/4): AA, two votes. Test A (3/4): of AAB, AA in a third of the orders, else three.
    assert measured(Policy.TIE_BREAK, CLEAR) == pytest.approx(
        {"votes": 2.5, "cut off": 0, "winner": 0.75, "same": 0.75}
    )


def test_tie_break_decides_ties_as_three_votes_do() -> None:
    # Test A or B (1/2): TT in a third of the orders (names no winner: half a point), else three
    # votes with T in front and the wrong winner. Test T (1/2): A, B and T are level: a tie, right.
    assert measured(Policy.TIE_BREAK, MIXED) == pytest.approx(
        {"votes": 17 / 6, "cut off": 0, "winner": 1 / 6, "same": 0.5}
    )
    assert measured(Policy.FIXED, MIXED)["same"] == 0.5


def test_shares_are_over_all_draws_of_all_pairs() -> None:
    # Winners: 0.75 of 1 for the clear pair, 1/6 of the half that names one for the mixed pair.
    assert measured(Policy.TIE_BREAK, CLEAR, MIXED) == pytest.approx(
        {"votes": 8 / 3, "cut off": 0, "winner": (0.75 + 1 / 12) / 1.5, "same": 0.625}
    )


def test_lead_that_lacks_votes_is_counted_as_cut_off() -> None:
    # Stops at AA; otherwise A, B and A lead by one only, and there is no fourth.
    assert measured(Policy.LEAD, CLEAR) == pytest.approx(
        {"votes": 2.5, "cut off": 0.5, "winner": 0.75, "same": 0.75}
    )


def test_slice_asks_one_and_on_the_slice_as_many_as_the_overlap() -> None:
    assert measured(Policy.SLICE, CLEAR)["votes"] == 3
    outside = Rule(Policy.SLICE, overlap=3, most_votes=7, slice_percent=0, vote_price=0)
    assert replay(outside, CLEAR, key="pair") == ({FIRST: 1}, False)


def test_adaptive_goes_on_while_the_first_two_are_level() -> None:
    tally, lacked = replay(rule(Policy.ADAPTIVE), [FIRST, SECOND, TIE, TIE, TIE], key="pair")

    assert (tally, lacked) == ({FIRST: 1, SECOND: 1, TIE: 2}, False)


def test_votes_are_read_by_the_text_they_are_for() -> None:
    pair = Pair("?", "", ("one", "two"), ("m", "n"), {7: "two", 3: None, 5: "one"})

    assert verdicts_of(pair) == [TIE, FIRST, SECOND]


def test_interval_is_the_middle_of_what_was_resampled() -> None:
    assert interval(range(1001)) == (25, 975)

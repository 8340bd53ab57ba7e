"""Votes become pairs as the stated policy says, and as sure as they are."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.pairing import certainty, decide, ranks_of
from exports.selection import Selection
from labeling.quality.consensus import Ballot

FIRST, SECOND, LEVEL, BAD = Ballot((1, 2)), Ballot((2, 1)), Ballot((1, 1)), Ballot(None)


def said(ballots, size=2, **choices):
    found = decide(ballots, size, Selection(**choices))
    return [(one.winner, one.loser) for one in found.preferences]


def test_majority_needs_more_than_half_of_all_answers():
    assert said([FIRST, FIRST, SECOND]) == [(0, 1)]
    assert said([FIRST, SECOND]) == []
    assert said([FIRST, LEVEL]) == []
    assert said([FIRST, FIRST, LEVEL, BAD]) == []


def test_consensus_needs_more_than_the_other_side_and_no_fewer_than_ties_and_bad():
    assert said([FIRST, FIRST, LEVEL, BAD], policy="consensus") == [(0, 1)]
    assert said([FIRST, SECOND], policy="consensus") == []
    assert said([FIRST, LEVEL, LEVEL], policy="consensus") == []


def test_raw_gives_each_answer_its_pair():
    found = decide([FIRST, SECOND, LEVEL, BAD], 2, Selection(policy="raw"))

    assert [(one.winner, one.ballot) for one in found.preferences] == [(0, 0), (1, 1)]
    assert [one.agreement for one in found.preferences] == [0.25, 0.25]
    assert found.undecided == 2


def test_ties_are_pairs_only_where_asked_for_and_never_those_called_bad():
    assert said([LEVEL, LEVEL]) == []
    (tie,) = decide([LEVEL, LEVEL, FIRST], 2, Selection(ties="soft")).preferences
    assert (tie.is_tie, tie.probability) == (True, 0.5)
    assert said([BAD, BAD, FIRST], ties="soft") == []


@pytest.mark.parametrize(
    ("choices", "taken"),
    [
        ({"min_votes": 3}, 1),
        ({"min_votes": 4}, 0),
        ({"min_agreement": 0.66}, 1),
        ({"min_agreement": 0.67}, 0),
        ({"min_probability": 0.68}, 1),
        ({"min_probability": 0.69}, 0),
    ],
)
def test_limits_leave_out_what_is_below_them(choices, taken):
    found = decide([FIRST, FIRST, SECOND], 2, Selection(**choices))

    assert (len(found.preferences), found.not_taken) == (taken, 1 - taken)


def test_pairs_of_an_order_are_all_or_neighbours_or_the_ends():
    order = [Ballot((1, 2, 3))]

    assert said(order, 3) == [(0, 1), (0, 2), (1, 2)]
    assert said(order, 3, pairs="adjacent") == [(0, 1), (1, 2)]
    assert said(order, 3, pairs="best_worst") == [(0, 2)]


def test_neighbours_skip_those_level_with_each_other():
    assert said([Ballot((1, 1, 2))], 3, pairs="adjacent") == [(0, 2), (1, 2)]


def test_cap_keeps_the_surest_in_order_of_the_slots():
    ballots = [Ballot((1, 2, 3)), Ballot((1, 3, 2)), Ballot((1, 2, 3))]

    assert said(ballots, 3, max_pairs=2) == [(0, 1), (0, 2)]


def test_margin_is_that_of_llama_2():
    """Four grades: 1, 2/3, 1/3, 0 or 3, 2, 1, 0; the other side counts as minus."""

    def margin(strengths, kind):
        ballots = [
            Ballot((1, 2) if s > 0 else (2, 1), abs(s)) for s in strengths
        ]  # below 0 for the second
        (found,) = decide(ballots, 2, Selection(margin=kind)).preferences
        return found.margin

    assert [margin([s], "small") for s in (4, 3, 2, 1)] == [1, 2 / 3, 1 / 3, 0]
    assert [margin([s], "large") for s in (4, 3, 2, 1)] == [3, 2, 1, 0]
    assert margin([4, 2, -2], "large") == 1
    assert margin([1, 1, -4], "large") == 0


def test_margin_without_a_stated_strength_is_nothing():
    (found,) = decide([FIRST], 2, Selection(margin="large")).preferences
    assert found.margin == 0.0


def test_weight_follows_its_policy():
    ballots = [Ballot((1, 2), 4), Ballot((1, 2), 2), Ballot((2, 1), 1)]

    def weight(kind):
        return decide(ballots, 2, Selection(weight=kind)).preferences[0].weight

    assert weight("none") == 1.0
    assert weight("agreement") == 2 / 3
    assert weight("strength") == pytest.approx(5 / 3)


@given(st.integers(0, 30), st.integers(0, 30))
def test_certainty_is_the_chance_that_more_than_half_would_say_it(wins, losses):
    """Without ties the share is Beta(w + 1, l + 1), whose half is a sum of binomials, exactly."""
    tosses = wins + losses + 1
    exact = sum(Fraction(comb(tosses, k), 2**tosses) for k in range(wins + 1))

    assert certainty(wins, losses) == pytest.approx(float(exact), abs=1e-12)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_certainty_of_both_sides_adds_up_and_ties_make_it_smaller(wins, losses, level):
    sure = certainty(wins, losses, level)

    assert sure + certainty(losses, wins, level) == pytest.approx(1)
    assert abs(certainty(wins, losses, level + 1) - 0.5) <= abs(sure - 0.5) + 1e-12


def test_ranks_count_who_is_preferred_to_how_many():
    assert ranks_of([Ballot((1, 2, 3)), Ballot((1, 3, 2))], 3) == (1, 2, 2)
    assert ranks_of([BAD, BAD], 2) == (1, 1)
    assert ranks_of([Ballot((2, 1, 3)), Ballot((2, 1, 3)), Ballot((1, 2, 3))], 3) == (2, 1, 3)

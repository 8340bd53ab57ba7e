"""Two orders are averaged, and a judge's pairs become one ranking."""

from itertools import combinations, product

import pytest

from labeling.judging.asking import Said
from labeling.judging.enums import Verdict
from labeling.judging.verdicts import BACKWARD, FORWARD, ranks_of, together


@pytest.mark.parametrize(("one", "other"), list(product(Verdict, Verdict)))
def test_orders_that_differ_are_a_tie(one, other):
    assert together(one, other) == (one if one == other else Verdict.LEVEL)


def test_judge_that_always_names_the_first_shown_decides_nothing():
    for said in (Said.A, Said.B):
        assert together(FORWARD[said], BACKWARD[said]) == Verdict.LEVEL


def test_ranking_of_a_pair_is_its_outcome():
    assert ranks_of({(0, 1): "first"}, 2) == (1, 2)
    assert ranks_of({(0, 1): "second"}, 2) == (2, 1)
    assert ranks_of({(0, 1): "level"}, 2) == (1, 1)


def test_pairs_that_go_into_an_order_give_that_order():
    order = (2, 0, 3, 1)
    outcomes = {
        (first, second): "first" if order.index(first) < order.index(second) else "second"
        for first, second in combinations(range(4), 2)
    }

    assert ranks_of(outcomes, 4) == tuple(order.index(slot) + 1 for slot in range(4))


def test_circle_is_a_tie():
    assert ranks_of({(0, 1): "first", (1, 2): "first", (0, 2): "second"}, 3) == (1, 1, 1)


def test_ranks_leave_no_gap():
    assert ranks_of({(0, 1): "level", (1, 2): "first", (0, 2): "first"}, 3) == (1, 1, 2)


def test_ranking_waits_for_every_pair():
    assert ranks_of({(0, 1): "first", (1, 2): "first"}, 3) is None

"""Agreement is in direction: two thirds of the pairs that the reference orders."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.training.agreement import agrees


@pytest.mark.parametrize(
    ("ranks", "strength", "expected"),
    [([1, 2], 1, True), ([1, 2], 4, True), ([2, 1], 1, False), ([], None, False)],
)
def test_a_pair_agrees_when_the_same_response_is_better(ranks, strength, expected):
    assert agrees(ranks, [1, 2], strength=strength) is expected


@pytest.mark.parametrize(
    ("ranks", "strength", "expected"),
    [([], None, True), ([1, 2], 1, True), ([2, 1], 1, True), ([1, 2], 2, False)],
)
def test_a_level_pair_agrees_with_a_tie_and_with_barely(ranks, strength, expected):
    assert agrees(ranks, [1, 1], strength=strength) is expected


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([1, 2, 3, 4], True),
        ([2, 1, 4, 3], True),  # 4 of 6 pairs kept
        ([2, 3, 1, 4], True),
        ([2, 3, 4, 1], False),  # 3 of 6
        ([1, 1, 2, 2], True),  # a level pair is not kept: 4 of 6
        ([1, 1, 1, 2], False),
        ([], False),
    ],
)
def test_an_order_agrees_when_two_thirds_of_its_pairs_are_kept(ranks, expected):
    assert agrees(ranks, [1, 2, 3, 4]) is expected


def test_pairs_that_the_reference_leaves_level_do_not_matter():
    assert agrees([1, 2, 3], [1, 2, 2]) is agrees([1, 3, 2], [1, 2, 2]) is True
    assert agrees([2, 1, 3], [1, 2, 2]) is False


def test_a_level_reference_of_several_agrees_with_level_ranks_only():
    assert agrees([], [1, 1, 1]) is True
    assert agrees([1, 1, 2], [1, 1, 1], strength=1) is False


@pytest.mark.parametrize("size", range(2, 7))
def test_nobody_agrees_more_than_half_the_time_by_chance(size: int):
    orders = list(permutations(range(1, size + 1)))
    reference = list(range(1, size + 1))

    assert sum(agrees(order, reference) for order in orders) <= len(orders) / 2


@given(st.integers(2, 9).flatmap(lambda n: st.permutations(range(n))), st.data())
def test_agreement_does_not_depend_on_the_slots(order, data):
    size = len(order)
    ranks = data.draw(st.lists(st.integers(1, size), min_size=size, max_size=size))
    reference = data.draw(st.lists(st.integers(1, size), min_size=size, max_size=size))

    moved = [[each[slot] for slot in order] for each in (ranks, reference)]

    assert agrees(*moved) is agrees(ranks, reference)

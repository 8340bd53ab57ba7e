"""Items are drawn anew for each attempt, and sides are balanced within it."""

from collections import Counter

import pytest

from labeling.training.drawing import next_drawn, order_of_trial


def course(attempt: int, items: int = 30) -> list[int]:
    """Return the order in which an attempt meets items."""
    left, met = set(range(items)), []
    while (drawn := next_drawn(left, seed=5, attempt=attempt)) is not None:
        left.remove(drawn)
        met.append(drawn)
    return met


def test_each_attempt_meets_items_in_an_order_of_its_own():
    assert course(1) == course(1)
    assert course(1) != course(2)
    assert sorted(course(1)) == list(range(30))


@pytest.mark.parametrize("size", [2, 3, 5])
def test_each_slot_stands_at_each_place_equally_often(size: int):
    orders = [
        order_of_trial(size=size, seed=5, attempt=9, person=4, place=place)
        for place in range(1, 4 * size + 1)
    ]
    counts = Counter((place, slot) for order in orders for place, slot in enumerate(order))
    assert set(counts.values()) == {4}
    assert len(counts) == size * size


def test_sides_of_two_attempts_are_not_the_same_draws():
    def firsts(attempt: int) -> list[int]:
        return [
            order_of_trial(size=2, seed=5, attempt=attempt, person=4, place=place)[0]
            for place in range(1, 21)
        ]

    assert firsts(1) != firsts(2)

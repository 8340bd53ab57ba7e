"""The order shown is random, repeatable, and balanced over time."""

from collections import Counter

import pytest

from labeling.assignment.orders import display_order


def shown(size: int, leases: int, annotator_id: int = 7) -> list[list[int]]:
    return [
        display_order(size=size, seed=3, annotator_id=annotator_id, ordinal=ordinal)
        for ordinal in range(leases)
    ]


@pytest.mark.parametrize("size", range(2, 10))
def test_display_order_puts_each_slot_at_each_place_equally_often(size: int) -> None:
    counts = Counter(
        (place, slot) for order in shown(size, size * 20) for place, slot in enumerate(order)
    )

    assert set(counts.values()) == {20}
    assert len(counts) == size * size


def test_display_order_of_pairs_is_never_more_than_one_off_balance() -> None:
    lead = 0
    for order in shown(2, 200):
        lead += 1 if order[0] == 0 else -1
        assert abs(lead) <= 1


def test_display_order_differs_between_people_and_repeats_for_one() -> None:
    assert shown(2, 40) == shown(2, 40)
    assert shown(2, 40, annotator_id=7) != shown(2, 40, annotator_id=8)

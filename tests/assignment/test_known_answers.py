"""A known answer is one that people can give."""

import pytest

from labeling.assignment.known_answers import ranks_fault


@pytest.mark.parametrize(
    ("ranks", "place"),
    [
        ([1], "2 responses"),
        ([1, 2, 3], "2 responses"),
        ([0, 1], "from 1"),
        ([1, 3], "to 2"),
        ([2, 2], "Leave no rank out"),
    ],
)
def test_known_answer_that_does_not_hold_says_why(ranks: list[int], place: str) -> None:
    assert place in (ranks_fault(ranks, size=2, tie_allowed=True) or "")


@pytest.mark.parametrize("ranks", [[1, 2], [2, 1], [1, 1]])
def test_known_answer_that_people_can_give_holds(ranks: list[int]) -> None:
    assert ranks_fault(ranks, size=2, tie_allowed=True) is None


def test_level_answer_is_refused_where_nobody_may_tie() -> None:
    assert "ties" in (ranks_fault([1, 1, 2], size=3, tie_allowed=False) or "")
    assert ranks_fault([2, 1, 3], size=3, tie_allowed=False) is None

"""What one more judgment is worth, against values worked out by hand."""

from itertools import product

import pytest

from labeling.quality.vote_value import value_of, vote_value


def test_vote_value_is_the_expected_gain_of_the_likeliest_outcome() -> None:
    # Before any vote each outcome has 1/3; after one, whichever it is, the likeliest has 2/4.
    assert vote_value((0, 0, 0)) == pytest.approx(1 / 2 - 1 / 3)
    # After A and B both have 2/5. One more: A or B (4/5) makes 3/6, a tie leaves 2/6 three times.
    assert vote_value((1, 1, 0)) == pytest.approx(4 / 5 * 3 / 6 + 1 / 5 * 2 / 6 - 2 / 5)


def test_vote_value_looks_past_a_vote_that_cannot_change_the_outcome_alone() -> None:
    # A leads B with 3/5 to 2/5 of two outcomes. Two votes for B (2/5 * 3/6) make 4/7 of 3/7.
    assert vote_value((2, 1)) == pytest.approx(2 / 5 * 3 / 6 * (4 / 7 - 3 / 7) / 2)


def test_vote_value_lies_between_0_and_1_and_goes_by_counts_alone() -> None:
    for votes in product(range(5), repeat=3):
        assert 0 <= vote_value(votes) <= 1
        assert vote_value(votes) == vote_value(votes[::-1])


@pytest.mark.parametrize(
    ("tie", "neither", "outcomes"),
    [
        (False, False, (1, 1)),
        (True, False, (1, 1, 0)),
        (False, True, (1, 1, 0)),
        (True, True, (1, 1, 0, 0)),
    ],
)
def test_outcomes_of_a_pair_are_those_that_the_campaign_allows(
    tie: bool, neither: bool, outcomes: tuple[int, ...]
) -> None:
    said = {"1,2": 1, "2,1": 1}

    found = value_of(said, size=2, tie_allowed=tie, neither_allowed=neither)

    assert found == vote_value(outcomes)


def test_outcome_of_more_responses_is_which_one_is_put_first() -> None:
    said = {"1,2,3": 1, "1,3,2": 1, "2,1,3": 1}

    found = value_of(said, size=3, tie_allowed=True, neither_allowed=True)

    assert found == vote_value((2, 1, 0, 0, 0))


def test_different_ties_at_the_top_are_different_outcomes() -> None:
    said = {"1,1,2": 1, "1,2,1": 1}

    found = value_of(said, size=3, tie_allowed=True, neither_allowed=False)

    assert found == vote_value((1, 1, 0, 0, 0))


def test_what_was_said_before_it_was_disallowed_is_an_outcome() -> None:
    found = value_of({"1,1": 1, "bad": 1}, size=2, tie_allowed=False, neither_allowed=False)

    assert found == vote_value((1, 1, 0, 0))

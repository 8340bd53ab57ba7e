"""How many judgments each policy wants, worked out by hand: a tally on the left, the number."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest

from labeling.assignment.policies import Rule, on_slice, wanted
from tests.assignment.groups import within

FIRST, SECOND, TIE, BAD = "1,2", "2,1", "1,1", "bad"
KEYS = [sha256(str(number).encode()).hexdigest() for number in range(20_000)]
Tally = Mapping[str, int]


def rule(policy: str, **figures: Any) -> Rule:
    given = {"overlap": 3, "most_votes": 7, "slice_percent": 12, "vote_price": 0.02}
    return Rule(policy, **{**given, **figures})


def wants(policy: str, tally: Tally, vote_value: float | None = None, **figures: Any) -> int:
    """Return how many judgments a comparison wants; of ``slice``, one that is not on it."""
    off = next(key for key in KEYS if not on_slice(key, 12))
    return wanted(rule(policy, **figures), key=off, tally=tally, vote_value=vote_value)


@pytest.mark.parametrize("tally", [{}, {FIRST: 1}, {FIRST: 1, SECOND: 1}, {FIRST: 3}, {FIRST: 5}])
@pytest.mark.parametrize("overlap", [1, 3, 25])
def test_fixed_wants_its_number_whatever_is_said(tally: Tally, overlap: int) -> None:
    assert wants("fixed", tally, overlap=overlap) == overlap


@pytest.mark.parametrize(
    ("tally", "number"),
    [
        ({}, 2),
        ({FIRST: 1}, 2),
        ({FIRST: 2}, 2),
        ({TIE: 2}, 2),
        ({BAD: 2}, 2),
        ({FIRST: 1, SECOND: 1}, 3),
        ({FIRST: 1, TIE: 1}, 3),
        ({TIE: 1, BAD: 1}, 3),
        ({FIRST: 2, SECOND: 1}, 3),
        ({FIRST: 1, SECOND: 1, TIE: 1}, 3),
        ({FIRST: 3}, 3),
        ({FIRST: 2, SECOND: 2}, 4),
    ],
)
def test_tie_break_wants_a_third_when_two_choose_differently(tally: Tally, number: int) -> None:
    assert wants("tie_break", tally) == number


@pytest.mark.parametrize(
    ("tally", "number"),
    [
        ({"1,2,3": 1, "1,3,2": 1}, 2),  # both put the same response first
        ({"1,2,3": 1, "1,2,2": 1}, 2),
        ({"1,2,3": 1, "2,1,3": 1}, 3),
        ({"1,2,3": 1, "1,1,2": 1}, 3),
        ({"1,2,3": 1, BAD: 1}, 3),
    ],
)
def test_of_more_than_two_responses_the_choice_is_who_comes_first(
    tally: Tally, number: int
) -> None:
    assert wants("tie_break", tally) == number


@pytest.mark.parametrize(
    ("tally", "number"),
    [
        ({}, 2),
        ({FIRST: 1}, 2),
        ({FIRST: 2}, 2),
        ({FIRST: 1, SECOND: 1}, 4),
        ({FIRST: 2, SECOND: 1}, 4),
        ({FIRST: 3, SECOND: 1}, 4),
        ({FIRST: 1, SECOND: 1, TIE: 1}, 5),
        ({FIRST: 2, SECOND: 2}, 6),
        ({FIRST: 3, SECOND: 2}, 6),
        ({FIRST: 2, SECOND: 2, TIE: 1}, 7),
        ({FIRST: 3, SECOND: 3}, 7),  # would be 8
        ({FIRST: 4, SECOND: 3}, 7),
        ({FIRST: 5, SECOND: 4}, 9),  # more than it wants, as after another policy
    ],
)
def test_lead_goes_on_until_two_ahead_or_seven(tally: Tally, number: int) -> None:
    assert wants("lead", tally) == number


@pytest.mark.parametrize(("most", "number"), [(2, 2), (3, 3), (4, 4), (5, 4)])
def test_lead_stops_at_most_votes(most: int, number: int) -> None:
    assert wants("lead", {FIRST: 1, SECOND: 1}, most_votes=most) == number


@pytest.mark.parametrize("tally", [{}, {FIRST: 1}, {FIRST: 1, SECOND: 1}])
def test_slice_wants_one_away_from_the_slice_and_several_on_it(tally: Tally) -> None:
    on = next(key for key in KEYS if on_slice(key, 12))

    assert wants("slice", tally, overlap=5) == 1
    assert wanted(rule("slice", overlap=5), key=on, tally=tally) == 5


@pytest.mark.parametrize("percent", [1, 12, 50, 99])
def test_slice_is_its_share_of_comparisons_drawn_by_their_keys(percent: int) -> None:
    on = {key for key in KEYS if on_slice(key, percent)}

    assert within(len(on), len(KEYS), percent / 100)
    assert on == {key for key in KEYS if on_slice(key, percent)}
    assert on <= {key for key in KEYS if on_slice(key, percent + 1)}


def test_slice_of_all_is_all() -> None:
    assert all(on_slice(key, 100) for key in KEYS)


@pytest.mark.parametrize(
    ("tally", "value", "number"),
    [
        ({}, 1.0, 2),
        ({FIRST: 1}, 1.0, 2),
        ({FIRST: 1}, 0.0, 2),
        ({FIRST: 2}, 0.02, 3),
        ({FIRST: 2}, 0.019, 2),
        ({FIRST: 1, SECOND: 1}, 0.3, 3),
        ({FIRST: 1, SECOND: 1}, 0.0, 2),
        ({FIRST: 3, SECOND: 3}, 0.3, 7),
        ({FIRST: 4, SECOND: 3}, 0.3, 7),
        ({FIRST: 5, SECOND: 4}, 0.3, 9),
    ],
)
def test_adaptive_goes_on_while_another_is_worth_its_price(
    tally: Tally, value: float, number: int
) -> None:
    assert wants("adaptive", tally, value) == number


@pytest.mark.parametrize(
    "tally", [{}, {FIRST: 1}, {FIRST: 2}, {FIRST: 1, BAD: 1}, {FIRST: 2, TIE: 1}]
)
def test_adaptive_works_like_tie_break_without_an_estimate(tally: Tally) -> None:
    assert wants("adaptive", tally) == wants("tie_break", tally)

"""What the fields of a campaign must hold."""

from typing import Any

import pytest

from labeling.campaigns.enums import Rationale
from labeling.campaigns.models import FEWEST_CANDIDATES, MOST_CANDIDATES, MOST_OVERLAP
from labeling.campaigns.rules import RANGES, RATIONALES, faults_of, guideline_fault


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"description": "x" * 2001}, "description"),
        ({"candidates_per_comparison": 1}, "candidates_per_comparison"),
        ({"candidates_per_comparison": 10}, "candidates_per_comparison"),
        ({"overlap": 0}, "overlap"),
        ({"overlap": 26}, "overlap"),
        ({"lease_seconds": 59}, "lease_seconds"),
        ({"lease_seconds": 86401}, "lease_seconds"),
        ({"rationale": "always"}, "rationale"),
        ({"criteria": ["a", " A "]}, "criteria"),
        ({"criteria": [" "]}, "criteria"),
        ({"criteria": ["x" * 41]}, "criteria"),
        ({"criteria": list("abcdefghi")}, "criteria"),
    ],
)
def test_rules_name_the_field_that_does_not_hold(values: dict[str, Any], field: str) -> None:
    assert list(faults_of(values)) == [field]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"candidates_per_comparison": 2, "overlap": 1, "lease_seconds": 60},
        {"candidates_per_comparison": 9, "overlap": 25, "lease_seconds": 86400},
        {"criteria": ["helpful", "kind to beginners"], "rationale": "off"},
    ],
)
def test_rules_let_the_ends_of_each_range_through(values: dict[str, Any]) -> None:
    assert faults_of(values) == {}


def test_rules_agree_with_the_tables() -> None:
    assert RANGES["candidates_per_comparison"][:2] == (FEWEST_CANDIDATES, MOST_CANDIDATES)
    assert RANGES["overlap"][:2] == (1, MOST_OVERLAP)
    assert list(RATIONALES) == Rationale.values


@pytest.mark.parametrize("text", ["", " \n", "x" * 64_001])
def test_guide_must_hold_something_and_not_too_much(text: str) -> None:
    assert guideline_fault(text) is not None


def test_guide_of_full_length_holds() -> None:
    assert guideline_fault("x" * 64_000) is None

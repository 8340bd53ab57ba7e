"""What the fields of a campaign must hold."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from labeling.campaigns.models import Campaign
from labeling.campaigns.rules import RANGES, faults_of, guideline_fault
from tests.factories import make_campaign


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
        ({"ideal": "always"}, "ideal"),
        ({"rationale_min": -1}, "rationale_min"),
        ({"rationale_min": 1001}, "rationale_min"),
        ({"reason_tags": ["a", " A "]}, "reason_tags"),
        ({"reason_tags": list("abcdefghijklm")}, "reason_tags"),
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


@pytest.mark.django_db
@pytest.mark.parametrize("field", sorted(RANGES))
def test_database_keeps_the_same_ranges(field: str) -> None:
    least, most, _ = RANGES[field]
    campaigns = Campaign.objects.filter(pk=make_campaign().pk)

    for end in (least, most):
        campaigns.update(**{field: end})
    for beyond in (least - 1, most + 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            campaigns.update(**{field: beyond})


@pytest.mark.parametrize("text", ["", " \n", "x" * 64_001])
def test_guide_must_hold_something_and_not_too_much(text: str) -> None:
    assert guideline_fault(text) is not None


def test_guide_of_full_length_holds() -> None:
    assert guideline_fault("x" * 64_000) is None

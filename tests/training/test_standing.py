"""When a person can begin a qualification."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from labeling.training.standing import Past, Terms, WhyNot, why_not

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAST: dict[str, Any] = {
    "qualified": False, "trained": True, "failed_at": None, "items": 20, "new": 20,
    "training_items": 5,
}  # fmt: skip
TERMS: dict[str, Any] = {"fewest": 8, "most": 20, "retry_hours": 24, "training_first": True}
FAILED = {"failed_at": NOW - timedelta(hours=23, minutes=59)}


@pytest.mark.parametrize(
    ("past", "terms", "expected"),
    [
        ({}, {}, None),
        ({"qualified": True}, {}, WhyNot.QUALIFIED),
        ({"items": 7, "new": 7}, {}, WhyNot.NOT_SET_UP),
        (FAILED, {}, WhyNot.WAIT),
        ({"failed_at": NOW - timedelta(hours=24)}, {}, None),
        (FAILED, {"retry_hours": 0}, None),
        (FAILED, {"retry_hours": None}, WhyNot.ONE_TRY),
        ({"new": 7}, {}, WhyNot.NO_ITEMS_LEFT),
        ({"trained": False}, {}, WhyNot.TRAINING_FIRST),
        ({"trained": False}, {"training_first": False}, None),
        ({"trained": False, "training_items": 0}, {}, None),
    ],
)
def test_why_a_person_cannot_begin(past: Any, terms: Any, expected: WhyNot | None):
    assert why_not(Past(**{**PAST, **past}), Terms(**{**TERMS, **terms}), NOW) == expected

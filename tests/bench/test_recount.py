"""The recount of a journey sees what is missing, and takes both-bad for what it is."""

from dataclasses import replace
from typing import Any

from bench.recount import Sent, check_judgments, majority

TEXTS = ("yes", "no")
SENT = [
    Sent(1, 7, "Why?", "ranked", "yes", TEXTS, own=True),
    Sent(2, 8, "Why?", "both_bad", None, TEXTS, own=False),
    Sent(3, 9, "How?", "tie", None, TEXTS, own=True),
    Sent(4, 7, "How?", "ranked", "no", TEXTS, own=True),
]
STORED: list[dict[str, Any]] = [
    {"id": one.judgment, "comparison": 1 + (one.prompt == "How?"), "outcome": one.outcome}
    for one in SENT
]


def broken(sent: list[Sent], stored: list[dict[str, Any]], pairs: int = 2) -> list[str]:
    """Return the names of the checks that do not hold."""
    checks = check_judgments(sent, stored, overlap=2, pairs=pairs)
    return [check.name for check in checks if not check.holds]


def test_recount_holds_when_everything_is_there() -> None:
    assert broken(SENT, STORED) == []


def test_recount_sees_a_pair_that_nobody_judged() -> None:
    assert broken(SENT, STORED, pairs=3) == ["every pair imported was judged"]


def test_recount_sees_a_both_bad_that_is_stored_as_a_tie() -> None:
    stored = [row | {"outcome": "tie"} if row["id"] == 2 else row for row in STORED]

    assert broken(SENT, stored) == ["every outcome is stored as it was sent"]


def test_recount_sees_a_person_who_judged_twice() -> None:
    sent = [replace(one, person=7) for one in SENT]

    assert broken(sent, STORED) == ["nobody judged a comparison twice"]


def test_majority_counts_both_bad_as_an_answer_for_neither() -> None:
    assert majority(SENT[:1]) == "yes"
    assert majority(SENT[:2]) is None

"""What a training plan, an item and an objection must hold; plain Python."""

from collections.abc import Mapping
from typing import Any

LEAST_MARK, MOST_MARK = 60, 95
MOST_ITEMS = 100
MOST_HOURS = 24 * 90
LONGEST_REASON, LONGEST_OBJECTION, LONGEST_REPLY = 10_000, 4_000, 4_000
RANGES = {
    "pass_percent": (
        LEAST_MARK,
        MOST_MARK,
        f"Ask for {LEAST_MARK} to {MOST_MARK} percent: below is near chance, above is no slip.",
    ),
    "most_items": (1, MOST_ITEMS, f"Ask at most 1 to {MOST_ITEMS} items."),
    "fewest_items": (1, MOST_ITEMS, f"Ask at least 1 to {MOST_ITEMS} items."),
    "training_items": (1, MOST_ITEMS, f"Train on 1 to {MOST_ITEMS} items at a time."),
    "retry_hours": (
        0,
        MOST_HOURS,
        f"Let people try again after 0 to {MOST_HOURS} hours, or leave it empty for one try only.",
    ),
}


def faults_of(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what does not hold in a whole plan, by field, with the remedy."""
    faults: dict[str, list[str]] = {}
    for name, (least, most, remedy) in RANGES.items():
        given = values[name]
        if given is not None and not least <= given <= most:
            faults[name] = [remedy]
    if not faults and values["fewest_items"] > values["most_items"]:
        faults["fewest_items"] = [
            f"Ask at least as many as are asked at most, {values['most_items']}, or fewer."
        ]
    return faults


def text_fault(text: str, longest: int, what: str) -> str | None:
    """Return what is wrong with a text that another person is to read, or None."""
    if not text.strip():
        return f"Write {what}."
    if len(text) > longest:
        return f"Keep it to {longest:,} characters."
    return None

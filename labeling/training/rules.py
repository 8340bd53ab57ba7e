"""What a training plan, an item and an objection must hold; plain Python."""

from collections.abc import Mapping
from typing import Any

from labeling.ranges import between, range_faults
from labeling.wording import gettext, gettext_lazy

LEAST_MARK, MOST_MARK = 60, 95
MOST_ITEMS = 100
MOST_HOURS = 24 * 90
LONGEST_REASON, LONGEST_OBJECTION, LONGEST_REPLY = 10_000, 4_000, 4_000
RANGES = {
    "pass_percent": between(
        LEAST_MARK,
        MOST_MARK,
        gettext_lazy("Ask for {least} to {most} percent: below is near chance, above is no slip."),
    ),
    "most_items": between(1, MOST_ITEMS, gettext_lazy("Ask at most 1 to {most} items.")),
    "fewest_items": between(1, MOST_ITEMS, gettext_lazy("Ask at least 1 to {most} items.")),
    "training_items": between(1, MOST_ITEMS, gettext_lazy("Train on 1 to {most} items at a time.")),
    "retry_hours": between(
        0,
        MOST_HOURS,
        gettext_lazy(
            "Let people try again after 0 to {most} hours, or leave it empty for one try only."
        ),
    ),
}


def faults_of(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what does not hold in a whole plan, by field, with the remedy."""
    faults = range_faults(values, RANGES)
    if not faults and values["fewest_items"] > values["most_items"]:
        reason = gettext("Ask at least as many as are asked at most, %(most)s, or fewer.")
        faults["fewest_items"] = [reason % {"most": values["most_items"]}]
    return faults


def text_fault(text: str, longest: int, missing: str) -> str | None:
    """Return what is wrong with a text that another person is to read, or None.

    ``missing`` is what to say when there is none.
    """
    if not text.strip():
        return missing
    return length_fault(text, longest)


def length_fault(text: str, longest: int) -> str | None:
    """Return what is wrong with a text that is too long, or None."""
    if len(text) > longest:
        return gettext("Keep it to %(longest)s characters.") % {"longest": f"{longest:,}"}
    return None

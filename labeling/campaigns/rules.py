"""What the fields of a campaign must hold; plain Python."""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from labeling.campaigns.enums import Asked

READY_CRITERIA = ("helpful", "honest", "harmless")
MOST_CRITERIA, LONGEST_CRITERION = 8, 40
MOST_REASON_TAGS, LONGEST_REASON_TAG = 12, 40
MOST_RATIONALE_MIN = 1000
LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_GUIDELINE = 120, 2000, 64_000
LONGEST_CHECKPOINT, LONGEST_WARNING = 200, 500
MOST_A_DAY = 5000
PAY_DIGITS, PAY_PLACES = 10, 4
LEAST_PAY, MOST_PAY = Decimal("0.0001"), Decimal(10_000)
CURRENCY = re.compile("[A-Z]{3}")  # ISO 4217
FEWEST_CANDIDATES, MOST_CANDIDATES = 2, 9
MOST_OVERLAP = 25
SHORTEST_LEASE, LONGEST_LEASE = 60, 86_400
RANGES = {
    "candidates_per_comparison": (
        FEWEST_CANDIDATES,
        MOST_CANDIDATES,
        f"Compare {FEWEST_CANDIDATES} to {MOST_CANDIDATES} responses at a time.",
    ),
    "overlap": (1, MOST_OVERLAP, f"Ask 1 to {MOST_OVERLAP} people for each comparison."),
    "lease_seconds": (
        SHORTEST_LEASE,
        LONGEST_LEASE,
        "Hold a comparison for 1 minute to 24 hours (60 to 86400 s).",
    ),
    "rationale_min": (
        0,
        MOST_RATIONALE_MIN,
        f"Ask for a reason of 0 to {MOST_RATIONALE_MIN} characters.",
    ),
    "most_a_day": (
        1,
        MOST_A_DAY,
        f"Let a person judge 1 to {MOST_A_DAY} a day, or leave it empty for no limit.",
    ),
}
LISTS = {
    "criteria": (MOST_CRITERIA, LONGEST_CRITERION),
    "reason_tags": (MOST_REASON_TAGS, LONGEST_REASON_TAG),
}
LONGEST = {"description": LONGEST_DESCRIPTION, "content_warning": LONGEST_WARNING}


def faults_of(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what does not hold, by field, with the remedy; fields not given are not judged."""
    faults: dict[str, list[str]] = {}
    for name, (least, most, remedy) in RANGES.items():
        if values.get(name) is not None and not least <= values[name] <= most:
            faults[name] = [remedy]
    if "name" in values and not 0 < len(values["name"].strip()) <= LONGEST_NAME:
        faults["name"] = [f"Give the campaign a name of 1 to {LONGEST_NAME} characters."]
    for name, longest in LONGEST.items():
        if len(values.get(name, "")) > longest:
            faults[name] = [f"Keep it to {longest} characters."]
    for name in ("rationale", "ideal"):
        if values.get(name, Asked.OFF) not in Asked.values:
            faults[name] = [f"Choose one of: {', '.join(Asked.values)}."]
    for name, (most, longest) in LISTS.items():
        wrong = list_fault(values.get(name, ()), most, longest)
        if wrong:
            faults[name] = [wrong]
    return faults


def pay_faults(pay: Decimal | None, currency: str) -> dict[str, list[str]]:
    """Return what is wrong with what an answer pays, by field."""
    faults: dict[str, list[str]] = {}
    if pay is None:
        if currency:
            faults["pay"] = ["Say what an answer pays, or leave the currency empty."]
        return faults
    if not LEAST_PAY <= pay <= MOST_PAY:
        faults["pay"] = [f"Pay {LEAST_PAY} to {MOST_PAY} for an answer, or leave it empty."]
    if CURRENCY.fullmatch(currency) is None:
        faults["currency"] = ["Name the currency with its three capital letters, such as EUR."]
    return faults


def list_fault(names: Collection[str], most: int, longest: int) -> str | None:
    """Return what is wrong with a list of names that people see, or None."""
    if len(names) > most:
        return f"Name at most {most}."
    if any(not 0 < len(name.strip()) <= longest for name in names):
        return f"Use 1 to {longest} characters for each."
    if len({name.strip().casefold() for name in names}) < len(names):
        return "Name each one once."
    return None


def round_faults_of(*, name: str, checkpoint: str, names: Iterable[str]) -> dict[str, list[str]]:
    """Return what does not hold for a round beside others of these names, by field."""
    faults: dict[str, list[str]] = {}
    if not 0 < len(name) <= LONGEST_NAME:
        faults["name"] = [f"Give the round a name of 1 to {LONGEST_NAME} characters."]
    elif name.casefold() in {other.casefold() for other in names}:
        faults["name"] = ["The campaign has a round of this name. Choose another."]
    if len(checkpoint) > LONGEST_CHECKPOINT:
        faults["checkpoint"] = [f"Keep it to {LONGEST_CHECKPOINT} characters."]
    return faults


def guideline_fault(text: str) -> str | None:
    """Return what is wrong with the text of a judging guide, or None."""
    if not text.strip():
        return "Write the guide that people judge by."
    if len(text) > LONGEST_GUIDELINE:
        return f"Keep the guide to {LONGEST_GUIDELINE} characters."
    return None

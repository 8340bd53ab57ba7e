"""What the fields of a campaign must hold; plain Python."""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from labeling.campaigns.enums import Asked
from labeling.ranges import between, choice_fault, range_faults
from labeling.wording import gettext, gettext_lazy

READY_CRITERIA = {
    "helpful": gettext_lazy("Helpful"),
    "honest": gettext_lazy("Honest"),
    "harmless": gettext_lazy("Harmless"),
}
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
    "candidates_per_comparison": between(
        FEWEST_CANDIDATES,
        MOST_CANDIDATES,
        gettext_lazy("Compare {least} to {most} responses at a time."),
    ),
    "overlap": between(
        1, MOST_OVERLAP, gettext_lazy("Ask 1 to {most} people for each comparison.")
    ),
    "lease_seconds": between(
        SHORTEST_LEASE,
        LONGEST_LEASE,
        gettext_lazy("Hold a comparison for 1 minute to 24 hours (60 to 86400 s)."),
    ),
    "rationale_min": between(
        0, MOST_RATIONALE_MIN, gettext_lazy("Ask for a reason of 0 to {most} characters.")
    ),
    "most_a_day": between(
        1,
        MOST_A_DAY,
        gettext_lazy("Let a person judge 1 to {most} a day, or leave it empty for no limit."),
    ),
}
LISTS = {
    "criteria": (MOST_CRITERIA, LONGEST_CRITERION),
    "reason_tags": (MOST_REASON_TAGS, LONGEST_REASON_TAG),
}
LONGEST = {"description": LONGEST_DESCRIPTION, "content_warning": LONGEST_WARNING}


def faults_of(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what does not hold, by field, with the remedy; fields not given are not judged."""
    faults = range_faults(values, RANGES)
    if "name" in values and not 0 < len(values["name"].strip()) <= LONGEST_NAME:
        reason = gettext("Give the campaign a name of 1 to %(longest)s characters.")
        faults["name"] = [reason % {"longest": LONGEST_NAME}]
    for name, longest in LONGEST.items():
        if len(values.get(name, "")) > longest:
            faults[name] = [_kept_to(longest)]
    for name in ("rationale", "ideal"):
        if fault := choice_fault(values.get(name, Asked.OFF), Asked.values):
            faults[name] = [fault]
    for name, (most, longest) in LISTS.items():
        wrong = list_fault(values.get(name, ()), most, longest)
        if wrong:
            faults[name] = [wrong]
    return faults


def criterion_in_words(name: str) -> str:
    """Return what people read for a criterion: the campaign's own words stay as they are."""
    return str(READY_CRITERIA.get(name) or name[:1].upper() + name[1:])


def pay_faults(pay: Decimal | None, currency: str) -> dict[str, list[str]]:
    """Return what is wrong with what an answer pays, by field."""
    faults: dict[str, list[str]] = {}
    if pay is None:
        if currency:
            faults["pay"] = [gettext("Say what an answer pays, or leave the currency empty.")]
        return faults
    if not LEAST_PAY <= pay <= MOST_PAY:
        reason = gettext("Pay %(least)s to %(most)s for an answer, or leave it empty.")
        faults["pay"] = [reason % {"least": LEAST_PAY, "most": MOST_PAY}]
    if CURRENCY.fullmatch(currency) is None:
        faults["currency"] = [
            gettext("Name the currency with its three capital letters, such as EUR.")
        ]
    return faults


def list_fault(names: Collection[str], most: int, longest: int) -> str | None:
    """Return what is wrong with a list of names that people see, or None."""
    if len(names) > most:
        return gettext("Name at most %(most)s.") % {"most": most}
    if any(not 0 < len(name.strip()) <= longest for name in names):
        return gettext("Use 1 to %(longest)s characters for each.") % {"longest": longest}
    if len({name.strip().casefold() for name in names}) < len(names):
        return gettext("Name each one once.")
    return None


def round_faults_of(*, name: str, checkpoint: str, names: Iterable[str]) -> dict[str, list[str]]:
    """Return what does not hold for a round beside others of these names, by field."""
    faults: dict[str, list[str]] = {}
    if not 0 < len(name) <= LONGEST_NAME:
        reason = gettext("Give the round a name of 1 to %(longest)s characters.")
        faults["name"] = [reason % {"longest": LONGEST_NAME}]
    elif name.casefold() in {other.casefold() for other in names}:
        faults["name"] = [gettext("The campaign has a round of this name. Choose another.")]
    if len(checkpoint) > LONGEST_CHECKPOINT:
        faults["checkpoint"] = [_kept_to(LONGEST_CHECKPOINT)]
    return faults


def guideline_fault(text: str) -> str | None:
    """Return what is wrong with the text of a judging guide, or None."""
    if not text.strip():
        return gettext("Write the guide that people judge by.")
    if len(text) > LONGEST_GUIDELINE:
        reason = gettext("Keep the guide to %(longest)s characters.")
        return reason % {"longest": LONGEST_GUIDELINE}
    return None


def _kept_to(longest: int) -> str:
    return gettext("Keep it to %(longest)s characters.") % {"longest": longest}

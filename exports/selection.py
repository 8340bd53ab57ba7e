"""The choices that decide which preference pairs an export holds, checked."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from labeling.errors import Invalid

POLICIES = ("majority",)
MOST_VOTES = 25
LARGEST_VALIDATION_SHARE = 0.5


@dataclass(frozen=True)
class Selection:
    """Which pairs are in an export; the same selection of the same data gives the same bytes.

    ``policy`` is how votes become a pair: ``majority`` takes what more than half of all
    counted answers say. Ties and both-bad are never in a pair. ``min_votes`` and
    ``min_agreement`` leave out pairs with fewer answers or a smaller winning share.
    ``validation_share`` of the prompt groups go to the validation split.
    """

    policy: str = "majority"
    min_votes: int = 1
    min_agreement: float = 0.0
    validation_share: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the choices as plain JSON values."""
        return asdict(self)

    def takes(self, n_votes: int, agreement: float) -> bool:
        """Tell whether a pair has votes and agreement enough."""
        return n_votes >= self.min_votes and agreement >= self.min_agreement


def read_selection(given: Mapping[str, Any]) -> Selection:
    """Return the selection that plain JSON values name; what is left out has its default.

    Raises Invalid, naming each field that does not hold and what would.
    """
    known = {field.name for field in fields(Selection)}
    reasons = {name: ["There is no such choice."] for name in sorted(given.keys() - known)}
    for name, check in CHECKS.items():
        if name in given and (reason := check(given[name])):
            reasons[name] = [reason]
    if reasons:
        first = next(iter(reasons))
        raise Invalid(f"{first}: {reasons[first][0]}", fields=reasons)
    chosen = {**Selection().as_json(), **given}
    return Selection(
        policy=chosen["policy"],
        min_votes=chosen["min_votes"],
        min_agreement=float(chosen["min_agreement"]),
        validation_share=float(chosen["validation_share"]),
    )


def _policy(value: object) -> str:
    return "" if value in POLICIES else f"Choose one of: {', '.join(POLICIES)}."


def _min_votes(value: object) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    fits = whole and 1 <= value <= MOST_VOTES  # type: ignore[operator]  # `whole` says int
    return "" if fits else f"Give a whole number from 1 to {MOST_VOTES}."


def _share(value: object, most: float) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = number and math.isfinite(value) and 0 <= value <= most  # type: ignore[arg-type, operator]  # `number` says so
    return "" if fits else f"Give a number from 0 to {most:g}."


CHECKS: dict[str, Callable[[Any], str]] = {
    "policy": _policy,
    "min_votes": _min_votes,
    "min_agreement": lambda value: _share(value, 1),
    "validation_share": lambda value: _share(value, LARGEST_VALIDATION_SHARE),
}

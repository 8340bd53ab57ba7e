"""Ranges and choices that fields must keep to, each with what to do about another value."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from labeling.wording import LazyText, format_lazy, gettext


class Range(NamedTuple):
    """The smallest and the largest value that hold, and the remedy for any other."""

    least: int
    most: int
    remedy: LazyText


def between(least: int, most: int, remedy: LazyText) -> Range:
    """Return a range; ``remedy`` may name its ``{least}`` and its ``{most}``."""
    return Range(least, most, format_lazy(remedy, least=least, most=most))


def range_faults(values: Mapping[str, Any], ranges: Mapping[str, Range]) -> dict[str, list[str]]:
    """Return the remedy of each field whose value lies outside; none given is judged elsewhere."""
    return {
        name: [str(remedy)]
        for name, (least, most, remedy) in ranges.items()
        if values.get(name) is not None and not least <= values[name] <= most
    }


def choice_fault(value: object, choices: Iterable[str]) -> str | None:
    """Return which choices there are when the value is none of them; None when it is."""
    known = list(choices)
    if value in known:
        return None
    return gettext("Choose one of: %(choices)s.") % {"choices": ", ".join(known)}

"""The sampling recipe of a generator: its fields, their bounds and their defaults."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from labeling.wording import gettext

HIGHEST_TEMPERATURE = 2.0
MOST_NEW_TOKENS = 8192
HIGHEST_TOP_K = 1000
MOST_STOPS, LONGEST_STOP = 4, 80


@dataclass(frozen=True)
class Recipe:
    """How text is sampled; a temperature of 0 always takes the likeliest token.

    ``top_k`` keeps that many of the likeliest tokens, 0 all of them; ``top_p`` keeps of those
    the likeliest that together reach this share.
    """

    temperature: float = 0.8
    top_p: float = 0.95
    top_k: int = 0
    max_new_tokens: int = 256
    stop: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the recipe as it is stored with a generator."""
        return {**asdict(self), "stop": list(self.stop)}


class BadRecipe(ValueError):
    """Some fields of a recipe do not hold; ``fields`` maps each to the reason."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in problems.items()))
        self.fields = dict(problems)


def read_recipe(values: Mapping[str, object]) -> Recipe:
    """Return the recipe that the values describe; what is left out takes its default.

    Raises BadRecipe, which names every field that does not hold.
    """
    known = {field.name for field in fields(Recipe)}
    unknown = gettext("unknown; a recipe has %(names)s") % {"names": ", ".join(sorted(known))}
    problems = {name: unknown for name in values if name not in known}
    for name in sorted(known & set(values)):
        reason = _CHECKS[name](values[name])
        if reason:
            problems[name] = reason
    if problems:
        raise BadRecipe(problems)
    given: dict[str, Any] = dict(values)
    if "stop" in given:
        given["stop"] = tuple(given["stop"])
    return Recipe(**given)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_temperature(value: object) -> str:
    if _number(value) and 0 <= value <= HIGHEST_TEMPERATURE:  # type: ignore[operator]  # a number
        return ""
    return gettext("must be a number from 0 to %(most)s") % {"most": f"{HIGHEST_TEMPERATURE:g}"}


def _check_top_p(value: object) -> str:
    if _number(value) and 0 < value <= 1:  # type: ignore[operator]  # a number by now
        return ""
    return gettext("must be a number above 0, at most 1")


def _check_top_k(value: object) -> str:
    return _check_whole(value, 0, HIGHEST_TOP_K)


def _check_max_new_tokens(value: object) -> str:
    return _check_whole(value, 1, MOST_NEW_TOKENS)


def _check_whole(value: object, least: int, most: int) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and least <= value <= most:  # type: ignore[operator]  # whole by now
        return ""
    reason = gettext("must be a whole number from %(least)s to %(most)s")
    return reason % {"least": least, "most": most}


def _check_stop(value: object) -> str:
    texts = value if isinstance(value, list | tuple) and len(value) <= MOST_STOPS else [None]
    if all(isinstance(text, str) and 1 <= len(text) <= LONGEST_STOP for text in texts):
        return ""
    reason = gettext("must be a list of at most %(most)s texts of 1 to %(longest)s characters")
    return reason % {"most": MOST_STOPS, "longest": LONGEST_STOP}


_CHECKS = {
    "temperature": _check_temperature,
    "top_p": _check_top_p,
    "top_k": _check_top_k,
    "max_new_tokens": _check_max_new_tokens,
    "stop": _check_stop,
}

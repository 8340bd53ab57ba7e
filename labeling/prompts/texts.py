"""Find what no database can keep: NUL, lone surrogates, numbers out of range, deep nesting."""

import math
import re
from collections.abc import Iterator
from typing import Any

from labeling.prompts.problems import Problem

DEEPEST = 32
LARGEST_NUMBER = 2**63 - 1
LONGEST_EXCERPT = 200
_SURROGATE = re.compile("[\ud800-\udfff]")
# How bytes that are not UTF-8 come through `surrogateescape`.
_RAW_BYTE = re.compile("[\udc80-\udcff]")


def flaw_of_text(text: str, field: str) -> Problem | None:
    """Return what makes a text impossible to store, or None."""
    if "\x00" in text:
        reason = f"A NUL character stands at position {text.index(chr(0)) + 1}. Remove it."
        return Problem(field, "nul", reason)
    found = _SURROGATE.search(text)
    if found is None:
        return None
    reason = (
        f"Half a character (\\u{ord(found[0]):04x}) stands at position {found.start() + 1}. "
        "Write the whole character; the file was probably cut or encoded twice."
    )
    return Problem(field, "lone_surrogate", reason)


def flaw_of_bytes(text: str, field: str) -> Problem | None:
    """Return the problem of a text that was read with ``surrogateescape``, or None."""
    found = _RAW_BYTE.search(text)
    if found is None:
        return None
    byte = ord(found[0]) - 0xDC00
    return Problem(
        field,
        "bad_utf8",
        f"Byte 0x{byte:02x} at position {found.start() + 1} is not UTF-8. Save the file as UTF-8.",
    )


def flaw_of_value(value: Any, field: str) -> Problem | None:
    """Return the first thing inside a JSON value that cannot be stored, or None."""
    return next(_flaws(value, field, 0), None)


def _flaws(value: Any, field: str, depth: int) -> Iterator[Problem]:
    if depth > DEEPEST:
        yield Problem(field, "too_deep", f"Nested deeper than {DEEPEST} levels. Flatten it.")
    elif isinstance(value, str):
        flaw = flaw_of_text(value, field)
        if flaw is not None:
            yield flaw
    elif isinstance(value, dict):
        yield from _flaws_of_object(value, field, depth)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _flaws(item, f"{field}[{number}]", depth + 1)
    else:
        yield from _flaws_of_scalar(value, field)


def _flaws_of_object(value: dict[Any, Any], field: str, depth: int) -> Iterator[Problem]:
    for key, item in value.items():
        flaw = flaw_of_text(str(key), field)
        if flaw is not None:
            yield flaw
        yield from _flaws(item, f"{field}.{key}", depth + 1)


def _flaws_of_scalar(value: Any, field: str) -> Iterator[Problem]:
    if value is None or isinstance(value, bool):
        return
    if not isinstance(value, int | float):
        kind = type(value).__name__
        yield Problem(field, "wrong_type", f"A {kind} cannot be kept here. Write it as text.")
    elif isinstance(value, float) and not math.isfinite(value):
        yield Problem(field, "not_finite", "The number is not finite. Write null or a number.")
    elif abs(value) > LARGEST_NUMBER and isinstance(value, int):
        reason = "The number does not fit into 64 bits. Write it as text."
        yield Problem(field, "number_out_of_range", reason)


def showable(text: str, limit: int = LONGEST_EXCERPT) -> str:
    """Return the start of a text in a form that can be stored and shown."""
    start = text[: limit + 1].replace("\x00", "␀")
    start = _SURROGATE.sub("�", start)
    return start if len(start) <= limit else start[: limit - 1] + "…"

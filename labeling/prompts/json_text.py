"""Parse JSON strictly: one value a key, finite numbers, nothing half."""

import json
from typing import Any, NoReturn

LONGEST_NUMBER = 40


class BadJson(ValueError):
    """The text is not JSON that can be kept; ``code`` names the kind of fault."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def parse_json(text: str) -> Any:
    """Return the value that a JSON text holds.

    Raises BadJson for broken or truncated text, a key given twice, NaN and Infinity, numbers
    of absurd length, and nesting beyond what the parser can follow.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        raise _broken(text, error) from error
    except RecursionError as error:
        reason = "The JSON is nested too deeply. Keep it to a few levels."
        raise BadJson("too_deep", reason) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            reason = f"The key {key!r} is given twice in one object. Keep one of them."
            raise BadJson("duplicate_key", reason)
        found[key] = value
    return found


def _constant(name: str) -> NoReturn:
    raise BadJson("not_finite", f"{name} is not a JSON number. Write null or a finite number.")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise BadJson(
            "number_out_of_range",
            f"A number has {len(digits)} digits. Write numbers of that length as text.",
        )
    return int(digits)


def _broken(text: str, error: json.JSONDecodeError) -> BadJson:
    if error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip()):
        return BadJson(
            "truncated",
            "The JSON ends in the middle: the row was cut off. Write one whole object a line.",
        )
    return BadJson(
        "bad_json",
        f"This is not JSON: {error.msg} at character {error.pos + 1}. "
        "Write one JSON object a line.",
    )

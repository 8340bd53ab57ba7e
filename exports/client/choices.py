"""Choices of a selection as they are typed on a command line; plain Python."""

import json
from typing import Any


def read_choice(text: str) -> tuple[str, Any]:
    """Return the name and the value of `CHOICE=VALUE`, its value as JSON or else as text.

    Raises ValueError for anything else.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--set {text}: give a choice and its value, as in min_votes=3")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value

"""What every reader yields, and the limits that all of them keep."""

import json
from dataclasses import dataclass
from typing import Any

from labeling.prompts.problems import Problem
from labeling.prompts.texts import showable

LONGEST_ROW = 8 * 1024 * 1024
CHUNK = 64 * 1024
EMPTY = "The file holds no row. Export it again, or pick another file."


@dataclass(frozen=True)
class RawRow:
    """One row as the file has it: its number (from 1) and its fields, or why it has none.

    ``size`` is about how many bytes the row takes; ``start`` is how it begins.
    """

    number: int
    fields: dict[str, Any] | None
    problem: Problem | None = None
    start: str = ""
    size: int = 0

    def excerpt(self) -> str:
        """Return the start of the row, fit to be stored and shown."""
        if self.start or self.fields is None:
            return showable(self.start)
        shown = {key: value for key, value in self.fields.items() if value is not None}
        return showable(json.dumps(shown, ensure_ascii=False, default=repr))

"""Fold the columns of flat files into the fields of a row: JSON cells, tags, candidate_1…9."""

import re
from collections.abc import Mapping
from typing import Any

from labeling.prompts.json_text import BadJson, parse_json
from labeling.prompts.problems import Problem

JSON_COLUMNS = ("messages", "history", "candidates", "responses")
PLAIN_COLUMNS = ("prompt", "system", "external_id", "tags", "language", "source")
NUMBERED = re.compile(r"(candidate|model|author)_([1-9][0-9]?)")
PROMPT_COLUMNS = ("prompt", "messages")


def is_known(column: str) -> bool:
    """Tell whether a column is part of the import format."""
    return column in JSON_COLUMNS + PLAIN_COLUMNS or NUMBERED.fullmatch(column) is not None


def fold(cells: Mapping[str, Any]) -> dict[str, Any] | Problem:
    """Return the fields that a flat row describes, or why it cannot be read.

    Empty cells are absent. JSON columns hold JSON text, tags are separated by ";".
    """
    given = {key: value for key, value in cells.items() if value is not None and value != ""}
    fields = {key: given[key] for key in PLAIN_COLUMNS if key in given}
    if isinstance(fields.get("tags"), str):
        fields["tags"] = [tag for tag in map(str.strip, fields["tags"].split(";")) if tag]
    for key in JSON_COLUMNS:
        try:
            fields |= {key: _json(given[key])} if key in given else {}
        except BadJson as error:
            return Problem(key, error.code, f"{error.reason} This column holds JSON.")
    numbered = _numbered(given)
    if isinstance(numbered, Problem):
        return numbered
    if numbered and ("candidates" in fields or "responses" in fields):
        reason = "The row has candidates and candidate_1 to candidate_9. Use one of the two."
        return Problem("candidates", "ambiguous", reason)
    return fields | ({"candidates": numbered} if numbered else {})


def _json(value: Any) -> Any:
    return parse_json(value) if isinstance(value, str) else value


def _numbered(given: Mapping[str, Any]) -> list[dict[str, Any]] | Problem:
    columns: dict[str, dict[int, Any]] = {"candidate": {}, "model": {}, "author": {}}
    for key, value in given.items():
        found = NUMBERED.fullmatch(key)
        if found is not None:
            columns[found[1]][int(found[2])] = value
    texts = columns.pop("candidate")
    for name, named in columns.items():
        lonely = sorted(set(named) - set(texts))
        if lonely:
            reason = f"There is {name}_{lonely[0]} but no candidate_{lonely[0]}. Give both or none."
            return Problem(f"{name}_{lonely[0]}", f"{name}_without_candidate", reason)
    return [
        {"text": texts[at], **{name: named.get(at) for name, named in columns.items()}}
        for at in sorted(texts)
    ]

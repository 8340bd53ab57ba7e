"""CSV: its cells give back the values of the JSON Lines, and tables load it."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.consumers import documented
from bench.consumers.exported import Exported, Result, Wrong, each, expect, read_each
from bench.consumers.schemas import rows_of

MARK = "'"
LARGEST_CELL = 1 << 24
PARSED_AS_JSON = ("list<", "struct<", "bool", "double", "int64")


def read(exported: Exported) -> Iterator[Result]:
    """Yield what becomes of every configuration."""
    csv.field_size_limit(LARGEST_CELL)
    pairs = each(list(exported.counts), ["csv"])
    yield from read_each("csv cells = jsonl", pairs, lambda *one: _compare(exported, *one))
    yield from read_each("datasets", pairs, lambda *one: len(exported.dataset(*one)))


def _compare(exported: Exported, config: str, container: str) -> int:
    columns, total = documented.columns(config), 0
    files = exported.files(config, container), exported.files(config, "jsonl")
    for path, other in zip(*files, strict=True):
        rows = list(_parsed(path, columns))
        expected = rows_of(other)
        expect(len(rows), len(expected), f"rows are in {path.name}")
        for row, wanted in zip(rows, expected, strict=True):
            others = [name for name in wanted if row[name] != wanted[name]]
            if others or row.keys() != wanted.keys():
                raise Wrong(f"{others} of {row} are not those of {wanted}")
        total += len(rows)
    expect(total, exported.rows(config), "rows are in the files")
    return total


def _parsed(path: Path, columns: dict[str, str]) -> Iterator[dict[str, Any]]:
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, strict=True):
            yield {name: _value(cell, columns[name]) for name, cell in row.items()}


def _value(cell: str, kind: str) -> Any:
    """Return what a cell stands for: JSON, or a text without the mark of our own."""
    if kind.startswith(PARSED_AS_JSON):
        return json.loads(cell)
    return cell.removeprefix(MARK)

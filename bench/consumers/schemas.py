"""Every configuration against what is documented of it: its columns, their types, their values."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from bench.consumers import documented
from bench.consumers.exported import Exported, Result, Wrong, each, expect, read_each
from bench.consumers.meaning import PREFERENCES
from bench.consumers.rules import RULES
from bench.consumers.truth import Truth
from bench.consumers.value_types import check_value

PLAIN = "jsonl"
TYPED = ("parquet", PLAIN, "jsonl.gz")
Row = dict[str, Any]


def read(exported: Exported) -> Iterator[Result]:
    """Yield what becomes of every configuration in every container that has types."""
    configs = documented.configurations()
    made = [config for config in configs if config in exported.counts]
    yield from read_each("datasets", each(made, TYPED), lambda *one: _load(exported, *one))
    yield from read_each(
        "documented schema", each(made, TYPED), lambda *one: _check(exported, *one)
    )
    absent = [config for config in configs if config not in exported.counts]
    yield from read_each(
        "nothing: no rows, no files",
        each(absent, documented.containers()),
        lambda *one: _absent(exported, *one),
    )


def rows_of(path: Path) -> list[Row]:
    """Return the rows of a file, with the types that its container keeps."""
    if path.suffix == ".parquet":
        return list(pq.read_table(path).to_pylist())
    if path.suffix == ".gz":
        lines = gzip.decompress(path.read_bytes()).decode().split("\n")
    else:
        lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def _load(exported: Exported, config: str, container: str) -> int:
    return len(exported.dataset(config, container))


def _check(exported: Exported, config: str, container: str) -> int:
    """Count the rows of a configuration that are as documented; raise Wrong at another one."""
    columns, rules, total = documented.columns(config), RULES[config], 0
    truth, preferences = Truth(exported.folder), PREFERENCES.get(config, lambda row: iter(()))
    for path in exported.files(config, container):
        if container == "parquet":
            _check_arrow(path, columns)
        split, rows = path.name.partition("-")[0], rows_of(path)
        if container != PLAIN and _as_json(rows) != rows_of(exported.twin(path, container, PLAIN)):
            raise Wrong(f"{path.name} does not hold the rows of the JSON Lines")
        for row in rows:
            _check_columns(row, columns, is_json=container != "parquet")
            if row.get("split", split) != split:
                raise Wrong(f"a row of {row['split']} lies in {path.name}")
            _check_rules(row, rules)
            truth.check_pairs(preferences(row))
        total += len(rows)
    expect(total, exported.rows(config), "rows are in the files")
    return total


def _as_json(rows: list[Row]) -> list[Row]:
    """Return rows as JSON has them: moments are texts."""
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def _check_arrow(path: Path, columns: dict[str, str]) -> None:
    found = {field.name: str(field.type) for field in pq.read_schema(path)}
    found = {name: kind.replace("element:", "item:") for name, kind in found.items()}
    if found != columns:
        others = {name for name in found | columns if found.get(name) != columns.get(name)}
        raise Wrong(f"not as documented: {sorted(others)} of {path.name}")


def _check_columns(row: Row, columns: dict[str, str], *, is_json: bool) -> None:
    if list(row) != list(columns):
        raise Wrong(f"the columns are {list(row)}, not {list(columns)}")
    for name, value in row.items():
        check_value(name, value, columns[name], is_json=is_json)


def _check_rules(row: Row, rules: dict[str, Callable[[Row], bool]]) -> None:
    for said, holds in rules.items():
        if not holds(row):
            raise Wrong(f"it does not hold that {said}: {row}")


def _absent(exported: Exported, config: str, container: str) -> int:
    card = (exported.card_folder(container) / "README.md").read_text(encoding="utf-8")
    if exported.files(config, container) or f"config_name: {config}" in card:
        raise Wrong("it has no rows, and yet files or a place on the card")
    return 0

"""Pairs written to files without a campaign behind them, and what an import has against a turn."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from exports.formats.shards import Shards
from exports.formats.variants import VARIANTS
from exports.records import Pair
from exports.selection import Selection
from labeling.prompts.messages import read_messages
from labeling.prompts.problems import Problem

PLAIN = Selection()


def write(
    folder: Path,
    pairs: Iterable[Pair],
    container: str = "parquet",
    *,
    selection: Selection = PLAIN,
    rows_a_shard: int = 100_000,
) -> list[Path]:
    """Write pairs as `trl` has them; return the paths of the shards."""
    columns = VARIANTS["trl"].chosen(selection)
    shards = Shards(folder, "train", container, columns, rows_a_shard=rows_a_shard)
    for pair in pairs:
        shards.add(row_of("trl", pair))
    return [path for path, _ in shards.finish()]


def row_of(config: str, record: object) -> Any:
    """Return the row that a configuration has of a record, None where it has none."""
    return VARIANTS[config].row(record)


def problems_of(content: object) -> list[str]:
    """Return what an import has against a turn with this content."""
    problems: list[Problem] = []
    read_messages([{"role": "user", "content": content}], "messages", problems)
    return [one.code for one in problems]

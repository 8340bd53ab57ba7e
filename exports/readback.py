"""Read columns of written rows back, whatever the container; plain Python."""

import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import orjson
import pyarrow.parquet as pq

from exports.configs import ContainerName

ROWS_AT_ONCE = 10_000
# A response of a hundred kilobytes is one cell.
csv.field_size_limit(1 << 30)
Row = dict[str, Any]
Columns = Sequence[str] | None


def read_rows(path: Path, container: str, columns: Columns = None) -> Iterator[Row]:
    """Yield some columns of the rows of a file, or all, in order and in constant memory.

    Columns that the file lacks are left out. Cells of CSV that hold JSON are read as that.
    """
    return READERS[container](path, columns)


def _parquet(path: Path, columns: Columns) -> Iterator[Row]:
    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        known = [name for name in names if columns is None or name in columns]
        for batch in file.iter_batches(ROWS_AT_ONCE, columns=known):
            yield from batch.to_pylist()


def _lines(file: Any, columns: Columns) -> Iterator[Row]:
    for line in file:
        row = orjson.loads(line)
        yield row if columns is None else {name: row[name] for name in columns if name in row}


def _jsonl(path: Path, columns: Columns) -> Iterator[Row]:
    with path.open("rb") as file:
        yield from _lines(file, columns)


def _jsonl_gz(path: Path, columns: Columns) -> Iterator[Row]:
    with gzip.open(path) as file:
        yield from _lines(file, columns)


def _csv(path: Path, columns: Columns) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from _cells(file, columns)


def _cells(file: TextIO, columns: Columns) -> Iterator[Row]:
    for row in csv.DictReader(file):
        names = row if columns is None else [name for name in columns if name in row]
        yield {name: _value(row[name]) for name in names}


def _value(cell: str) -> Any:
    """Return what a cell stands for; a text is what cannot be JSON."""
    try:
        return orjson.loads(cell)
    except orjson.JSONDecodeError:
        return cell


READERS: dict[str, Callable[[Path, Columns], Iterator[Row]]] = {
    ContainerName.PARQUET: _parquet,
    ContainerName.JSONL: _jsonl,
    ContainerName.JSONL_GZ: _jsonl_gz,
    ContainerName.CSV: _csv,
}

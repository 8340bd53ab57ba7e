"""Read columns of written rows back, whatever the container; plain Python."""

import csv
import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import Any, BinaryIO, TextIO

import orjson
import pyarrow.parquet as pq

from exports.configs import ContainerName

ROWS_AT_ONCE = 10_000
# A response of a hundred kilobytes is one cell.
csv.field_size_limit(1 << 30)
Row = dict[str, Any]
Columns = Sequence[str] | None


def read_rows(file: BinaryIO, container: str, columns: Columns = None) -> Iterator[Row]:
    """Yield some columns of the rows of a file, or all, in order and in constant memory.

    Columns that the file lacks are left out. Cells of CSV that hold JSON are read as that.
    """
    return READERS[container](file, columns)


def _parquet(file: BinaryIO, columns: Columns) -> Iterator[Row]:
    with pq.ParquetFile(file) as opened:
        names = opened.schema_arrow.names
        known = [name for name in names if columns is None or name in columns]
        for batch in opened.iter_batches(ROWS_AT_ONCE, columns=known):
            yield from batch.to_pylist()


def _lines(file: Iterable[bytes], columns: Columns) -> Iterator[Row]:
    for line in file:
        row = orjson.loads(line)
        yield row if columns is None else {name: row[name] for name in columns if name in row}


def _jsonl_gz(file: BinaryIO, columns: Columns) -> Iterator[Row]:
    with gzip.open(file) as opened:
        yield from _lines(opened, columns)


def _csv(file: BinaryIO, columns: Columns) -> Iterator[Row]:
    with TextIOWrapper(file, encoding="utf-8", newline="") as opened:
        yield from _cells(opened, columns)


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


READERS: dict[str, Callable[[BinaryIO, Columns], Iterator[Row]]] = {
    ContainerName.PARQUET: _parquet,
    ContainerName.JSONL: _lines,
    ContainerName.JSONL_GZ: _jsonl_gz,
    ContainerName.CSV: _csv,
}

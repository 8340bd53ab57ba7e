"""The ways rows are written into one file: the same rows give the same bytes."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import RawIOBase
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any, Protocol

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from exports.configs import ContainerName
from exports.formats.columns import Column, RowOf, schema_of

# What a spreadsheet takes for the start of a formula (OWASP, CSV injection), and our own mark.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
MARK = "'"


class Container(Protocol):
    """One open file of rows.

    Of each row is kept what ``kept`` returns until a row group is full. What needs Python is done
    there and in ``ready``; ``write`` is for a thread that works behind, and so calls what lets
    Python go on meanwhile.
    """

    def __init__(self, sink: RawIOBase, columns: Sequence[Column]) -> None:
        """Begin the file."""

    def kept(self, row: RowOf) -> Any:
        """Return what is kept of one row."""

    def ready(self, rows: Sequence[Any]) -> Any:
        """Return what was kept of some rows, at most one row group, as ``write`` takes it."""

    def write(self, ready: Any) -> None:
        """Append what ``ready`` returned."""

    def close(self) -> None:
        """Finish the file; the sink stays open."""


class ParquetFile:
    """Parquet with zstd and the explicit schema; every piece is one row group."""

    def __init__(self, sink: RawIOBase, columns: Sequence[Column]) -> None:
        self._schema = schema_of(columns)
        self._writer = pq.ParquetWriter(
            sink,  # type: ignore[arg-type]  # it writes
            self._schema,
            compression="zstd",
            write_page_index=True,
        )

    def kept(self, row: RowOf) -> RowOf:
        """Return the row itself: columns are made of many."""
        return row

    def ready(self, rows: Sequence[RowOf]) -> pa.RecordBatch:
        """Return the columns of one row group."""
        columns = [
            array_of(list(map(itemgetter(one.name), rows)), one.type) for one in self._schema
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self._schema)

    def write(self, ready: pa.RecordBatch) -> None:
        """Append one row group."""
        self._writer.write_batch(ready)

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


def array_of(values: Sequence[Any], kind: pa.DataType) -> "pa.Array[Any]":
    """Return Python values as an Arrow array of a type; none of them is null.

    Lists and structs are taken apart first: pyarrow would guess about each of their values.
    """
    if pa.types.is_list(kind):
        ends = accumulate(map(len, values), initial=0)
        inner = array_of(list(chain.from_iterable(values)), kind.value_type)
        return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), inner, type=kind)
    if pa.types.is_struct(kind):
        parts = [array_of([value[field.name] for value in values], field.type) for field in kind]
        return pa.StructArray.from_arrays(parts, fields=list(kind))
    return pa.array(values, kind)


class JsonLinesFile:
    """JSON Lines: UTF-8, no blanks between tokens, keys in the order of the columns."""

    def __init__(self, sink: RawIOBase, columns: Sequence[Column]) -> None:
        self._sink, self._names = sink, [column.name for column in columns]

    def kept(self, row: RowOf) -> bytes:
        """Return one line, at once: a row that is still at hand is written in half the time."""
        if list(row) != self._names:
            row = {name: row[name] for name in self._names}
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)

    def ready(self, rows: Sequence[bytes]) -> bytes:
        """Return the lines as one."""
        return b"".join(rows)

    def write(self, ready: bytes) -> None:
        """Append lines."""
        self._sink.write(ready)

    def close(self) -> None:
        """Nothing is held back."""


class GzippedJsonLinesFile:
    """JSON Lines in gzip, without a name or a time in it."""

    def __init__(self, sink: RawIOBase, columns: Sequence[Column]) -> None:
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=sink, mtime=0)
        self._lines = JsonLinesFile(self._gzip, columns)  # type: ignore[arg-type]  # it writes

    def kept(self, row: RowOf) -> bytes:
        """Return one line."""
        return self._lines.kept(row)

    def ready(self, rows: Sequence[bytes]) -> bytes:
        """Return the lines as one."""
        return self._lines.ready(rows)

    def write(self, ready: bytes) -> None:
        """Append lines."""
        self._lines.write(ready)

    def close(self) -> None:
        """Write the end of the stream."""
        self._gzip.close()


class CsvFile:
    """CSV (RFC 4180) with a header; lists and objects are JSON in a cell.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, and so does
    one that begins with an apostrophe: take one away from whatever begins with it.
    """

    def __init__(self, sink: RawIOBase, columns: Sequence[Column]) -> None:
        self._sink, self._names = sink, [column.name for column in columns]
        self.write(self._records([self._names]))

    def kept(self, row: RowOf) -> list[Any]:
        """Return the cells of one record."""
        return [cell_of(row[name]) for name in self._names]

    def ready(self, rows: Sequence[list[Any]]) -> bytes:
        """Return one record a row."""
        return self._records(rows)

    def write(self, ready: bytes) -> None:
        """Append records."""
        self._sink.write(ready)

    def close(self) -> None:
        """Nothing is held back."""

    def _records(self, cells: Iterable[list[Any]]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(cells)
        return text.getvalue().encode()


def cell_of(value: Any) -> Any:
    """Return a value as it stands in a cell."""
    if isinstance(value, str):
        return f"{MARK}{value}" if value.startswith(FORMULA_STARTS) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, int | float):
        return value
    return orjson.dumps(value).decode()


CONTAINERS: dict[str, type[Container]] = {
    ContainerName.PARQUET: ParquetFile,
    ContainerName.JSONL: JsonLinesFile,
    ContainerName.JSONL_GZ: GzippedJsonLinesFile,
    ContainerName.CSV: CsvFile,
}

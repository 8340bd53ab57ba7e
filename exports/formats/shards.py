"""Write rows to numbered files of one split and container, in constant memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from exports.records import Row

ROWS_A_GROUP = 1000
ROWS_A_SHARD = 100_000


class Container(Protocol):
    """One open file of rows."""

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows, at most one row group of them."""

    def close(self) -> None:
        """Finish the file."""


class ParquetFile:
    """Parquet with zstd and the explicit schema; every ``write`` is one row group."""

    suffix = "parquet"

    def __init__(self, sink: BinaryIO, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(sink, schema, compression="zstd", write_page_index=True)

    def write(self, rows: Sequence[Row]) -> None:
        """Append one row group."""
        columns: list[Any] = [
            pa.array([getattr(row, field.name) for row in rows], field.type)
            for field in self._schema
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


class JsonLinesFile:
    """JSON Lines: UTF-8, no blanks between tokens, keys in the order of the record."""

    suffix = "jsonl"

    def __init__(self, sink: BinaryIO, schema: pa.Schema) -> None:
        self._sink = sink

    def write(self, rows: Sequence[Row]) -> None:
        """Append one line a row."""
        self._sink.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)

    def close(self) -> None:
        """Nothing is held back."""


class Shards:
    """The files of one split in one container: ``train-00000-of-00001.parquet`` and so on.

    How many there are is known only at the end, so they get their names in ``finish``. A
    split that got no row has no file: readers cannot load an empty one.
    """

    def __init__(
        self,
        folder: Path,
        split: str,
        kind: type[ParquetFile | JsonLinesFile],
        schema: pa.Schema,
        *,
        rows_a_shard: int = ROWS_A_SHARD,
    ) -> None:
        self._folder = folder
        self._split = split
        self._kind = kind
        self._schema = schema
        self._rows_a_shard = rows_a_shard
        self._waiting: list[Row] = []
        self._counts: list[int] = []
        self._sink: BinaryIO | None = None
        self._file: Container | None = None

    def add(self, row: Row) -> None:
        """Append one row."""
        self._waiting.append(row)
        if len(self._waiting) == ROWS_A_GROUP:
            self._flush()

    def finish(self) -> list[tuple[Path, int]]:
        """Close and name the files; return each path with its rows."""
        if self._waiting:
            self._flush()
        self._end_shard()
        named = []
        for number, rows in enumerate(self._counts):
            name = f"{self._split}-{number:05}-of-{len(self._counts):05}.{self._kind.suffix}"
            path = self._part(number).rename(self._folder / name)
            named.append((path, rows))
        return named

    def abandon(self) -> None:
        """Let go of the file that is open, after a failure."""
        if self._sink is not None:
            self._sink.close()

    def _part(self, number: int) -> Path:
        return self._folder / f"{self._split}-{number:05}.part"

    def _flush(self) -> None:
        if self._file is None or self._counts[-1] >= self._rows_a_shard:
            self._end_shard()
            self._sink = self._part(len(self._counts)).open("xb")
            self._file = self._kind(self._sink, self._schema)
            self._counts.append(0)
        self._file.write(self._waiting)
        self._counts[-1] += len(self._waiting)
        self._waiting.clear()

    def _end_shard(self) -> None:
        if self._file is not None and self._sink is not None:
            self._file.close()
            self._sink.close()
        self._file = self._sink = None

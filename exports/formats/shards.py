"""Write rows to numbered files of one split and container, in constant memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from exports.formats.columns import Column, RowOf
from exports.formats.containers import CONTAINERS, Container

ROWS_A_GROUP = 1000
ROWS_A_SHARD = 100_000


class Shards:
    """The files of one split in one container: ``train-00000-of-00001.parquet`` and so on.

    How many there are is known only at the end, so they get their names in ``finish``. A split
    that got no row has no file: readers cannot load an empty one.
    """

    def __init__(
        self,
        folder: Path,
        split: str,
        container: str,
        columns: Sequence[Column],
        *,
        rows_a_shard: int = ROWS_A_SHARD,
    ) -> None:
        self._folder, self._split, self._suffix = folder, split, container
        self._kind, self._columns = CONTAINERS[container], columns
        self._rows_a_shard = rows_a_shard
        self._waiting: list[RowOf] = []
        self._counts: list[int] = []
        self._sink: BinaryIO | None = None
        self._file: Container | None = None

    def add(self, row: RowOf) -> None:
        """Append one row, with a value for each column; others are passed over."""
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
            name = f"{self._split}-{number:05}-of-{len(self._counts):05}.{self._suffix}"
            named.append((self._part(number).rename(self._folder / name), rows))
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
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sink = self._part(len(self._counts)).open("xb")
            self._file = self._kind(self._sink, self._columns)
            self._counts.append(0)
        self._file.write(self._waiting)
        self._counts[-1] += len(self._waiting)
        self._waiting.clear()

    def _end_shard(self) -> None:
        if self._file is not None and self._sink is not None:
            self._file.close()
            self._sink.close()
        self._file = self._sink = None

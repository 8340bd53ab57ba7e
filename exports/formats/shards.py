"""Write rows to numbered files of one split and container, in constant memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from exports.formats.columns import Column, RowOf
from exports.formats.containers import CONTAINERS, Container
from exports.formats.measured import Disk, MeasuredFile

ROWS_A_GROUP = 1000
ROWS_A_SHARD = 100_000


class Shards:
    """The files of one split in one container: ``train-00000-of-00001.parquet`` and so on.

    How many there are is known only at the end, so they get their names in ``finish``. A split
    that got no row has no file: readers cannot load an empty one. Several may share a ``disk``;
    whoever gave it calls ``end`` of them all, and finishes it, before ``finish``.
    """

    def __init__(
        self,
        folder: Path,
        split: str,
        container: str,
        columns: Sequence[Column],
        *,
        disk: Disk | None = None,
        rows_a_shard: int = ROWS_A_SHARD,
    ) -> None:
        self._folder, self._split, self._suffix = folder, split, container
        self._kind, self._columns = CONTAINERS[container], columns
        self._rows_a_shard = rows_a_shard
        self._disk, self._is_own = disk or Disk(), disk is None
        self._waiting: list[Any] = []
        self._counts: list[int] = []
        self._file: Container | None = None
        self.files: list[MeasuredFile] = []

    def add(self, row: RowOf) -> None:
        """Append one row, with a value for each column; others are passed over."""
        file = self._file or self._begin()
        self._waiting.append(file.kept(row))
        if len(self._waiting) == ROWS_A_GROUP:
            self._flush(file)

    def end(self) -> None:
        """Have the disk write all that is still to be written."""
        if self._file is not None and self._waiting:
            self._flush(self._file)
        self._end_shard()

    def finish(self) -> list[tuple[Path, int]]:
        """Name the files; return each path with its rows, in the order of ``files``."""
        self.end()
        if self._is_own:
            self._disk.finish()
        named = []
        for number, rows in enumerate(self._counts):
            name = f"{self._split}-{number:05}-of-{len(self._counts):05}.{self._suffix}"
            named.append((self._part(number).rename(self._folder / name), rows))
        return named

    def abandon(self) -> None:
        """Let go of the files, after a failure; the disk is at rest."""
        for file in self.files:
            file.close()

    def _part(self, number: int) -> Path:
        return self._folder / f"{self._split}-{number:05}.part"

    def _begin(self) -> Container:
        self._folder.mkdir(parents=True, exist_ok=True)
        self.files.append(MeasuredFile(self._part(len(self._counts))))
        self._file = self._kind(self.files[-1], self._columns)
        self._counts.append(0)
        return self._file

    def _flush(self, file: Container) -> None:
        self._disk.write(self.files[-1], file.write, file.ready(self._waiting))
        self._counts[-1] += len(self._waiting)
        self._waiting.clear()
        if self._counts[-1] >= self._rows_a_shard:
            self._end_shard()

    def _end_shard(self) -> None:
        if self._file is not None:
            self._disk.write(self.files[-1], self._file.close)
            self._disk.end(self.files[-1])
        self._file = None

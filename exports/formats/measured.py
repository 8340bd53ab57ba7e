"""Files that are measured while they are written, so that nobody has to read them again."""

import hashlib
import io
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from exports.behind import Behind

# How many row groups wait to be written, and after how many bytes a file is put on the disk.
PIECES_WAITING, SYNCS_WAITING = 4, 1000
SYNCED_AFTER = 1 << 25


class MeasuredFile(io.RawIOBase):
    """A new file of which size, SHA-256 and CRC-32 are known at its end."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("xb")
        self._digest = hashlib.sha256()
        self.size = self.crc32 = 0

    @property
    def sha256(self) -> str:
        """The checksum of what was written."""
        return self._digest.hexdigest()

    def writable(self) -> bool:
        """Tell that it is written."""
        return True

    def tell(self) -> int:
        """Return how much was written; there is no way back."""
        return self.size

    def write(self, data: Any) -> int:
        """Append some bytes."""
        self._digest.update(data)
        self.crc32 = zlib.crc32(data, self.crc32)
        written = self._file.write(data)
        self.size += written
        return written

    def sync(self) -> None:
        """Put on the disk what is written so far; the rest will be sooner done."""
        os.fdatasync(self._file.fileno())

    def end(self) -> None:
        """Put all of it on the disk and close it."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self.close()

    def close(self) -> None:
        """Let go of it, whole or not."""
        self._file.close()
        super().close()


class Disk:
    """Writes pieces of files in order in one thread, and puts files on the disk in another."""

    def __init__(self) -> None:
        self._writing, self._syncing = Behind(PIECES_WAITING), Behind(SYNCS_WAITING)
        self._synced: dict[MeasuredFile, int] = {}

    def write(self, file: MeasuredFile, call: Callable[..., object], *arguments: Any) -> None:
        """Have a piece written to ``file`` by a call."""
        self._writing.do(call, *arguments)
        if file.size - self._synced.get(file, 0) > SYNCED_AFTER:
            self._synced[file] = file.size
            self._syncing.do(file.sync)

    def end(self, file: MeasuredFile) -> None:
        """Have ``file`` ended after what is still to be written to it."""
        self._synced.pop(file, None)
        self._writing.do(self._syncing.do, file.end)

    def finish(self) -> None:
        """Wait until every file is on the disk."""
        self._writing.finish()
        self._syncing.finish()

    def abandon(self) -> None:
        """Begin nothing more, after a failure."""
        self._writing.abandon()
        self._syncing.abandon()

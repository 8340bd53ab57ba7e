"""Files of exports on this machine's disk: a folder for each export."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from exports.formats.manifest import FileEntry
from exports.ranges import Span, read_file
from exports.services.stores import Wanted, damaged, missing


@dataclass(frozen=True)
class OnDisk:
    """A file that is opened where it lies."""

    path: Path

    def read(self, span: Span) -> Iterator[bytes]:
        """Yield some of its bytes."""
        return read_file(self.path, span)

    def open(self) -> BinaryIO:
        """Return it opened."""
        return self.path.open("rb")

    def path_in(self, folder: Path) -> Path:
        """Return its path; it needs no copy."""
        return self.path


@dataclass(frozen=True)
class Disk:
    """The folder that holds the folders of exports."""

    root: Path

    def send(self, folder: Path, place: str, entries: Iterable[FileEntry]) -> None:
        """Do nothing: the files are on this disk already."""

    def publish(self, folder: Path, place: str) -> None:
        """Move the folder to its place, in one step, and put that on the disk.

        What lies there already was left by a worker that died before it could say so.
        """
        final = self.root / place
        if final.exists():
            shutil.rmtree(final)
        for inside in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            _sync_folder(inside)
        folder.rename(final)
        _sync_folder(final.parent)

    def find(self, place: str, file: Wanted) -> OnDisk:
        """Return the file, if it has its size."""
        path = self.root / place / file.path
        try:
            size = path.stat().st_size
        except OSError as error:
            raise missing() from error
        if size != file.size:
            raise damaged()
        return OnDisk(path)

    def find_all(self, place: str, files: Sequence[Wanted]) -> list[OnDisk]:
        """Return the files, if each has its size."""
        return [self.find(place, file) for file in files]

    def beside(self, place: str, path: str) -> bytes | None:
        """Return the content of a small file."""
        try:
            return (self.root / place / path).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, place: str) -> None:
        """Delete the folder."""
        shutil.rmtree(self.root / place, ignore_errors=True)

    def address(self, place: str) -> str:
        """Return the folder."""
        return str(self.root / place)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

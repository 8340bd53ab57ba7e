"""Where the files of published exports are kept: what a store does, and how it refuses."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from exports.formats.manifest import FileEntry
from exports.ranges import Span
from labeling.errors import DomainError, Kind
from labeling.wording import gettext


class FileGone(DomainError):
    """A published file is missing or damaged where it is kept."""

    code = "export_file_gone"
    kind = Kind.GONE


class StorageUnavailable(DomainError):
    """The bucket that files are kept in cannot be used at the moment."""

    code = "export_storage_unavailable"
    kind = Kind.UNAVAILABLE


class Wanted(NamedTuple):
    """One file as it was published; ``path`` is relative to its export's place."""

    path: str
    size: int
    sha256: str


class Source(Protocol):
    """One published file that was found; what it yields is of that file or nothing."""

    def read(self, span: Span) -> Iterator[bytes]:
        """Yield some of its bytes in pieces; nothing is opened before somebody reads."""

    def open(self) -> BinaryIO:
        """Return it whole, to be read from anywhere in it."""

    def path_in(self, folder: Path) -> Path:
        """Return its path on this machine: of a copy in ``folder`` where it is elsewhere."""


class Store(Protocol):
    """Keeps the files of each export under a place of its own.

    Everything raises StorageUnavailable where what holds the files does not answer.
    """

    def send(self, folder: Path, place: str, entries: Iterable[FileEntry]) -> None:
        """Bring the files of a folder near; nobody sees them before they are published."""

    def publish(self, folder: Path, place: str) -> None:
        """Have the files of a folder at their place, on what does not forget."""

    def find(self, place: str, file: Wanted) -> Source:
        """Return a file; raise FileGone unless it is there as it was published."""

    def find_all(self, place: str, files: Sequence[Wanted]) -> Sequence[Source]:
        """Return files in order; raise FileGone unless all are there, of their size."""

    def beside(self, place: str, path: str) -> bytes | None:
        """Return what was written beside the published files, None where there is none."""

    def remove(self, place: str) -> None:
        """Delete all files of a place for good; safe to do twice."""

    def address(self, place: str) -> str:
        """Return what an operator finds the files by."""


def damaged() -> FileGone:
    """Return the refusal of a file that is not what was published."""
    return FileGone(gettext("The file is damaged. Make a new export."))


def missing() -> FileGone:
    """Return the refusal of a file that is not there."""
    return FileGone(gettext("The file is no longer where it was kept. Make a new export."))

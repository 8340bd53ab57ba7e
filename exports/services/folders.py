"""The folders in which exports are written, one for each claim, and what becomes of them."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db.models import F

from exports.enums import ExportState
from exports.formats.archive import PLAN
from exports.formats.manifest import ARCHIVE, FileEntry
from exports.models import Export, ExportFile, Sending
from exports.ranges import Span
from exports.services.places import COPIES, Place, find, place_of, place_under
from exports.services.stores import FileGone, StorageUnavailable
from labeling.clock import database_now

WRITING = "writing"
PAIRS = re.compile(r"jsonl/trl/.+\.jsonl")
# A worker whose claim is over notices after one file; by then it sends nothing more.
SENT_IN_VAIN = timedelta(hours=1)
COPIED_IN_VAIN = timedelta(days=1)


def writing_folder(export: Export) -> Path:
    """Return the folder in which the holder of the export's claim writes."""
    return _folder(WRITING) / f"{export.pk}-{claim_of(export).hex}"


def claim_of(export: Export) -> UUID:
    """Return the claim under which an export is being written."""
    if export.claim is None:
        raise ValueError(f"{export} is not claimed")
    return export.claim


def ready_folder(export_id: int) -> Path:
    """Return the folder that holds an export's files once it is ready, where that is the disk."""
    return _folder(str(export_id))


def _folder(name: str) -> Path:
    return Path(settings.EXPORTS_DIR) / name


def entry_of(
    folder: Path,
    path: str,
    rows: int | None = None,
    config: str | None = None,
    split: str | None = None,
) -> FileEntry:
    """Measure one file, and make sure that it is on the disk."""
    with (folder / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        os.fsync(file.fileno())
    return FileEntry(path, size, digest, rows, config, split)


def send(export: Export, entries: Iterable[FileEntry]) -> None:
    """Send what was written to the bucket, where there is one; ``publish`` makes it count.

    Takes as long as it takes, so that it is no part of a transaction. What is sent in vain is
    found again by its row. Raises StorageUnavailable.
    """
    place = _new_place(export)
    if settings.EXPORTS_STORAGE:
        Sending.objects.create(export=export, claim=claim_of(export))
    folder = writing_folder(export)
    written = (entry_of(folder, PLAN) if one.path == ARCHIVE else one for one in entries)
    place.store.send(folder, place.name, written)


def publish(export: Export) -> UUID | None:
    """Have the written files in their place, in one step; return what the row must say of it."""
    place = _new_place(export)
    place.store.publish(writing_folder(export), place.name)
    Sending.objects.filter(claim=claim_of(export)).delete()
    return export.claim if settings.EXPORTS_STORAGE else None


def discard(folder: Path, claim: UUID) -> None:
    """Delete what the holder of a claim wrote and sent, but for what is published.

    Whoever calls it was the holder, and writes and sends nothing any more.
    """
    shutil.rmtree(folder, ignore_errors=True)
    _unsend(Sending.objects.filter(claim=claim))


def _new_place(export: Export) -> Place:
    return place_under(export.pk, claim_of(export) if settings.EXPORTS_STORAGE else None)


def address_of(export: Export) -> str:
    """Return what an operator finds an export's files by: a folder, or an address of a bucket."""
    place = place_of(export.pk)
    return place.store.address(place.name)


def remove_files(export_id: int) -> None:
    """Delete the files of an export for good; the rows that name them stay.

    Safe to do twice. Raises StorageUnavailable where the bucket does not take part.
    """
    place = place_of(export_id)
    place.store.remove(place.name)


def first_rows(files: Iterable[ExportFile], most: int) -> list[dict[str, Any]]:
    """Return the first pairs of an export; none when the file cannot be read."""
    lines = next((file for file in files if PAIRS.fullmatch(file.path)), None)
    if lines is None:
        return []
    try:
        return [orjson.loads(line) for line in _first_lines(lines, most)]
    except (FileGone, StorageUnavailable):
        return []


def _first_lines(file: ExportFile, most: int) -> list[bytes]:
    """Return the first lines of a file, of which no more is read than that."""
    start = b""
    for piece in find(file).read(Span(0, file.size)):
        start += piece
        if start.count(b"\n") >= most:
            break
    return start.splitlines()[:most]


@contextmanager
def at_hand(files: Iterable[ExportFile]) -> Iterator[dict[str, Path]]:
    """Give the paths of published files on this machine; copies are there as long as the block.

    Raises FileGone when what is there is not what was published.
    """
    copies = _folder(COPIES)
    copies.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=copies) as folder:
        yield {file.path: find(file).path_in(Path(folder)) for file in files}


def remove_leftovers() -> int:
    """Delete what claims that are over wrote, and old copies; return how much there was."""
    live = Export.objects.filter(state=ExportState.RUNNING)
    found = list(_folder(WRITING).glob("*"))  # before the rows: a folder is younger than its claim
    kept = {writing_folder(export) for export in live}
    forgotten = [*(path for path in found if path not in kept), *_old_copies()]
    return _remove(forgotten) + _remove_unpublished()


def _old_copies() -> Iterator[Path]:
    """Yield the folders of copies that a killed process left."""
    oldest = (database_now() - COPIED_IN_VAIN).timestamp()
    for path in _folder(COPIES).glob("*"):
        with suppress(FileNotFoundError):  # whoever made it is done
            if path.stat().st_mtime < oldest:
                yield path


def _remove(folders: Iterable[Path]) -> int:
    removed = 0
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        removed += 1
    return removed


def _remove_unpublished() -> int:
    """Delete what claims that are over sent to the bucket, when nobody can be sending it still."""
    now = database_now()
    over = Sending.objects.exclude(export__state=ExportState.RUNNING, export__claim=F("claim"))
    over.filter(over_since=None).update(over_since=now)
    return _unsend(over.filter(over_since__lte=now - SENT_IN_VAIN).order_by("pk"))


def _unsend(sendings: Iterable[Sending]) -> int:
    """Delete what was sent in vain; what the bucket does not let go stays known for another time.

    Return how many there were.
    """
    removed = 0
    with suppress(StorageUnavailable):
        for sending in sendings:
            place = place_under(sending.export_id, sending.claim)
            place.store.remove(place.name)
            sending.delete()
            removed += 1
    return removed

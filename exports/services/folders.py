"""The folders of exports on disk: one being written for each claim, one for each ready export."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from exports.enums import ExportState
from exports.formats.manifest import FileEntry
from exports.models import Export, ExportFile
from labeling.errors import DomainError, Kind
from labeling.wording import gettext

WRITING = "writing"
PAIRS = re.compile(r"jsonl/trl/.+\.jsonl")


class FileGone(DomainError):
    """A published file is missing or damaged on the disk."""

    code = "export_file_gone"
    kind = Kind.GONE


def writing_folder(export: Export) -> Path:
    """Return the folder in which the holder of the export's claim writes."""
    if export.claim is None:
        raise ValueError(f"{export} is not claimed")
    return _writing() / f"{export.pk}-{export.claim.hex}"


def ready_folder(export_id: int) -> Path:
    """Return the folder that holds an export's files once it is ready."""
    return Path(settings.EXPORTS_DIR) / str(export_id)


def _writing() -> Path:
    return Path(settings.EXPORTS_DIR) / WRITING


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


def publish(export: Export) -> None:
    """Move the written folder to its final place, in one step, and put that on the disk.

    What lies there already was left by a worker that died before it could say so.
    """
    final = ready_folder(export.pk)
    if final.exists():
        shutil.rmtree(final)
    source = writing_folder(export)
    for folder in (source, *(path for path in source.rglob("*") if path.is_dir())):
        _sync_folder(folder)
    source.rename(final)
    _sync_folder(final.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def path_of(file: ExportFile) -> Path:
    """Return where a published file lies; the path comes from its row, never from a client.

    Raises FileGone when what is on the disk is not what was published.
    """
    path = ready_folder(file.export_id) / file.path
    try:
        size = path.stat().st_size
    except OSError as error:
        reason = gettext("The file is no longer on the disk. Make a new export.")
        raise FileGone(reason) from error
    if size != file.size:
        raise FileGone(gettext("The file on the disk is damaged. Make a new export."))
    return path


def remove_files(export_id: int) -> None:
    """Delete the files of an export for good; the rows that name them stay."""
    shutil.rmtree(ready_folder(export_id), ignore_errors=True)


def first_rows(files: Iterable[ExportFile], most: int) -> list[dict[str, Any]]:
    """Return the first pairs of an export; none when the file cannot be read."""
    lines = next((file for file in files if PAIRS.fullmatch(file.path)), None)
    if lines is None:
        return []
    try:
        with path_of(lines).open("rb") as opened:
            return [orjson.loads(line) for line in islice(opened, most)]
    except FileGone:
        return []


def remove_leftovers() -> int:
    """Delete the writing folders of claims that are over; return how many."""
    live = Export.objects.filter(state=ExportState.RUNNING)
    found = list(_writing().glob("*"))  # before the rows: a folder is younger than its claim
    kept = {writing_folder(export) for export in live}
    return _remove(path for path in found if path not in kept)


def _remove(folders: Iterable[Path]) -> int:
    removed = 0
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        removed += 1
    return removed

"""The archive of an export, which is told from its other files and written nowhere.

Exports of earlier releases have it as a file, which is sent as it is.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import orjson

from exports.formats.archive import Archive, Member
from exports.formats.manifest import ARCHIVE, FileEntry
from exports.models import ExportFile
from exports.ranges import Span, read_file
from exports.services.folders import FileGone, entry_of, path_of, ready_folder
from labeling.wording import gettext

PLAN = "archive.json"


def plan_archive(
    folder: Path, export_id: int, files: Sequence[FileEntry], crc32: Mapping[str, int]
) -> FileEntry:
    """Note what the archive of these files is made of; return how large it is, and its checksum.

    ``crc32`` knows those of the large files; the others are read for theirs.
    """
    members = [
        Member(one.path, one.size, _crc32(folder / one.path, crc32.get(one.path))) for one in files
    ]
    (folder / PLAN).write_bytes(orjson.dumps(list(map(tuple, members))))
    entry_of(folder, PLAN)
    archive = _archive(export_id, members)
    return FileEntry(ARCHIVE, archive.size, archive.sha256(folder))


def read_published(file: ExportFile, span: Span) -> Iterator[bytes]:
    """Return some bytes of a published file, in pieces; the archive's are told from the others'.

    Raises FileGone at once when what is on the disk is not what was published.
    """
    folder = ready_folder(file.export_id)
    if file.path != ARCHIVE or not (folder / PLAN).exists():
        return read_file(path_of(file), span)
    members = [Member(*one) for one in orjson.loads((folder / PLAN).read_bytes())]
    for member in members:
        path_of(ExportFile(export_id=file.export_id, path=member.path, size=member.size))
    archive = _archive(file.export_id, members)
    if archive.size != file.size:
        raise FileGone(gettext("The file on the disk is damaged. Make a new export."))
    return archive.read(folder, span)


def _archive(export_id: int, members: Sequence[Member]) -> Archive:
    return Archive(members, inside=f"annotate-export-{export_id}")


def _crc32(path: Path, known: int | None) -> int:
    return zlib.crc32(path.read_bytes()) if known is None else known

"""The archive of an export, which is told from its other files and written nowhere.

Exports of earlier releases have it as a file, which is sent as it is.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import orjson

from exports.formats.archive import PLAN, Archive, Member
from exports.formats.manifest import ARCHIVE, FileEntry
from exports.models import ExportFile
from exports.ranges import Span, read_file
from exports.services.folders import entry_of
from exports.services.places import Place, place_of
from exports.services.stores import Wanted, damaged


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
    digest = archive.sha256(lambda path, span: read_file(folder / path, span))
    return FileEntry(ARCHIVE, archive.size, digest)


def read_published(file: ExportFile, span: Span) -> Iterator[bytes]:
    """Return some bytes of a published file, in pieces; the archive's are told from the others'.

    Raises FileGone at once when what is there is not what was published.
    """
    place = place_of(file.export_id)
    plan = place.store.beside(place.name, PLAN) if file.path == ARCHIVE else None
    if plan is None:
        return place.find(Wanted(file.path, file.size, file.sha256)).read(span)
    return _read_archive(file, place, [Member(*one) for one in orjson.loads(plan)], span)


def _read_archive(
    file: ExportFile, place: Place, members: Sequence[Member], span: Span
) -> Iterator[bytes]:
    rows = ExportFile.objects.filter(export=file.export_id)
    digests = dict(rows.values_list("path", "sha256"))
    wanted = [Wanted(one.path, one.size, digests.get(one.path, "")) for one in members]
    found = place.store.find_all(place.name, wanted)
    sources = {one.path: source for one, source in zip(wanted, found, strict=True)}
    archive = _archive(file.export_id, members)
    if archive.size != file.size:
        raise damaged()
    return archive.read(lambda path, part: sources[path].read(part), span)


def _archive(export_id: int, members: Sequence[Member]) -> Archive:
    return Archive(members, inside=f"annotate-export-{export_id}")


def _crc32(path: Path, known: int | None) -> int:
    return zlib.crc32(path.read_bytes()) if known is None else known

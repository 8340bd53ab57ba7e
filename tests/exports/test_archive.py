"""The archive of an export is never written, and has the bytes that a written one would have."""

import random
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest

from exports.formats import archive as module
from exports.formats.archive import Archive, Member
from exports.ranges import Span, read_file

FILES = {
    "README.md": b"# \xc3\xbc\n",
    "trl/train.jsonl": b"{}\n" * 999,
    "empty": b"",
    "\u00fc": b"x",
}


@pytest.fixture
def members(tmp_path: Path) -> list[Member]:
    for path, content in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return [Member(path, len(found), zlib.crc32(found)) for path, found in FILES.items()]


def written() -> bytes:
    """Return what zipfile writes of the same files."""
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for path, content in FILES.items():
            entry = zipfile.ZipInfo(f"export/{path}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system = 0o100644 << 16, 3
            entry.file_size = len(content)
            with archive.open(entry, "w") as file:
                file.write(content)
    return sink.getvalue()


def read(archive: Archive, folder: Path, start: int, stop: int) -> bytes:
    pieces = archive.read(lambda path, span: read_file(folder / path, span), Span(start, stop))
    return b"".join(pieces)


def test_it_has_the_bytes_that_zipfile_writes(tmp_path, members):
    archive = Archive(members, inside="export")

    assert read(archive, tmp_path, 0, archive.size) == written()


def test_any_part_of_it_is_that_part(tmp_path, members):
    archive, whole, drawn = Archive(members, inside="export"), written(), random.Random(1)
    for _ in range(200):
        start, stop = sorted(drawn.choices(range(len(whole) + 1), k=2))
        assert read(archive, tmp_path, start, stop) == whole[start:stop]


def test_it_can_be_unpacked_where_sizes_need_64_bits(tmp_path, members, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    archive = Archive(members, inside="export")

    with zipfile.ZipFile(BytesIO(read(archive, tmp_path, 0, archive.size))) as found:
        assert found.testzip() is None
        assert {name: found.read(f"export/{name}") for name in FILES} == FILES


def test_it_can_be_unpacked_where_there_are_very_many_files(tmp_path, members, monkeypatch):
    monkeypatch.setattr(module, "MOST_FILES", 2)
    archive = Archive(members, inside="export")

    with zipfile.ZipFile(BytesIO(read(archive, tmp_path, 0, archive.size))) as found:
        assert sorted(found.namelist()) == sorted(f"export/{name}" for name in FILES)

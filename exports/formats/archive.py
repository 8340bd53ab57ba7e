"""One archive of all files of an export that is never written: its bytes are told from theirs.

Files are stored in it uncompressed, so that sizes and CRC-32 alone say where each byte stands. The
same files give the same bytes, those that Python's zipfile writes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from struct import pack
from typing import NamedTuple

from exports.ranges import Span

PLAN = "archive.json"  # what it is made of, noted beside the files
# The earliest day a zip can state, 1 January 1980; the real one would change the bytes.
NO_TIME, NO_DAY = 0, 1 << 5 | 1
PLAIN_FILE, UNIX = 0o100644 << 16, 3
USUAL, ZIP64 = 20, 45
UTF8_NAME = 1 << 11
# Beyond these zipfile states sizes and counts in 64 bits, long before 32 would overflow.
MOST_BYTES, MOST_FILES = (1 << 31) - 1, (1 << 16) - 1
ELSEWHERE = 0xFFFFFFFF
# zipfile fears that what it stores may grow.
MAY_GROW = 1.05


class Member(NamedTuple):
    """One file of an archive; ``path`` is relative to the folder that holds it."""

    path: str
    size: int
    crc32: int


# Reads some bytes of the file of a path.
ReadMember = Callable[[str, Span], Iterator[bytes]]


class Archive:
    """An archive of some files, in order, under the folder ``inside``."""

    def __init__(self, members: Sequence[Member], *, inside: str) -> None:
        self._members, self._inside = members, inside

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return sum(map(_length, self._segments))

    def sha256(self, read: ReadMember) -> str:
        """Return the checksum of its bytes, with files that are read so."""
        digest = hashlib.sha256()
        for piece in self.read(read, Span(0, self.size)):
            digest.update(piece)
        return digest.hexdigest()

    def read(self, read: ReadMember, span: Span) -> Iterator[bytes]:
        """Yield some of its bytes in pieces; files are read only once their turn has come."""
        begin = 0
        for segment in self._segments:
            end = begin + _length(segment)
            part = Span(max(span.start, begin) - begin, min(span.stop, end) - begin)
            if part.length > 0:
                if isinstance(segment, Member):
                    yield from read(segment.path, part)
                else:
                    yield segment[part.start : part.stop]
            begin = end

    @cached_property
    def _segments(self) -> list[bytes | Member]:
        found: list[bytes | Member] = []
        directory, offset = [], 0
        for member in self._members:
            name = f"{self._inside}/{member.path}"
            header = _local_header(name, member)
            directory.append(_directory_header(name, member, offset))
            found += [header, member]
            offset += len(header) + member.size
        listed = b"".join(directory)
        return [*found, listed, _end(len(directory), len(listed), offset)]


def _length(segment: bytes | Member) -> int:
    return segment.size if isinstance(segment, Member) else len(segment)


def _is_large(member: Member) -> bool:
    return member.size * MAY_GROW > MOST_BYTES


def _encoded(name: str) -> tuple[bytes, int]:
    return name.encode(), 0 if name.isascii() else UTF8_NAME


def _local_header(name: str, member: Member) -> bytes:
    """Return what stands before a file (APPNOTE 4.3.7)."""
    encoded, flags = _encoded(name)
    version, sizes, extra = USUAL, (member.size, member.size), b""
    if _is_large(member):
        version, sizes = ZIP64, (ELSEWHERE, ELSEWHERE)
        extra = pack("<HHQQ", 1, 16, member.size, member.size)
    return (
        pack(
            "<4s2B4HL2L2H",
            b"PK\3\4", version, 0, flags, 0, NO_TIME, NO_DAY, member.crc32, *sizes,
            len(encoded), len(extra),
        )
        + encoded
        + extra
    )  # fmt: skip


def _directory_header(name: str, member: Member, offset: int) -> bytes:
    """Return what the directory says about a file (APPNOTE 4.3.12)."""
    encoded, flags = _encoded(name)
    large, is_far = member.size > MOST_BYTES, offset > MOST_BYTES
    wide = [*([member.size] * 2 if large else ()), *([offset] if is_far else ())]
    extra = pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    version = ZIP64 if wide or _is_large(member) else USUAL
    size = ELSEWHERE if large else member.size
    return (
        pack(
            "<4s4B4HL2L5H2L",
            b"PK\1\2", version, UNIX, version, 0, flags, 0, NO_TIME, NO_DAY, member.crc32, size,
            size, len(encoded), len(extra), 0, 0, 0, PLAIN_FILE, ELSEWHERE if is_far else offset,
        )
        + encoded
        + extra
    )  # fmt: skip


def _end(count: int, size: int, offset: int) -> bytes:
    """Return what stands after the directory (APPNOTE 4.3.14 to 4.3.16)."""
    wide = b""
    if count > MOST_FILES or offset > MOST_BYTES or size > MOST_BYTES:
        wide = pack(
            "<4sQ2H2L4Q", b"PK\6\6", 44, ZIP64, ZIP64, 0, 0, count, count, size, offset
        ) + pack("<4sLQL", b"PK\6\7", 0, offset + size, 1)
    count, size, offset = min(count, MOST_FILES), min(size, ELSEWHERE), min(offset, ELSEWHERE)
    return wide + pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)

"""Which bytes of a file an HTTP request asks for (RFC 9110, sections 13 and 14)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{1,18})?|-(\d{1,18}))", re.ASCII)
BYTES_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class Span:
    """Some bytes of a file, from ``start`` up to but not including ``stop``."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        """How many bytes there are."""
        return self.stop - self.start

    def content_range(self, size: int) -> str:
        """Return the value of the Content-Range header."""
        return f"bytes {self.start}-{self.stop - 1}/{size}"


class Unsatisfiable(Exception):
    """The range lies outside the file."""


def asked_span(range_header: str | None, if_range: str | None, etag: str, size: int) -> Span | None:
    """Return the bytes asked for, or None for the whole file.

    A range of another version of the file (``if_range``), several ranges, and what is not
    understood get the whole file, as the standard allows. Raises Unsatisfiable.
    """
    if range_header is None or (if_range is not None and if_range.strip() != etag):
        return None
    found = ONE_RANGE.fullmatch(range_header.strip())
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        span = Span(max(0, size - int(suffix)), size)
    else:
        span = Span(int(first), min(size, int(last) + 1) if last else size)
        if last and int(last) < int(first):
            return None
    if span.length <= 0:
        raise Unsatisfiable
    return span


def read_file(path: Path, span: Span) -> Iterator[bytes]:
    """Yield some bytes of a file in pieces; it is opened only once somebody reads."""
    with path.open("rb") as file:
        file.seek(span.start)
        left = span.length
        while left and (piece := file.read(min(left, BYTES_AT_ONCE))):
            left -= len(piece)
            yield piece

"""Read CSV: a header, quoted as in RFC 4180, separated by comma, semicolon or tab."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from labeling.prompts.problems import FileRefused, Problem
from labeling.prompts.readers.flat import PROMPT_COLUMNS, fold, is_known
from labeling.prompts.readers.raw import LONGEST_ROW, RawRow
from labeling.prompts.readers.sniff import BOM
from labeling.prompts.texts import flaw_of_bytes, flaw_of_text, showable

SEPARATORS = (",", ";", "\t")
LIMIT_MB = LONGEST_ROW // 1024 // 1024

# The module's own limit is 128 KB a field, less than a long conversation.
csv.field_size_limit(LONGEST_ROW)


class _RecordTooLong(Exception):
    pass


class _Lines:
    """The lines of a file as text, refusing to gather more than one row's worth of them."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.gathered = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.file.readline(LONGEST_ROW + 1):
            self.gathered += len(line)
            if self.gathered > LONGEST_ROW:
                raise _RecordTooLong
            yield line.decode(errors="surrogateescape")


def read_csv(path: Path) -> Iterator[RawRow]:
    """Yield the rows of a CSV file, numbered from 1 without the header.

    Raises FileRefused for a header that is missing or unusable, and for broken quotes: after
    one, where rows begin and end is a guess.
    """
    with path.open("rb") as file:
        separator = _separator(file)
        file.seek(len(BOM) if file.read(len(BOM)) == BOM else 0)
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=separator, strict=True)
        records = _records(reader, lines)
        header = _header(next(records, []))
        number = 0
        for record in records:
            if record:
                number += 1
                yield _row(number, header, record)


def _separator(file: BinaryIO) -> str:
    line = file.readline(LONGEST_ROW).decode(errors="surrogateescape").removeprefix("\ufeff")
    file.seek(0)
    names = {mark: [name.strip(' "\r\n') for name in line.split(mark)] for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: sum(is_known(name.lower()) for name in names[mark]))


def _records(reader: Any, lines: _Lines) -> Iterator[list[str]]:
    while True:
        lines.gathered = 0
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except (_RecordTooLong, csv.Error) as error:
            raise _broken(line, error) from error
        if record is None:
            return
        yield record


def _broken(line: int, error: Exception) -> FileRefused:
    if isinstance(error, _RecordTooLong) or "field limit" in str(error):
        return FileRefused(
            "row_too_long",
            f"The row that starts at line {line} is longer than {LIMIT_MB} MB. Shorten it; if it "
            "is not that long, a quote in it is not closed.",
        )
    return FileRefused(
        "broken_csv",
        f"The row that starts at line {line} has a broken quote ({error}). Quote cells that hold "
        'separators, quotes or line breaks, and double the quotes inside ("").',
    )


def _header(record: list[str]) -> list[str]:
    names = [name.strip().lower() for name in record]
    if not any(names):
        raise FileRefused("missing_header", "The file has no header. Name the columns in line 1.")
    for name in names:
        flaw = flaw_of_bytes(name, "header") or flaw_of_text(name, "header")
        if flaw is not None:
            raise FileRefused(flaw.code, f"In the header (line 1): {flaw.reason}")
    twice = sorted({name for name in names if is_known(name) and names.count(name) > 1})
    if twice:
        raise FileRefused(
            "duplicate_header", f"The header names “{twice[0]}” twice. Keep one of the columns."
        )
    if not set(PROMPT_COLUMNS) & set(names):
        shown = showable(", ".join(names))
        raise FileRefused(
            "no_usable_columns",
            f"The header (line 1) has no column prompt or messages; it has: {shown}. "
            "Name the column with the prompts “prompt”.",
        )
    return names


def _row(number: int, header: list[str], record: list[str]) -> RawRow:
    start = ",".join(record)[:1000]
    if len(record) != len(header):
        reason = (
            f"The row has {len(record)} cells, the header has {len(header)}. "
            "Quote cells that hold a separator."
        )
        return RawRow(number, None, Problem("", "column_count", reason), start)
    cells = {name: cell for name, cell in zip(header, record, strict=True) if is_known(name)}
    for name, cell in cells.items():
        flaw = flaw_of_bytes(cell, name)
        if flaw is not None:
            return RawRow(number, None, flaw, start)
    fields = fold(cells)
    if isinstance(fields, Problem):
        return RawRow(number, None, fields, start)
    return RawRow(number, fields, None, start, sum(map(len, record)))

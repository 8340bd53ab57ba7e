"""Read JSON Lines: one object a line, UTF-8, blank lines passed over."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from labeling.prompts.json_text import BadJson, parse_json
from labeling.prompts.messages import kind_of
from labeling.prompts.problems import FileRefused, Problem
from labeling.prompts.readers.raw import CHUNK, LONGEST_ROW, RawRow
from labeling.prompts.readers.sniff import BOM
from labeling.prompts.texts import flaw_of_bytes, flaw_of_text

SHOWN_BYTES = 1000


def read_jsonl(path: Path) -> Iterator[RawRow]:
    """Yield the rows of a JSON Lines file; a row's number is its line's.

    Raises FileRefused when the file is one JSON array or one object over several lines.
    """
    with path.open("rb") as file:
        file.seek(len(BOM) if file.read(len(BOM)) == BOM else 0)
        first = True
        for number, line, whole in _lines(file):
            if not line.strip():
                continue
            if first:
                _refuse_other_json(line)
                first = False
            yield _row(number, line) if whole else _too_long(number, line)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Yield number, bytes and whether the line is whole; of longer ones only the start."""
    number = 0
    while line := file.readline(LONGEST_ROW + 1):
        number += 1
        whole = len(line) <= LONGEST_ROW
        rest = line
        while not rest.endswith(b"\n") and (rest := file.readline(CHUNK)):
            whole = False
        yield number, line if whole else line[:SHOWN_BYTES], whole


def _refuse_other_json(line: bytes) -> None:
    start = line.strip()
    if start.startswith(b"["):
        raise FileRefused(
            "json_array",
            "Line 1 starts a JSON array; JSON Lines has one object a line. "
            "Convert it, for example with: jq -c '.[]' file.json > file.jsonl",
        )
    if start == b"{":
        raise FileRefused(
            "json_over_lines",
            "The first object goes over several lines; JSON Lines has one object a line. "
            "Convert it, for example with: jq -c . file.json > file.jsonl",
        )


def _row(number: int, line: bytes) -> RawRow:
    start = line[:SHOWN_BYTES].decode(errors="replace").strip()
    if b"\x00" in line:
        return RawRow(number, None, flaw_of_text(line.decode(errors="replace"), ""), start)
    try:
        value = parse_json(line.decode())
    except UnicodeDecodeError:
        text = line.decode(errors="surrogateescape")
        return RawRow(number, None, flaw_of_bytes(text, ""), start)
    except BadJson as error:
        return RawRow(number, None, Problem("", error.code, error.reason), start)
    if not isinstance(value, dict):
        reason = f"The line holds {kind_of(value)}. Write one JSON object a line."
        return RawRow(number, None, Problem("", "not_an_object", reason), start)
    return RawRow(number, value, None, start, len(line))


def _too_long(number: int, start: bytes) -> RawRow:
    limit = LONGEST_ROW // 1024 // 1024
    reason = f"The line is longer than {limit} MB. Shorten the row or leave it out."
    problem = Problem("", "row_too_long", reason)
    return RawRow(number, None, problem, start.decode(errors="replace"))

"""Malformed files: each gives an error that names the place, and leaves no row behind."""

import gzip
import io
import json
import os
import zipfile
from typing import Any

import pyarrow as pa
import pytest

from tests.factories import Cast
from tests.prompts.bringing import Content, asked, bring, content_of, csv, jsonl, parquet, rows_left

pytestmark = pytest.mark.django_db


def zipped() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("prompts.jsonl", jsonl(asked()))
    return sink.getvalue()


def with_damage(data: bytes) -> bytes:
    """Overwrite the middle of a file's first half."""
    at = len(data) // 4
    return data[:at] + b"\xff" * 64 + data[at + 64 :]


def many() -> list[dict[str, Any]]:
    return [{"prompt": f"Question {number}, {os.urandom(40).hex()}"} for number in range(400)]


# name of the case, file name, content, error code
REFUSED_FILES: list[tuple[str, str, Content, str]] = [
    ("nothing", "a.jsonl", b"", "empty_file"),
    ("nothing csv", "a.csv", b"", "empty_file"),
    ("nothing parquet", "a.parquet", b"", "empty_file"),
    ("only a BOM", "a.jsonl", b"\xef\xbb\xbf", "empty_file"),
    ("only blank lines", "a.jsonl", b"\n \n\r\n", "empty_file"),
    ("UTF-16", "a.jsonl", jsonl(asked()).decode().encode("utf-16"), "not_utf8"),
    ("UTF-16 csv", "a.csv", "prompt\nhello\n".encode("utf-16"), "not_utf8"),
    ("gzip", "a.jsonl", gzip.compress(jsonl(asked())), "compressed_file"),
    ("gzip bomb", "a.jsonl", gzip.compress(b" " * 10_000_000), "compressed_file"),
    ("zip", "a.zip", zipped, "compressed_file"),
    ("JSON array", "a.json", json.dumps([asked()]).encode(), "json_array"),
    ("JSON over lines", "a.json", json.dumps(asked(), indent=2).encode(), "json_over_lines"),
    ("csv header only", "a.csv", b"prompt,tags\r\n", "empty_file"),
    ("csv broken quote", "a.csv", csv("prompt", '"one', "two", "three"), "broken_csv"),
    ("csv text after quote", "a.csv", csv("prompt", '"one" two'), "broken_csv"),
    ("csv without header", "a.csv", csv("Why is the sky blue?", "Why?"), "no_usable_columns"),
    ("csv blank header", "a.csv", b"\r\n,\r\nhello\r\n", "missing_header"),
    ("csv header twice", "a.csv", csv("prompt,tags,Prompt", "a,b,c"), "duplicate_header"),
    ("csv header not UTF-8", "a.csv", b"prompt\xe9,prompt\r\na,b\r\n", "bad_utf8"),
    ("csv header with NUL", "a.csv", b"prompt\x00,prompt\r\na,b\r\n", "nul"),
    ("csv giant cell", "a.csv", b'prompt\r\n"' + b"a" * 9_000_000 + b'"\r\n', "row_too_long"),
    ("csv giant row", "a.csv", b'prompt\r\n"' + b"a\n" * 4_500_000 + b'"\r\n', "row_too_long"),
    ("text as parquet", "a.parquet", jsonl(asked()), "not_parquet"),
    ("parquet cut off", "a.parquet", lambda: parquet(many())[:-300], "damaged_parquet"),
    ("parquet head only", "a.parquet", b"PAR1", "damaged_parquet"),
    ("parquet damaged", "a.parquet", lambda: with_damage(parquet(many())), "damaged_parquet"),
    ("parquet other columns", "a.parquet", lambda: parquet([{"x": 1}]), "no_usable_columns"),
    ("parquet no rows", "a.parquet", lambda: parquet(pa.table({"prompt": []})), "empty_file"),
    (
        "parquet column twice",
        "a.parquet",
        lambda: parquet(pa.Table.from_arrays([pa.array(["a"])] * 2, names=["prompt"] * 2)),
        "duplicate_header",
    ),
]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [pytest.param(*case[1:], id=case[0]) for case in REFUSED_FILES],
)
def test_malformed_file_is_refused_as_a_whole(
    cast: Cast, name: str, content: Content, code: str
) -> None:
    done = bring(cast.campaign, content_of(content), name)

    assert (done.state, done.error_code) == ("failed", code)
    assert len(done.error) > 30
    assert rows_left() == 0


def test_broken_quote_far_into_the_file_stores_nothing(cast: Cast) -> None:
    lines = [f"question {number}" for number in range(1200)]

    done = bring(cast.campaign, csv("prompt", *lines, '"never closed', *lines), "a.csv")

    assert (done.state, done.error_code) == ("failed", "broken_csv")
    assert "line 1202" in done.error
    assert rows_left() == 0

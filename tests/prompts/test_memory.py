"""Files made to exhaust memory: read in bounded memory, or refused."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from labeling.prompts.problems import FileRefused
from labeling.prompts.readers import parquet as reader
from tests.prompts.bringing import asked, parquet

ROOT = Path(__file__).resolve().parents[2]

READ_ALL = """
import resource, sys
from pathlib import Path
import django
django.setup()
from labeling.prompts.enums import FileFormat
from labeling.prompts.readers.files import read_file
from labeling.prompts.problems import FileRefused
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
seen = []
try:
    for row in read_file(Path(sys.argv[1]), FileFormat(sys.argv[2])):
        seen.append((row.number, row.problem.code if row.problem else ""))
        del seen[3:]
except FileRefused as refusal:
    seen.append((0, refusal.code))
print(seen, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def read_apart(path: Path, format: str) -> tuple[list[tuple[int, str]], int]:
    """Read a file in a process of its own; return the first rows and the growth in MB."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    result = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(path), format],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seen, _, grown = result.stdout.strip().rpartition(" ")
    return eval(seen), int(grown)


def write_giant_line(path: Path, before: bytes, after: bytes) -> None:
    piece = b"a" * 1_000_000
    with path.open("wb") as file:
        file.write(before)
        for _ in range(200):
            file.write(piece)
        file.write(after)


def test_line_of_200_mb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "giant.jsonl"
    write_giant_line(path, b'{"prompt": "', b'"}\n{"prompt": "next"}\n')

    seen, grown = read_apart(path, "jsonl")

    assert seen == [(1, "row_too_long"), (2, "")]
    assert grown < 60


def test_csv_line_of_200_mb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "giant.csv"
    write_giant_line(path, b'prompt\n"', b'"\nnext\n')

    seen, grown = read_apart(path, "csv")

    assert seen == [(0, "row_too_long")]
    assert grown < 100


def test_parquet_that_swells_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    text = pa.array(["a" * 8_000_000]).dictionary_encode()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), text.dictionary)
    path.write_bytes(parquet(pa.table({"prompt": column}), dictionary_pagesize_limit=10**8))
    assert path.stat().st_size < 1_000_000

    seen, grown = read_apart(path, "parquet")

    assert seen == [(1, ""), (2, ""), (3, "")]
    assert grown < 250


def test_parquet_with_a_huge_row_group_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "group.parquet"
    path.write_bytes(parquet([asked()] * 100, use_dictionary=False))
    monkeypatch.setattr(reader, "LARGEST_ROW_GROUP", 1000)

    with pytest.raises(FileRefused) as refusal:
        list(reader.read_parquet(path))

    assert refusal.value.code == "row_group_too_large"

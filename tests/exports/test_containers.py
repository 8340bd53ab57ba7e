"""Rows come back as they went in, from every container, and the same rows give the same bytes."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from exports.configs import ContainerName
from exports.formats.columns import schema_of
from exports.formats.containers import FORMULA_STARTS, cell_of
from exports.formats.shards import Shards
from exports.formats.variants import VARIANTS
from exports.records import Pair
from exports.selection import Selection
from tests.exports.made import TEXTS, many_pairs, one_of_each

TRL = VARIANTS["trl"]
COLUMNS = TRL.chosen(Selection())
NAMES = [column.name for column in COLUMNS]
EVERY = list(ContainerName)
OTHERS = [name for name in VARIANTS if name not in {"judgments", "trl"}]


def row(pair: Pair) -> Any:
    return TRL.row(pair)


def write(folder: Path, pairs: list[Pair], container: str, shard: int = 100_000):
    shards = Shards(folder, "train", container, COLUMNS, rows_a_shard=shard)
    for pair in pairs:
        shards.add(row(pair))
    return shards.finish()


def one_row(config: str) -> Any:
    variant = VARIANTS[config]
    return variant.row(one_of_each()[variant.of])


def plain(pair: Pair) -> dict[str, Any]:
    """Return a row as JSON has it."""
    written = row(pair)
    return json.loads(json.dumps({name: written[name] for name in NAMES}))


def read(path: Path) -> list[dict[str, Any]]:
    """Read rows with the reader that people use for the container."""
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix == ".csv":
        return [uncelled(row) for row in csv.DictReader(io.StringIO(path.read_bytes().decode()))]
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.splitlines() if line]


def uncelled(row: dict[str, str]) -> dict[str, Any]:
    """Undo what CSV does to values, as the docs say."""
    texts = {column.name for column in COLUMNS if column.type == pa.string()}
    return {
        name: value.removeprefix("'") if name in texts else json.loads(value)
        for name, value in row.items()
    }


@pytest.mark.parametrize("container", EVERY)
def test_rows_come_back_as_they_went_in(tmp_path, container):
    pairs = many_pairs(30)

    ((path, rows),) = write(tmp_path, pairs, container)

    assert (path.name, rows) == (f"train-00000-of-00001.{container}", 30)
    assert read(path) == [plain(pair) for pair in pairs]


@pytest.mark.parametrize("container", EVERY)
def test_the_same_rows_give_the_same_bytes(tmp_path, container):
    found = [write(tmp_path / name, many_pairs(20), container) for name in ("one", "two")]

    assert len({path.read_bytes() for ((path, _),) in found}) == 1


@pytest.mark.parametrize("container", EVERY)
def test_a_split_without_rows_has_no_file(tmp_path, container):
    assert write(tmp_path, [], container) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("config", OTHERS)
def test_every_other_shape_comes_back_from_parquet(tmp_path, config):
    variant = VARIANTS[config]
    columns, written = variant.chosen(Selection()), one_row(config)
    shards = Shards(tmp_path, "train", "parquet", columns)
    shards.add(written)

    ((path, _),) = shards.finish()

    (row,) = pq.read_table(path).to_pylist()
    assert row == json.loads(json.dumps({column.name: written[column.name] for column in columns}))
    assert pq.read_schema(path).equals(schema_of(columns))


@pytest.mark.parametrize("container", ["parquet", "jsonl", "jsonl.gz"])
@pytest.mark.parametrize("streaming", [False, True])
def test_datasets_loads_what_is_written(tmp_path, container, streaming):
    pairs = many_pairs(12)
    ((path, _),) = write(tmp_path / "d", pairs, container)

    loaded = datasets.load_dataset(
        "parquet" if container == "parquet" else "json",
        data_files=str(path),
        cache_dir=str(tmp_path / "cache"),
        streaming=streaming,
    )

    assert list(loaded["train"]) == [plain(pair) for pair in pairs]


def test_shards_are_numbered_and_share_one_schema(tmp_path):
    named = write(tmp_path, many_pairs(2500), "parquet", shard=1000)

    assert [(path.name, rows) for path, rows in named] == [
        ("train-00000-of-00003.parquet", 1000),
        ("train-00001-of-00003.parquet", 1000),
        ("train-00002-of-00003.parquet", 500),
    ]
    assert all(pq.read_schema(path).equals(schema_of(COLUMNS)) for path, _ in named)


def test_row_groups_hold_a_thousand_rows(tmp_path):
    ((path, _),) = write(tmp_path, many_pairs(2300), "parquet")

    metadata = pq.ParquetFile(path).metadata
    sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert sizes == [1000, 1000, 300]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_is_taken_for_a_formula(start):
    assert cell_of(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", [text for text in TEXTS if not text.startswith(FORMULA_STARTS)])
def test_other_texts_are_cells_as_they_are(text):
    assert cell_of(text) == text


def test_numbers_and_truth_values_are_cells_that_programs_read():
    assert [cell_of(value) for value in (-3, 0.5, True, False)] == [-3, 0.5, "true", "false"]

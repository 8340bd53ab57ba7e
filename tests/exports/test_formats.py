"""The files of an export load unmodified where they are used."""

import json
import re
import tomllib
import zipfile
from pathlib import Path

import datasets
import pyarrow.parquet as pq
import pytest
import yaml

from exports.formats.archive import write_archive
from exports.formats.card import card
from exports.formats.columns import COLUMNS, JUDGMENT_COLUMNS, SCHEMA
from exports.formats.manifest import GENERATOR, Counts, FileEntry, fingerprint
from exports.formats.shards import JsonLinesFile, ParquetFile, Shards
from exports.records import (
    TRAIN,
    VALIDATION,
    Message,
    PreferencePair,
    PromptFacts,
    Reason,
    Response,
    RoundFacts,
    Vote,
    make_pair,
)

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [
    "plain",
    "# Überschrift\n\n| a | b |\n| - | - |\n| 1 | 2 |",
    "```python\nprint('\\u0000')\n```\r\n",
    "مرحبا بالعالم",
    "番茄和黄瓜",
    "👩‍👩‍👧 🇪🇺 \u2028 \x00 \ufeff",
    "2024-01-01",
    '"quotes" \\ and, commas',
]


def make_rows(count: int) -> list[PreferencePair]:
    rows = []
    for n in range(count):
        text = TEXTS[n % len(TEXTS)]
        messages: tuple[Message, ...] = (
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": f"Question {n}: {text}"},
            {"role": "assistant", "content": text},
            {"role": "user", "content": "Go on."},
        )
        row = make_pair(
            prompt=PromptFacts(n, messages[n % 2 :], "", f"{n}", "", (text,)),
            chosen=Response(2 * n, f"{text} better {n}", "model-a"),
            rejected=Response(2 * n + 1, f"{text} worse {n}", ""),
            vote=Vote(f"{n}-0-1", n, 3, 1, 2 / 3, 0.0, 0, 1, RoundFacts(n % 3 + 1, text)),
            validation_share=0.2,
        )
        assert isinstance(row, PreferencePair)
        rows.append(row)
    return rows


def as_columns(row: PreferencePair) -> dict:
    return json.loads(json.dumps({name: getattr(row, name) for name in COLUMNS}))


def write(folder: Path, rows: list[PreferencePair], kind, split: str = TRAIN, shard: int = 100_000):
    folder.mkdir(parents=True, exist_ok=True)
    shards = Shards(folder, split, kind, SCHEMA, rows_a_shard=shard)
    for row in rows:
        shards.add(row)
    return shards.finish()


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A folder as an export leaves it, with both containers and both splits."""
    rows = make_rows(40)
    splits = {split: [r for r in rows if r.split == split] for split in (TRAIN, VALIDATION)}
    sizes = {split: len(found) for split, found in splits.items()}
    counts = Counts(40, 120, 0, 130, 3, 0, 40, sizes, {"duplicate": 2})
    for split, found in splits.items():
        write(tmp_path / "d" / "parquet", found, ParquetFile, split)
        write(tmp_path / "d" / "jsonl", found, JsonLinesFile, split)
    for place, container, folder in (("", "parquet", "parquet"), ("jsonl", "jsonl", "")):
        text = card(
            name='A "name":\n # - {x}',
            container=container,
            folder=folder,
            counts=counts,
            selection={"policy": "majority"},
        )
        (tmp_path / "d" / place / "README.md").write_text(text, "utf-8")
    (tmp_path / "d" / "manifest.json").write_text("{}")
    return tmp_path / "d"


@pytest.mark.parametrize("place", ["", "jsonl"])
@pytest.mark.parametrize("streaming", [False, True])
def test_datasets_loads_both_containers(dataset, tmp_path, place, streaming):
    found = datasets.load_dataset(
        str(dataset / place), cache_dir=str(tmp_path / "cache"), streaming=streaming
    )

    rows = {row["pair_id"]: row for split in found.values() for row in split}
    assert set(found) == {TRAIN, VALIDATION}
    assert rows == {row.pair_id: as_columns(row) for row in make_rows(40)}


def test_rows_have_the_shape_of_the_trl_contract(dataset):
    message = {"role": "string", "content": "string"}
    loaded = datasets.load_dataset(str(dataset), cache_dir=str(dataset.parent / "cache"))

    for split in loaded.values():
        for name in ("prompt", "chosen", "rejected"):
            feature = split.features[name].feature
            assert {key: value.dtype for key, value in feature.items()} == message
        for row in split:
            assert row["prompt"][-1]["role"] == "user"
            assert [turn["role"] for turn in row["chosen"]] == ["assistant"]
            assert [turn["role"] for turn in row["rejected"]] == ["assistant"]
            assert all(value is not None for value in row.values())


def test_shards_are_numbered_and_share_one_schema(tmp_path):
    named = write(tmp_path, make_rows(2500), ParquetFile, shard=1000)

    assert [(path.name, rows) for path, rows in named] == [
        ("train-00000-of-00003.parquet", 1000),
        ("train-00001-of-00003.parquet", 1000),
        ("train-00002-of-00003.parquet", 500),
    ]
    assert all(pq.read_schema(path).equals(SCHEMA) for path, _ in named)


def test_row_groups_hold_a_thousand_rows(tmp_path):
    ((path, _),) = write(tmp_path, make_rows(2300), ParquetFile)

    metadata = pq.ParquetFile(path).metadata
    sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert sizes == [1000, 1000, 300]


@pytest.mark.parametrize("kind", [ParquetFile, JsonLinesFile])
def test_a_split_without_rows_has_no_file(tmp_path, kind):
    assert write(tmp_path, [], kind) == []
    assert list(tmp_path.iterdir()) == []


def test_json_lines_are_utf8_in_the_order_of_the_columns(tmp_path):
    ((path, rows),) = write(tmp_path, make_rows(8), JsonLinesFile)

    lines = path.read_bytes().split(b"\n")
    assert (len(lines), lines.pop(), rows) == (9, b"", 8)
    assert all(list(json.loads(line)) == list(COLUMNS) for line in lines)
    assert "مرحبا".encode() in lines[3]


def test_archives_of_the_same_files_are_the_same(tmp_path):
    for name in ("one", "two"):
        write(tmp_path / name, make_rows(3), JsonLinesFile)
        (tmp_path / name / "x").write_bytes(b"x")
        paths = ["train-00000-of-00001.jsonl", "x"]
        write_archive(tmp_path / f"{name}.zip", tmp_path / name, paths, inside="export")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.read("export/x") == b"x"


def test_the_card_names_exactly_the_splits_that_are_there(dataset):
    front = (dataset / "README.md").read_text("utf-8").split("---\n")[1]

    read = yaml.safe_load(front)
    (config,) = read["configs"]
    assert read["pretty_name"] == 'A "name": # - {x}'
    assert config["data_files"] == [
        {"split": "train", "path": "parquet/train-*.parquet"},
        {"split": "validation", "path": "parquet/validation-*.parquet"},
    ]


def test_the_fingerprint_depends_on_paths_and_bytes_alone():
    one, two = FileEntry("a", 1, "00", 5), FileEntry("b", 1, "11")

    assert fingerprint([one, two]) == fingerprint([two, one])
    assert fingerprint([one, two]) != fingerprint([one, FileEntry("b", 1, "12")])


def test_the_manifest_names_this_version_of_the_program():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert f"{project['name']} {project['version']}" == GENERATOR


@pytest.mark.parametrize(
    ("section", "columns"), [("A row", COLUMNS), ("A judgment", JUDGMENT_COLUMNS)]
)
def test_docs_name_every_column_with_its_type_and_meaning(section, columns):
    text = part_of_docs(section)
    documented = dict(re.findall(r"^\| `(\w+)` \| (`[^|]+` \| [^|]+) \|$", text, re.MULTILINE))

    assert documented == {name: f"`{kind}` | {text}" for name, (kind, text) in columns.items()}


def part_of_docs(section: str) -> str:
    text = (ROOT / "docs" / "export-format.md").read_text("utf-8")
    return text.split(f"\n## {section}\n")[1].split("\n## ")[0]


def test_docs_name_every_reason_to_leave_a_pair_out():
    text = (ROOT / "docs" / "export-format.md").read_text("utf-8")
    table = text.split("| reason | what it means |")[1].split("\n\n")[0]

    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(Reason)


@pytest.mark.parametrize(
    ("section", "columns"), [("A row", COLUMNS), ("A judgment", JUDGMENT_COLUMNS)]
)
def test_docs_show_a_row_as_it_is_written(section, columns):
    (sample,) = re.findall(r"```json\n(.*?)```", part_of_docs(section), re.DOTALL)

    assert list(json.loads(sample)) == list(columns)

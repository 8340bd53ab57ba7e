"""The card and the manifest say what is there, and the docs say what they say."""

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from exports.configs import Config, ContainerName
from exports.fitness import Reason
from exports.formats.card import Card
from exports.formats.llamafactory import dataset_info
from exports.formats.manifest import GENERATOR, Counts, FileEntry, fingerprint, rows_of
from exports.formats.variants import VARIANTS
from exports.policies import ALWAYS
from exports.selection import CHOICES, Selection

ROOT = Path(__file__).resolve().parents[2]
COUNTS = Counts(40, 120, 0, 3, 0, 40, {"train": 30, "validation": 10}, {"duplicate": 2})
ROWS = {
    "trl": {"train": 30, "validation": 10},
    "llamafactory": {"train": 30},
    "judgments": {"train": 120},
}
CARD = Card('A "name":\n # - {x}', "ab" * 32, ROWS, COUNTS, Selection(margin="small"))


def front(text: str):
    return yaml.safe_load(text.split("---\n")[1])


def test_the_card_names_exactly_the_files_that_are_there():
    read = front(CARD.text("parquet", "parquet/"))

    assert read["pretty_name"] == 'A "name": # - {x}'
    assert read["size_categories"] == ["n<1K"]
    assert [config["config_name"] for config in read["configs"]] == list(ROWS)
    assert [config.get("default") for config in read["configs"]] == [True, None, None]
    assert read["configs"][0]["data_files"] == [
        {"split": "train", "path": "parquet/trl/train-*.parquet"},
        {"split": "validation", "path": "parquet/trl/validation-*.parquet"},
    ]
    assert read["configs"][1]["data_files"] == [
        {"split": "train", "path": "parquet/llamafactory/train/train-*.parquet"}
    ]


def test_the_card_states_every_choice_and_what_was_left_out():
    text = CARD.text("jsonl.gz", "")

    for name, kind in CHOICES.items():
        assert f"- `{name}`: {kind(getattr(CARD.selection, name)).words}" in text
    for name in ("min_votes", "validation_share", "tags"):
        assert f"- `{name}`: " in text
    for words in ALWAYS.values():
        assert words in text
    assert "| left out: duplicate | 2 |" in text
    assert "path: trl/train-*.jsonl.gz" in text


def test_the_card_describes_the_columns_that_are_chosen():
    text = CARD.text("parquet", "parquet/")

    assert "| `margin` | `double` |" in text
    assert "| `weight` |" not in text


def test_the_fingerprint_depends_on_paths_and_bytes_alone():
    one, two = FileEntry("a", 1, "00", 5), FileEntry("b", 1, "11")

    assert fingerprint([one, two]) == fingerprint([two, one])
    assert fingerprint([one, two]) != fingerprint([one, FileEntry("b", 1, "12")])


def test_rows_are_counted_once_whatever_the_containers():
    entries = [
        FileEntry(f"{container}/trl/train-{n:05}-of-00002.{container}", 1, "", rows, "trl", "train")
        for container in ("parquet", "jsonl")
        for n, rows in enumerate((100, 7))
    ]

    assert rows_of([*entries, FileEntry("README.md", 1, "")]) == {"trl": {"train": 107}}


def test_the_manifest_names_this_version_of_the_program():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert f"{project['name']} {project['version']}" == GENERATOR


def test_llamafactory_is_told_of_each_split_once():
    info = dataset_info(["train", "train", "test"])

    assert {name: entry["file_name"] for name, entry in info.items()} == {
        "annotate_train": "train",
        "annotate_test": "test",
    }
    assert all(entry["ranking"] for entry in info.values())


def docs() -> str:
    return (ROOT / "docs" / "export-format.md").read_text("utf-8")


@pytest.mark.parametrize("config", list(Config))
def test_docs_name_every_column_with_its_type_and_meaning(config):
    text = docs().split(f"\n### `{config}`\n")[1].split("\n### ")[0].split("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)` \| `([^|]+)` \| ([^|]+) \|$", text, re.MULTILINE)

    assert documented == [
        (one.name, str(one.type), one.meaning) for one in VARIANTS[config].columns
    ]


@pytest.mark.parametrize("kind", [Config, ContainerName, *CHOICES.values()])
def test_docs_say_what_every_choice_means(kind):
    for one in kind:
        assert f"| `{one}` | {one.words} |" in docs()


def test_docs_name_every_reason_to_leave_a_pair_out():
    table = docs().split("| reason | what it means |")[1].split("\n\n")[0]

    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(Reason)


def test_docs_show_a_pair_as_it_is_written():
    (sample,) = re.findall(r"```json\n(.*?)```", docs(), re.DOTALL)

    names = [column.name for column in VARIANTS["trl"].chosen(Selection())]
    assert list(json.loads(sample)) == names


def test_cards_of_other_rows_differ_so_that_no_cache_takes_one_for_the_other():
    other = replace(CARD, checksum="cd" * 32)

    assert front(CARD.text("jsonl", ""))["configs"] != front(other.text("jsonl", ""))["configs"]

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
from exports.formats.card import CampaignFacts, Card
from exports.formats.llamafactory import dataset_info
from exports.formats.manifest import (
    GENERATOR,
    Counts,
    FileEntry,
    build_manifest,
    fingerprint,
    manifest_bytes,
    rows_of,
)
from exports.formats.variants import VARIANTS
from exports.policies import ALWAYS
from exports.selection import CHOICES, Selection
from exports.statistics import Statistics

ROOT = Path(__file__).resolve().parents[2]
COUNTS = Counts(40, 120, 0, 3, 0, 40, {"train": 30, "validation": 10}, {"duplicate": 2})
ROWS = {
    "trl": {"train": 30, "validation": 10},
    "llamafactory": {"train": 30},
    "judgments": {"train": 120},
}
CAMPAIGN = CampaignFacts(
    name='A "name":\n # - {x}',
    overlap=3,
    candidates=2,
    handed_out="tie_break",
    counts_ai=False,
    ties_allowed=True,
    neither_allowed=False,
    guide="# Be fair\n---\n\n```\nno end",
    guide_version=2,
)
SUMMARY = Statistics().summary()
CARD = Card(
    campaign=CAMPAIGN,
    checksum="ab" * 32,
    rows=ROWS,
    counts=COUNTS,
    selection=Selection(margin="small"),
    summary=SUMMARY,
    guide_versions={0: 4, 1: 70, 2: 46},
)


def front(text: str):
    return yaml.safe_load(text.split("---\n")[1])


def section(card: Card, title: str) -> str:
    """Return a section of a card."""
    found: str = card.text("parquet", "parquet/").split(f"\n## {title}\n")[1].split("\n## ")[0]
    return found


def about(**changes) -> Card:
    """Return a card of a campaign that differs."""
    return replace(CARD, campaign=replace(CAMPAIGN, **changes))


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


def test_a_licence_and_languages_are_stated_where_they_are_known():
    stated = replace(
        CARD,
        selection=Selection(licence="cc-by-4.0"),
        summary=replace(SUMMARY, languages={"en": 9, "pt-BR": 2, "": 2, "klingon": 1, "EN-gb": 1}),
    )

    read = front(stated.text("parquet", "parquet/"))
    unknown = front(CARD.text("parquet", "parquet/"))

    assert (read["license"], read["language"]) == ("cc-by-4.0", ["en", "pt"])
    assert unknown.keys().isdisjoint({"license", "language"})
    assert "| prompts in a language that is not stated | 2 |" in section(stated, "What is in it")


def test_norway_is_a_language_and_no_refusal():
    read = front(replace(CARD, summary=replace(SUMMARY, languages={"no": 1})).text("jsonl", ""))

    assert read["language"] == ["no"]


def test_the_manifest_repeats_the_figures_of_the_card():
    manifest = build_manifest(
        export_id=1,
        campaign={},
        snapshot_at="",
        selection=Selection(),
        tokenizer_sha256=None,
        revocations=[],
        counts=COUNTS,
        guideline_versions={},
        summary=SUMMARY,
        files=[],
    )

    read = json.loads(manifest_bytes(manifest))
    assert read["statistics"]["agreement"]["alpha"] == {
        "value": None,
        "low": None,
        "high": None,
        "reason": "fewer than two comparisons have answers of two people or more",
    }
    assert read["statistics"].keys() == {
        "agreement",
        "answers",
        "lengths",
        "positions",
        "languages",
    }
    assert read["warnings"] == []


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
        name = one or '""'
        assert f"| `{name}` | {one.words} |" in docs()


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

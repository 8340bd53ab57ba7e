"""Croissant names every file and every column."""

import json
from collections.abc import Iterator
from pathlib import PurePath

import pytest

from exports.configs import Config
from exports.formats.croissant import croissant_text
from exports.formats.manifest import FileEntry
from exports.formats.variants import VARIANTS
from exports.selection import Selection

FILES = [
    FileEntry(f"{container}/{path}.{container}", 9, "cd" * 32, 30, config, "train")
    for container in ("parquet", "csv")
    for config, path in (
        ("trl", "trl/train-00000-of-00001"),
        ("llamafactory", "llamafactory/train/train-00000-of-00001"),
        ("judgments", "judgments/train-00000-of-00001"),
    )
]


def test_croissant_names_every_file_with_rows():
    other = FileEntry("parquet/llamafactory/dataset_info.json", 5, "00" * 32)
    read = json.loads(croissant_text("A name", Selection(), [*FILES, other]))

    files = [one for one in read["distribution"] if one["@type"] == "cr:FileObject"]
    assert read["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert {one["contentUrl"]: one["sha256"] for one in files} == {
        one.path: one.sha256 for one in FILES
    }
    assert {one["encodingFormat"] for one in files} == {"application/x-parquet", "text/csv"}


@pytest.mark.parametrize("containers", [("parquet", "csv"), ("csv", "parquet")])
def test_croissant_has_the_columns_of_each_configuration(containers):
    selection = Selection(containers=containers, licence="odbl")
    read = json.loads(croissant_text("A name", selection, FILES))

    sets = {one["@id"]: one["includes"] for one in read["distribution"] if "includes" in one}
    for records in read["recordSet"]:
        config = records["@id"]
        columns = VARIANTS[config].chosen(selection)
        assert [one["name"] for one in records["field"]] == [one.name for one in columns]
        assert PurePath(sets[f"files-of-{config}"]).suffix == f".{containers[0]}"
        assert set(sources(records["field"])) == {f"files-of-{config}"}
    assert [one["@id"] for one in read["recordSet"]] == ["trl", "llamafactory", "judgments"]
    assert read["license"] == "https://spdx.org/licenses/ODbL-1.0.html"


def sources(fields: list[dict]) -> Iterator[str]:
    """Yield what each field is read from, those inside others included."""
    for field in fields:
        yield from sources(field.get("subField", []))
        if "source" in field:
            yield field["source"]["fileSet"]["@id"]


@pytest.mark.parametrize("config", list(Config))
def test_croissant_can_say_the_type_of_every_column(config):
    files = [FileEntry(f"parquet/{config}/train-x.parquet", 9, "", 3, config, "train")]
    selection = Selection(margin="small", weight="agreement", tokenizer="some")

    (records,) = json.loads(croissant_text("A name", selection, files))["recordSet"]

    assert len(records["field"]) == len(VARIANTS[config].columns)

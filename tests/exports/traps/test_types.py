"""Lines are read with the types of the columns, whatever happens to be in them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import datasets
import pytest
import yaml

from exports.formats.card.front import Files, front_matter
from exports.formats.columns import schema_of
from exports.formats.shards import Shards
from exports.formats.variants import VARIANTS
from exports.selection import Selection
from tests.exports.made import one_of_each
from tests.exports.traps.exported import CONFIGS
from tests.exports.traps.traps import trap

pytestmark = [pytest.mark.once, pytest.mark.django_db]
CHOSEN = Selection(margin="small", weight="agreement", tokenizer="words")
LINES = ("jsonl", "jsonl.gz")


@pytest.fixture
def full(rich) -> dict[str, Any]:
    """A row of each configuration whose lists, all of them, hold something."""
    chain = VARIANTS["chains"].row(one_of_each()[VARIANTS["chains"].of])
    return {config: _fullest(rich.rows(config)) for config in CONFIGS} | {"chains": chain}


def _fullest(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return next(row for row in rows if row.get("ranks", True))


def emptied(value: Any) -> Any:
    """Return a value with nothing in its lists; a struct keeps its fields."""
    if isinstance(value, Mapping):
        return {name: emptied(inner) for name, inner in value.items()}
    return [] if isinstance(value, list | tuple) else value


def hollow(value: Any) -> Any:
    """Return a value with nothing in the lists that are inside of lists."""
    if isinstance(value, list | tuple):
        return [emptied(inner) for inner in value]
    return value


def lay_out(folder: Path, config: str, container: str, splits: Mapping[str, list[Any]]) -> None:
    """Write rows as an export does, one a shard, with the front matter of their card."""
    columns = VARIANTS[config].chosen(CHOSEN)
    for split, rows in splits.items():
        inside = f"{config}/{split}" if VARIANTS[config].split_folders else config
        shards = Shards(folder / inside, split, container, columns, rows_a_shard=1)
        for row in rows:
            shards.add(row)
        shards.finish()
    files = Files({config: {s: len(rows) for s, rows in splits.items()}}, "0" * 64, container, "")
    text = front_matter(title="Types", selection=CHOSEN, languages=(), files=files)
    (folder / "README.md").write_text(text, "utf-8")


@trap(90)
@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("container", LINES)
@pytest.mark.parametrize("config", VARIANTS)
def test_lists_that_are_empty_in_the_first_file_have_their_type(
    full, tmp_path, monkeypatch, config, container, streaming
):
    """Of a list that is empty in every line of the first file `datasets` guesses null.

    The next file with something in it cannot be cast to that, so the card states the types.
    """
    monkeypatch.setattr("exports.formats.shards.ROWS_A_GROUP", 1)
    row = full[config]
    empty = {name: emptied(value) for name, value in row.items()}
    partly = {name: hollow(value) for name, value in row.items()}
    splits = {"train": [empty, partly, row], "validation": [empty], "test": [row]}
    for name in (container, "parquet"):
        lay_out(tmp_path / name, config, name, splits)

    cache = str(tmp_path / "cache")
    lines, parquet = (
        datasets.load_dataset(str(tmp_path / name), config, cache_dir=cache, streaming=streaming)
        for name in (container, "parquet")
    )

    types = datasets.Features.from_arrow_schema(schema_of(VARIANTS[config].chosen(CHOSEN)))
    assert {split: rows.features for split, rows in lines.items()} == dict.fromkeys(splits, types)
    assert {split: list(rows) for split, rows in lines.items()} == {
        split: list(rows) for split, rows in parquet.items()
    }


@trap(91)
@pytest.mark.parametrize("container", LINES)
def test_the_card_of_lines_states_the_types_of_every_configuration(rich, container):
    """A configuration that is not among them is guessed about, and other types are cast to."""
    text = (rich.folder / container / "README.md").read_text("utf-8")
    stated = yaml.safe_load(text.split("---\n")[1])["dataset_info"]

    assert [one["config_name"] for one in stated] == CONFIGS
    for one in stated:
        held = datasets.Features.from_arrow_schema(rich.schema(one["config_name"]))
        assert datasets.Features._from_yaml_list(one["features"]) == held
        assert [field["name"] for field in one["features"]] == list(held)

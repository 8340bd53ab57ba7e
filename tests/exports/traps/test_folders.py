"""`datasets` finds every split of every configuration, and takes nothing else for data."""

import re
from fnmatch import fnmatch

import datasets
import pyarrow.parquet as pq
import pytest
import yaml

from tests.exports.made import many_pairs
from tests.exports.traps.exported import CONFIGS, PLACES
from tests.exports.traps.pure import write
from tests.exports.traps.traps import trap

pytestmark = [pytest.mark.once, pytest.mark.django_db]
DATA = re.compile(r"(train|validation|test)-\d{5}-of-\d{5}\.(parquet|jsonl|jsonl\.gz|csv)")
NO_DATA = {"README.md", "manifest.json", "croissant.json", "dataset_info.json", "archive.zip"}


def card_in(folder) -> dict:
    """Return the YAML at the top of the card in a folder."""
    found: dict = yaml.safe_load((folder / "README.md").read_text("utf-8").split("---\n")[1])
    return found


def patterns(card) -> dict[str, list[str]]:
    """Return the patterns of files on a card by configuration."""
    return {one["config_name"]: [f["path"] for f in one["data_files"]] for one in card["configs"]}


def sizes(loaded) -> dict[str, int]:
    return {split: rows.num_rows for split, rows in loaded.items()}


@trap(71, 72)
@pytest.mark.parametrize(
    "container", [pytest.param("jsonl", id="71"), pytest.param("parquet", id="72")]
)
def test_a_split_without_rows_has_no_file(unfit, tmp_path, container):
    """A file without rows stops the loading of all others, in either container."""
    assert unfit.manifest["selection"]["validation_share"] > 0
    assert [path.name for path in unfit.files("trl", container)] == [
        f"train-00000-of-00001.{container}"
    ]
    assert not list((unfit.folder / container).rglob("validation-*"))
    assert sizes(unfit.load("trl", container, tmp_path)) == {"train": 1}


@trap(73)
def test_a_configuration_without_rows_is_not_on_the_card(rich, tmp_path):
    """A configuration whose pattern finds nothing stops whoever asks for it."""
    assert "chains" in rich.manifest["selection"]["configs"]
    for container in PLACES:
        found = patterns(rich.card(container))
        assert set(found) == set(CONFIGS)
        place = rich.folder / PLACES[container]
        assert all(any(place.glob(path)) for paths in found.values() for path in paths)
    assert not rich.files("chains")


@trap(74)
@pytest.mark.parametrize("container", PLACES)
def test_every_file_is_named_for_its_split(rich, tmp_path, container):
    """`eval.jsonl` is the split test, `holdout.jsonl` and `mytrainset.jsonl` are in none."""
    folder = rich.folder / container
    data = [path for path in folder.rglob("*") if path.is_file() and path.name not in NO_DATA]

    assert all(DATA.fullmatch(path.name) for path in data)
    rows = rich.manifest["counts"]["rows"]["trl"]
    assert sizes(rich.load("trl", container, tmp_path)) == rows
    assert rows.keys() == {"train", "validation", "test"}
    alone = datasets.load_dataset(str(folder / "trl"), cache_dir=str(tmp_path / "alone"))
    assert sizes(alone) == rows


@trap(75)
def test_each_container_has_a_folder_and_a_card_of_its_own(rich):
    """Of two formats in one folder `datasets` loads one, without a word."""
    for container, place in PLACES.items():
        inside = {path.name for path in (rich.folder / container).rglob("*") if path.is_file()}
        assert all(name.endswith(f".{container}") for name in inside - NO_DATA)
        for paths in patterns(rich.card(container)).values():
            assert all(path.endswith(f"-*.{container}") for path in paths)
            assert all(any((rich.folder / place).glob(path)) for path in paths)


@trap(76)
@pytest.mark.parametrize("container", PLACES)
def test_json_beside_the_data_is_not_read_as_data(rich, tmp_path, container):
    """`train_stats.json` beside train.jsonl is read as rows of it, and cannot be cast."""
    place = rich.folder / PLACES[container]
    others = [path for path in place.rglob("*") if path.name in NO_DATA]
    beside = {"parquet": "manifest.json", "jsonl": "dataset_info.json", "jsonl.gz": "README.md"}
    assert beside[container] in {path.name for path in others}

    found = patterns(rich.card(container))
    for path in others:
        named = str(path.relative_to(place))
        assert not any(fnmatch(named, one) for paths in found.values() for one in paths)
    rows = rich.manifest["counts"]["rows"]
    for config in CONFIGS:
        assert sizes(rich.load(config, container, tmp_path)) == rows[config]


@trap(77)
@pytest.mark.parametrize("container", PLACES)
def test_the_card_names_every_configuration_and_one_by_default(rich, container):
    """Without configurations on a card all files below it are one data set."""
    configs = rich.card(container)["configs"]

    assert {one["config_name"] for one in configs} == set(CONFIGS)
    assert [one["config_name"] for one in configs if one.get("default")] == ["trl"]
    for one in configs:
        splits = [file["split"] for file in one["data_files"]]
        assert set(splits) == set(rich.manifest["counts"]["rows"][one["config_name"]])
        assert len(splits) == len(set(splits))


@trap(78)
@pytest.mark.parametrize("config", CONFIGS)
def test_the_card_states_no_type_that_the_parquet_files_have_not(rich, tmp_path, config):
    """Types on a card are cast to: what does not match fails, or changes the texts."""
    assert "dataset_info" not in rich.card()
    split = next(iter(rich.manifest["counts"]["rows"][config]))

    loaded = rich.load(config, "parquet", tmp_path, split=split)

    assert loaded.features == datasets.Features.from_arrow_schema(rich.schema(config))


@trap(92)
@pytest.mark.parametrize("container", PLACES)
def test_the_folder_of_a_container_loads_by_itself(rich, tmp_path, container):
    """Without a card in it all shapes are one data set, of the files in folders named train."""
    place, rows = rich.folder / container, rich.manifest["counts"]["rows"]
    named = {one["config_name"] for one in card_in(place)["configs"]}

    assert named == set(CONFIGS)
    for config in ("trl", "llamafactory", "judgments"):
        held = datasets.load_dataset(str(place), config, cache_dir=str(tmp_path))
        assert sizes(held) == rows[config]
    assert sizes(datasets.load_dataset(str(place), cache_dir=str(tmp_path))) == rows["trl"]


@trap(79)
def test_every_shape_has_a_folder_of_its_own(rich):
    """Two shapes side by side, both of the split train, are read as one."""
    for container in PLACES:
        found = patterns(rich.card(container))
        inside = "" if PLACES[container] else f"{container}/"
        for config, paths in found.items():
            assert all(path.startswith(f"{inside}{config}/") for path in paths)
            others = [path for name in found if name != config for path in found[name]]
            assert set(paths).isdisjoint(others)
    assert len(rich.files("trl")) + len(rich.files("kto")) == 6


@trap(80)
def test_rows_are_in_groups_of_a_thousand_and_stream(tmp_path, rich):
    """A reader that streams takes the whole first row group before the first row."""
    (path,) = write(tmp_path, many_pairs(1001))

    metadata = pq.read_metadata(path)
    assert [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)] == [1000, 1]
    assert metadata.row_group(0).column(0).compression == "ZSTD"
    for container in PLACES:
        streamed = rich.load("openrlhf", container, tmp_path, split="train", streaming=True)
        held = rich.load("openrlhf", container, tmp_path, split="train")
        assert list(streamed) == held.to_list()


@trap(81)
@pytest.mark.parametrize("container", PLACES)
def test_shards_are_numbered_and_found_together(tmp_path, monkeypatch, container):
    """A split in files that no pattern joins loses all but the first."""
    monkeypatch.setattr("exports.formats.shards.ROWS_A_GROUP", 2)
    paths = write(tmp_path / "data", many_pairs(5), container, rows_a_shard=2)

    names = [f"train-{at:05}-of-00003.{container}" for at in range(3)]
    assert [path.name for path in paths] == names
    found = datasets.load_dataset(str(tmp_path / "data"), cache_dir=str(tmp_path / "cache"))
    assert found["train"]["pair_id"][:] == [f"{number}-0-1" for number in range(5)]

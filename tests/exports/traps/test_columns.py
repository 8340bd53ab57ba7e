"""Columns have one type in every row, shard and split, and hold what their reader wants."""

import json
import re
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from exports.fitness import Reason, why_unfit_pair
from exports.formats.columns import schema_of
from exports.formats.variants import VARIANTS
from exports.selection import Selection
from tests.exports.made import BAD, GOOD, PAIR, PROMPT, replace
from tests.exports.traps.exported import CONFIGS, structs_in
from tests.exports.traps.pure import write
from tests.exports.traps.stage import TALK
from tests.exports.traps.traps import trap

pytestmark = [pytest.mark.once, pytest.mark.django_db]
DOCS = Path(__file__).resolve().parents[3] / "docs" / "export-format.md"
NAMELESS = replace(
    PAIR,
    prompt=replace(PROMPT, source="", external_id="", language=""),
    chosen=replace(GOOD, model=""),
)
JSON_COLUMNS = ("criteria", "flags", "reason_tags")


@pytest.fixture
def two_shards(tmp_path, monkeypatch):
    """Write two pairs without names to one shard and two with names to the next."""
    monkeypatch.setattr("exports.formats.shards.ROWS_A_GROUP", 2)

    def written(container: str) -> list[Path]:
        pairs = (NAMELESS, NAMELESS, PAIR, PAIR)
        return write(tmp_path, pairs, container, rows_a_shard=2)

    return written


def read(paths: list[Path], builder: str) -> datasets.Dataset:
    """Read files together as `datasets` does."""
    names = [str(path) for path in paths]
    cache = str(paths[0].parent / "cache")
    return datasets.load_dataset(builder, data_files=names, cache_dir=cache, split="train")


@trap(34)
@pytest.mark.parametrize("config", CONFIGS)
def test_every_line_of_a_file_has_the_same_shape(rich, config):
    """Of strings and conversations in one file TRL believes the first row about all."""
    rows = rich.rows(config, "jsonl")

    assert {tuple(row) for row in rows} == {tuple(rich.schema(config).names)}
    for name in rows[0]:
        assert len({type(row[name]) for row in rows}) == 1


@trap(35)
def test_values_of_no_fixed_type_are_json_in_a_string(rich):
    """Metadata with a number here and a text there has no type that Parquet could have."""
    for config in CONFIGS:
        schema = rich.schema(config)
        assert "metadata" not in schema.names
        assert "tags" not in schema.names or schema.field("tags").type == pa.string()
    judgments = rich.schema("judgments")
    assert {judgments.field(name).type for name in JSON_COLUMNS} == {pa.string()}
    tags = [json.loads(row["tags"]) for row in rich.rows("trl")]
    assert [] in tags
    assert ["ü", "two words"] in tags


@trap(36)
def test_what_is_empty_in_every_row_is_written(rich):
    """Parquet cannot be written where metadata is an empty object in every row."""
    assert {row["criteria"] for row in rich.rows("judgments")} == {"{}"}
    assert {row["source"] for row in rich.rows("trl")} == {""}
    for config in CONFIGS:
        for field in rich.schema(config):
            assert all(struct.num_fields for struct in structs_in(field.type))
            assert not pa.types.is_null(field.type)


@trap(37)
def test_parquet_shards_have_one_schema_whatever_is_in_them(two_shards):
    """A column that is null in the first shard and text in the second cannot be cast."""
    paths = two_shards("parquet")

    schema = schema_of(VARIANTS["trl"].chosen(Selection()))
    assert [pq.read_schema(path) == schema for path in paths] == [True, True]
    found = read(paths, "parquet")
    assert found["source"][:] == ["", "", "forum", "forum"]
    assert found["chosen_model"][:] == ["", "", "model-a", "model-a"]
    assert all(found.data.column(name).null_count == 0 for name in found.column_names)


@trap(38)
def test_texts_are_empty_and_not_null_in_json_lines(two_shards):
    """A column that is null in all lines of the first shard fails at the text in the second."""
    paths = two_shards("jsonl")

    assert not any(b"null" in path.read_bytes() for path in paths)
    found = read(paths, "json")
    assert found["source"][:] == ["", "", "forum", "forum"]
    assert found["external_id"][:] == ["", "", "q-1", "q-1"]
    assert found.features["chosen_model"] == datasets.Value("string")


@trap(39)
@pytest.mark.parametrize("config", CONFIGS)
def test_every_split_and_shard_has_the_same_columns(rich, config):
    """A column that is in the second file only cannot be cast."""
    columns = VARIANTS[config].columns
    schema = schema_of(columns)

    assert all(pq.read_schema(path).equals(schema) for path in rich.files(config))
    for path in rich.files(config, "jsonl"):
        for line in path.read_bytes().splitlines():
            assert list(json.loads(line)) == [one.name for one in columns]


@trap(40)
def test_dates_stay_texts_in_parquet_and_the_docs_say_so(tmp_path):
    """Of a column of lines that holds ISO dates only `datasets` makes timestamps: TRL stops."""
    date = "2024-01-01"
    dated = replace(
        PAIR,
        prompt=replace(PROMPT, source=date, language=date),
        chosen=replace(GOOD, text=date, model=date),
        rejected=replace(BAD, text="2023-12-31"),
    )

    found = read(write(tmp_path, [dated]), "parquet")

    assert found["chosen"][0] == [{"role": "assistant", "content": date}]
    assert (found["source"][0], found["chosen_model"][0]) == (date, date)
    assert re.search(r"ISO date.*timestamps.*Parquet keeps its types", DOCS.read_text("utf-8"))


@trap(41)
@pytest.mark.parametrize("config", ["standard", "verl"])
def test_strings_are_joined_with_exactly_one_blank(rich, config):
    """Trainers join prompt and answer as they are: the blank between them is in the data."""
    for row in rich.rows(config):
        assert row["prompt"].endswith("\n\nAssistant:")
        for side in ("chosen", "rejected"):
            assert row[side][0] == " "
    said = [row["prompt"] + row["chosen"] for row in rich.rows(config)]
    assert any(text.endswith("\n\nAssistant: Arr, we sail.") for text in said)


@trap(42)
@pytest.mark.parametrize("config", CONFIGS)
def test_strings_come_with_their_prompt(rich, config):
    """Without one TRL cuts where the letters of both answers differ: `The sky is` is prompt."""
    schema = rich.schema(config)
    has_strings = "chosen" in schema.names and schema.field("chosen").type == pa.string()

    assert has_strings == (config in ("standard", "verl"))
    if has_strings:
        assert schema.field("prompt").type == pa.string()
        assert all(row["prompt"].strip() for row in rich.rows(config))


@trap(43)
def test_label_is_a_truth_value(rich):
    """The text `true` is no label for KTO."""
    assert rich.schema("kto").field("label").type == pa.bool_()
    for container in ("parquet", "jsonl"):
        labels = {row["label"] for row in rich.rows("kto", container)}
        assert {type(label) for label in labels} == {bool}
        assert labels == {True, False}
    (best,) = [row for row in rich.rows("kto") if row["completion"][0]["content"] == "A ripe fig."]
    assert best["label"] is True


@trap(44)
def test_rows_say_how_long_the_answers_are_and_longer_ones_can_be_left_out(rich):
    """The reward trainer drops pairs of which a side is too long, without a word."""
    row = rich.row("talk")
    assert (row["chosen_tokens"], row["rejected_tokens"]) == (5, 3)
    for config in ("kto", "sft"):
        assert all(row["completion_tokens"] > 0 for row in rich.rows(config))
    longer = replace(PAIR, rejected=replace(BAD, tokens=11), prompt=replace(PROMPT, tokens=9))
    assert why_unfit_pair(longer, 19) == Reason.TOO_LONG
    assert why_unfit_pair(longer, 20) is None


@trap(45)
def test_rows_say_how_long_the_prompt_is_and_longer_ones_can_be_left_out(rich):
    """DPO and KTO drop rows whose prompt alone is too long, and cut the answers of others."""
    words = [re.findall(r"\w+|[^\w\s]+", turn["content"]) for turn in TALK.messages]
    for config in ("trl", "kto", "prompts", "rankings"):
        assert rich.row("talk", config)["prompt_tokens"] == sum(map(len, words))
    longer = replace(PAIR, prompt=replace(PROMPT, tokens=20))
    assert why_unfit_pair(longer, 19) == Reason.TOO_LONG

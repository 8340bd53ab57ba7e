"""Texts come back as they went in; those that trainers cannot read or learn from do not come."""

import json
from pathlib import Path

import datasets
import pytest

from exports.fitness import Reason, why_unfit_pair
from exports.formats.columns import schema_of
from exports.formats.variants import VARIANTS
from exports.pairing import decide
from exports.policies import Votes
from exports.selection import Selection
from labeling.generation.texts import storable
from labeling.quality.consensus import Ballot
from tests.exports.made import BAD, GOOD, PAIR, PROMPT, replace, turns
from tests.exports.traps.exported import CONFIGS, PAIRS, PLACES
from tests.exports.traps.pure import problems_of, write
from tests.exports.traps.stage import BY_NAME
from tests.exports.traps.traps import trap

pytestmark = [pytest.mark.once, pytest.mark.django_db]
HALF = "half \ud83d"
ODD = {26: "CR LF", 27: "separators", 28: "emoji", 29: "right to left", 30: "mark", 33: "formula"}


def loaded(folder: Path, text: str, container: str) -> list[str]:
    """Return every answer of a file that holds this text as `datasets` reads it."""
    other = replace(PAIR, chosen=replace(GOOD, text=f"{text}!"), rejected=replace(BAD, text=text))
    (path,) = write(folder, [replace(PAIR, chosen=replace(GOOD, text=text)), other], container)
    builder = "parquet" if container == "parquet" else "json"
    read = datasets.load_dataset(
        builder, data_files=str(path), cache_dir=str(folder / "cache"), split="train"
    )
    return [row[side][0]["content"] for row in read for side in ("chosen", "rejected")]


@trap(19)
def test_no_content_is_null(rich):
    """Of a content that is null transformers makes an empty turn, and trains on it in silence."""
    for config in PAIRS:
        assert not any(b'"content":null' in line for line in rich.lines(config))
    for row in rich.rows("trl"):
        said = [turn["content"] for side in ("prompt", "chosen", "rejected") for turn in row[side]]
        assert {type(content) for content in said} == {str}
    assert problems_of(None) == ["wrong_type"]


@trap(20)
@pytest.mark.parametrize("name", ["empty", "blank"])
def test_a_pair_with_an_empty_answer_is_left_out(unfit, name):
    """An empty answer runs everywhere, and shifts the loss."""
    for config in PAIRS:
        assert not unfit.says(config, BY_NAME[name].words)
    assert unfit.manifest["counts"]["left_out"]["blank_response"] == 2
    assert all(row["completion"][0]["content"].strip() for row in unfit.rows("kto"))
    assert not unfit.says("rankings", BY_NAME[name].words)


@trap(21)
def test_a_pair_of_the_same_answers_is_left_out(unfit):
    """Of two answers that are the same the loss stays at the logarithm of two, for ever."""
    for config in PAIRS:
        assert not unfit.says(config, BY_NAME["same"].words)
    assert unfit.manifest["counts"]["left_out"]["identical_responses"] == 1
    assert unfit.says("judgments", "tie")  # they are only left out of what is learnt from


@trap(22)
@pytest.mark.parametrize("name", ["tie", "both bad", "skipped"])
def test_what_prefers_nothing_is_in_no_pair(unfit, name):
    """A tie that becomes a pair teaches what nobody said."""
    for config in (*PAIRS, "helpsteer3", "kto"):
        assert not unfit.says(config, BY_NAME[name].words)
    for ranks in ((1, 1), None):
        for policy in Votes:
            assert decide([Ballot(ranks)] * 3, 2, Selection(policy=policy)).preferences == ()


@trap(23)
def test_no_two_pairs_say_the_opposite(rich, unfit):
    """A pair and its opposite run, and cancel one another."""
    for config in PAIRS:
        assert not unfit.says(config, BY_NAME["opposite"].words)
    assert unfit.manifest["counts"]["left_out"]["contradiction"] == 2
    orders = {
        (row["prompt_id"], row["chosen"][0]["content"], row["rejected"][0]["content"])
        for row in rich.rows("trl")
    }
    assert not any((prompt, worse, better) in orders for prompt, better, worse in orders)


@trap(24)
@pytest.mark.parametrize(
    "change",
    [
        {"chosen": replace(GOOD, text=HALF)},
        {"rejected": replace(BAD, model=HALF)},
        {"prompt": replace(PROMPT, messages=turns("user", content=HALF))},
        {"prompt": replace(PROMPT, source=HALF)},
    ],
)
def test_half_a_character_is_neither_imported_nor_stored_nor_exported(change):
    """A lone surrogate cannot be UTF-8: no reader opens a file with one."""
    assert why_unfit_pair(replace(PAIR, **change)) == Reason.UNREADABLE_TEXT
    assert problems_of(HALF) == ["lone_surrogate"]
    assert storable(HALF) == "half \ufffd"
    assert why_unfit_pair(replace(PAIR, chosen=replace(GOOD, text="whole 👍"))) is None


@trap(25)
@pytest.mark.parametrize("container", PLACES)
def test_the_character_nul_comes_back(tmp_path, container):
    """A reader that ends texts at NUL would lose what comes after it."""
    text = "before \x00 after"

    assert loaded(tmp_path, text, container) == [text, BAD.text, f"{text}!", text]


@trap(*ODD)
@pytest.mark.parametrize("number", ODD)
@pytest.mark.parametrize("container", ["parquet", "jsonl"])
def test_an_odd_text_comes_back_as_it_was_written(rich, number, container):
    """Line ends, separators, joined emoji, other directions and marks change nothing.

    Only CSV puts an apostrophe before what a spreadsheet would take for a formula.
    """
    case = BY_NAME[ODD[number]]

    (row,) = [row for row in rich.rows("trl", container) if row["external_id"] == case.name]
    assert row["prompt"] == case.messages
    assert [row["chosen"][0]["content"], row["rejected"][0]["content"]] == case.responses


@trap(31)
@pytest.mark.parametrize("config", CONFIGS)
def test_a_file_of_lines_has_one_line_a_row_and_no_blank_one(rich, config):
    """Some readers take a blank line at the end, or inside, for a row."""
    for path in rich.files(config, "jsonl"):
        held = path.read_bytes()
        assert held.endswith(b"}\n")
        assert not held.startswith(b"\xef\xbb\xbf")
        assert all(json.loads(line) for line in held.removesuffix(b"\n").split(b"\n"))
    assert len(list(rich.lines(config))) == rich.table(config).num_rows


@trap(32)
def test_compressed_lines_load_as_the_others(rich, tmp_path):
    """A reader tells compressed lines by the ending of the name."""
    compressed = rich.load("trl", "jsonl.gz", tmp_path, split="train")

    held = [row for row in rich.rows("trl", "jsonl") if row["split"] == "train"]
    assert compressed.to_list() == held
    assert schema_of(VARIANTS["trl"].columns).names == compressed.column_names

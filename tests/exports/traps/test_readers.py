"""Each other reader finds in its shape what it takes for granted."""

import json

import pyarrow as pa
import pytest

from exports.configs import Config
from exports.formats.columns import MESSAGE
from exports.formats.variants import VARIANTS
from exports.records import Ranking
from tests.exports.made import answer, one_of_each, replace
from tests.exports.traps.stage import BY_NAME, TALK
from tests.exports.traps.traps import trap

pytestmark = [pytest.mark.once, pytest.mark.django_db]
WHOLE = ("trl_implicit", "rewardbench")


def ranking(*answers):
    """Return the row that HelpSteer3 gets of a comparison of two with these answers."""
    found = one_of_each()[Ranking]
    assert isinstance(found, Ranking)
    return VARIANTS[Config.HELPSTEER3].row(replace(found, answers=answers))


def is_skipped_by_llama_factory(messages) -> bool:
    """Tell whether LLaMA-Factory would pass over a row: it counts turns after a system turn."""
    turns = messages[1:] if messages and messages[0]["role"] == "system" else messages
    in_turn = all(
        turn["role"] == ("assistant" if at % 2 else "user") for at, turn in enumerate(turns)
    )
    return not in_turn or len(turns) % 2 == 0


@trap(55)
def test_openrlhf_finds_the_prompt_in_a_column_of_its_own(rich):
    """Without a prompt key it takes chosen up to the last turn, which here would be nothing."""
    pairs = rich.by_pair("trl")
    for name, row in rich.by_pair("openrlhf").items():
        assert row["prompt"] == pairs[name]["prompt"]
        assert (row["chosen"], row["rejected"]) == (
            pairs[name]["chosen"],
            pairs[name]["rejected"],
        )
    for name, row in rich.by_pair("trl_implicit").items():
        assert row["chosen"][:-1] == pairs[name]["prompt"]


@trap(56)
def test_answers_for_llama_factory_are_turns(rich):
    """It drops rows whose chosen is a list, without a word."""
    schema = rich.schema("llamafactory")

    assert {schema.field(side).type for side in ("chosen", "rejected")} == {MESSAGE}
    pairs = rich.by_pair("trl")
    for name, row in rich.by_pair("llamafactory").items():
        assert [row["chosen"]] == pairs[name]["chosen"]
        assert [row["rejected"]] == pairs[name]["rejected"]


@trap(57)
def test_llama_factory_skips_no_row(rich, unfit):
    """It skips rows whose turns do not alternate or do not end with the user's."""
    rows = [*rich.rows("llamafactory"), *unfit.rows("llamafactory")]

    assert not any(is_skipped_by_llama_factory(row["messages"]) for row in rows)
    assert all(map(is_skipped_by_llama_factory, _messages("assistant last", "two users")))
    assert TALK.messages in [row["messages"] for row in rows]


@trap(58)
def test_llama_factory_is_told_of_every_column_it_needs(rich):
    """With a list of columns it takes all others for empty."""
    names = rich.schema("llamafactory").names
    for container in ("parquet", "jsonl"):
        folder = rich.folder / container / "llamafactory"
        info = json.loads((folder / "dataset_info.json").read_bytes())
        assert set(info) == {"annotate_train", "annotate_validation", "annotate_test"}
        for entry in info.values():
            columns = entry["columns"]
            assert set(columns) == {"messages", "chosen", "rejected"} <= set(names)
            assert all(columns[name] == name for name in columns)
            held = [path.suffix for path in (folder / entry["file_name"]).iterdir()]
            assert set(held) == {f".{container}"}


@trap(59)
def test_llama_factory_reads_the_shape_of_sharegpt_with_our_names(rich):
    """Into rows in OpenAI's format it puts a system turn of its own."""
    info = json.loads((rich.folder / "parquet" / "llamafactory" / "dataset_info.json").read_bytes())

    for entry in info.values():
        assert (entry["formatting"], entry["ranking"]) == ("sharegpt", True)
        tags = entry["tags"]
        assert (tags["role_tag"], tags["content_tag"]) == ("role", "content")
        roles = {turn["role"] for row in rich.rows("llamafactory") for turn in row["messages"]}
        assert roles == {tags["system_tag"], tags["user_tag"], tags["assistant_tag"]}


@trap(60)
def test_answers_for_axolotl_are_turns(rich):
    """Of a list it takes the last turn, whatever stands before it."""
    schema = rich.schema("axolotl")

    assert {schema.field(side).type for side in ("chosen", "rejected")} == {MESSAGE}
    (row,) = [row for row in rich.rows("axolotl") if row["messages"] == TALK.messages]
    assert row["chosen"] == {"role": "assistant", "content": TALK.responses[0]}
    assert "chat_template.default" in Config.AXOLOTL.words


@trap(61)
@pytest.mark.parametrize("config", WHOLE)
def test_both_conversations_have_one_context_and_an_answer_each(rich, config):
    """Where contexts differ it is not the answer that is learnt."""
    pairs = rich.by_pair("trl")
    for name, row in rich.by_pair(config).items():
        assert row["chosen"][:-1] == row["rejected"][:-1]
        assert len(row["chosen"]) >= 2
        assert [row["chosen"][-1]] == pairs[name]["chosen"]
        assert [row["rejected"][-1]] == pairs[name]["rejected"]


@trap(62)
def test_nemo_rl_gets_two_completions_also_of_three_responses(rich):
    """It takes exactly two; a comparison of three becomes its pairs."""
    rows = rich.rows("nemo_rl")

    assert {len(row["completions"]) for row in rows} == {2}
    fruit = BY_NAME["fruit"]
    assert sum(row["context"] == fruit.messages for row in rows) == 3


@trap(63)
def test_nemo_rl_gets_no_equal_ranks(rich, unfit):
    """At equal ranks it raises; a tie is in no pair."""
    for row in (*rich.rows("nemo_rl"), *unfit.rows("nemo_rl")):
        assert sorted(one["rank"] for one in row["completions"]) == [0, 1]


@trap(64)
def test_nemo_rl_prefers_what_we_call_chosen(rich):
    """To it the lower rank is the better one."""
    pairs = rich.by_pair("trl")
    for name, row in rich.by_pair("nemo_rl").items():
        better, worse = sorted(row["completions"], key=lambda one: one["rank"])
        assert better["completion"] == pairs[name]["chosen"]
        assert worse["completion"] == pairs[name]["rejected"]


@trap(65)
def test_helpsteer3_says_nothing_of_responses_that_are_equal(rich, unfit):
    """Of 0 NeMo-RL makes a pair of the first response with itself."""
    for row in (*rich.rows("helpsteer3"), *unfit.rows("helpsteer3")):
        assert row["overall_preference"] in (-3, -2, -1, 1, 2, 3)
    assert not unfit.says("helpsteer3", BY_NAME["tie"].words)
    assert ranking(answer((1, 1))) is None
    assert ranking(answer((1, 2), strength=1), answer((2, 1), strength=1)) is None


@trap(66)
@pytest.mark.parametrize(("ranks", "sign"), [((1, 2), -1), ((2, 1), 1)])
def test_helpsteer3_is_below_nothing_for_the_first_response(rich, ranks, sign):
    """With the sign the other way round a reward model learns the opposite."""
    written = ranking(answer(ranks, strength=4))
    assert written is not None
    assert written["overall_preference"] == 3 * sign
    by_context = {row["context"][-1]["content"]: row for row in rich.rows("helpsteer3")}
    row, case = by_context[TALK.messages[-1]["content"]], TALK
    first_is_best = [row["response1"], row["response2"]] == case.responses
    assert (row["overall_preference"] < 0) == first_is_best


@trap(67)
def test_verl_gets_strings_in_parquet(rich):
    """It reads Parquet alone, and strings alone."""
    schema = rich.schema("verl")

    texts = ("prompt", "chosen", "rejected", "data_source")
    assert {schema.field(name).type for name in texts} == {pa.string()}
    (row,) = [row for row in rich.rows("verl") if "[talk]" in row["prompt"]]
    assert (row["chosen"], row["rejected"]) == tuple(f" {text}" for text in TALK.responses)


@trap(68)
def test_rewardbench_gets_no_system_turn_and_loses_none(rich):
    """At a system turn it stops with an AssertionError."""
    rows = rich.rows("rewardbench")
    system = TALK.messages[0]["content"]

    turns = [turn for row in rows for side in ("chosen", "rejected") for turn in row[side]]
    assert {turn["role"] for turn in turns} == {"user", "assistant"}
    assert any(row["chosen"][0]["content"].startswith(f"{system}\n\n") for row in rows)


@trap(69)
def test_rewardbench_gets_the_prompt_inside_both_conversations(rich):
    """It takes chosen up to the last turn for the prompt, and knows of no other."""
    pairs = rich.by_pair("trl")
    for name, row in rich.by_pair("rewardbench").items():
        before = row["chosen"][:-1]
        assert before[-1]["content"].endswith(pairs[name]["prompt"][-1]["content"])
    assert "prompt" not in rich.schema("rewardbench").names


@trap(70)
def test_rewardbench_gets_turns_whose_roles_are_their_places(rich, unfit):
    """It gives the first turn to the user and every second one to the assistant."""
    for row in (*rich.rows("rewardbench"), *unfit.rows("rewardbench")):
        for side in ("chosen", "rejected"):
            roles = [turn["role"] for turn in row[side]]
            assert roles == ["user", "assistant"] * (len(roles) // 2)


def _messages(*names: str):
    return [BY_NAME[name].messages for name in names]

"""Turns are where trainers look for them, in the one form that they read."""

import pyarrow as pa
import pytest

from exports.fitness import Reason, why_unfit_pair
from exports.formats.columns import MESSAGE, MESSAGES
from exports.messages import Message, shaped
from tests.exports.made import PAIR, PROMPT, replace
from tests.exports.traps.exported import CONFIGS, structs_in
from tests.exports.traps.pure import problems_of, row_of
from tests.exports.traps.stage import BY_NAME, TALK
from tests.exports.traps.traps import trap

pytestmark = [pytest.mark.once, pytest.mark.django_db]
EXPLICIT = ("trl", "openrlhf")
CONVERSATIONS = {
    "trl": ("prompt", "chosen", "rejected"),
    "openrlhf": ("prompt", "chosen", "rejected"),
    "trl_implicit": ("chosen", "rejected"),
    "rewardbench": ("chosen", "rejected"),
    "kto": ("prompt", "completion"),
    "sft": ("prompt", "completion"),
}
ONE_ANSWER = [
    *((config, side) for config in EXPLICIT for side in ("chosen", "rejected")),
    ("kto", "completion"),
    ("sft", "completion"),
]
# Where each shape has what came before the answer; two are whole conversations.
BEFORE = {
    "trl": "prompt", "openrlhf": "prompt", "llamafactory": "messages", "axolotl": "messages",
    "nemo_rl": "context", "helpsteer3": "context", "kto": "prompt", "sft": "prompt",
    "prompts": "prompt", "rankings": "prompt",
}  # fmt: skip


@trap(6)
@pytest.mark.parametrize(("config", "columns"), CONVERSATIONS.items())
def test_prompt_and_answers_have_one_format(rich, config, columns):
    """A list of turns beside a string stops TRL with a TypeError."""
    schema = rich.schema(config)

    assert [schema.field(name).type for name in columns] == [MESSAGES] * len(columns)
    for row in rich.rows(config, "jsonl"):
        assert {type(row[name]) for name in columns} == {list}


@trap(7)
@pytest.mark.parametrize("config", CONFIGS)
def test_bare_turns_are_only_where_their_reader_wants_them(rich, config):
    """A bare object as chosen stops TRL; LLaMA-Factory and axolotl want one."""
    bare = {field.name for field in rich.schema(config) if field.type == MESSAGE}

    wants = config in ("llamafactory", "axolotl")
    assert bare == ({"chosen", "rejected"} if wants else set())


@trap(8)
@pytest.mark.parametrize("config", CONFIGS)
def test_turns_have_role_and_content_and_nothing_else(rich, config):
    """Turns with the keys from and value, as ShareGPT has them, stop TRL."""
    for field in rich.schema(config):
        for struct in structs_in(field.type):
            names = {one.name for one in struct}
            assert names.isdisjoint({"from", "value", "conversations"})
            assert not names & {"role", "content"} or struct == MESSAGE


@trap(9)
@pytest.mark.parametrize("config", EXPLICIT)
def test_chosen_does_not_repeat_the_prompt_beside_it(rich, config):
    """Trainers join prompt and chosen: a prompt in both would be there twice, in silence."""
    (row,) = [row for row in rich.rows(config) if row["prompt"] == TALK.messages]

    chosen, rejected = TALK.responses
    assert row["chosen"] == [{"role": "assistant", "content": chosen}]
    assert row["rejected"] == [{"role": "assistant", "content": rejected}]


@trap(10)
@pytest.mark.parametrize("config", CONFIGS)
def test_no_prompt_is_a_string_beside_conversations(rich, config):
    """The shape of UltraFeedback-binarized fails, or not, with the seed of Python's hashes."""
    schema = rich.schema(config)
    names = {"prompt", "chosen", "rejected", "completion"} & set(schema.names)

    strings = {name for name in names if schema.field(name).type == pa.string()}
    assert strings in (set(), names)
    if config in ("trl_implicit", "rewardbench"):
        assert names == {"chosen", "rejected"}


@trap(11)
def test_no_prompt_is_empty(rich, unfit):
    """A prompt without a turn stops TRL at the row, not at the file."""
    for config, column in BEFORE.items():
        assert all(row[column] for row in rich.rows(config))
        assert rich.table(config).column(column).null_count == 0
    empty = replace(PAIR, prompt=replace(PROMPT, messages=()))
    assert why_unfit_pair(empty) == Reason.PROMPT_SHAPE
    assert not any(unfit.says(config, "What?") for config in BEFORE if unfit.files(config))


@trap(12)
@pytest.mark.parametrize(("config", "columns"), CONVERSATIONS.items())
def test_no_answer_is_an_empty_list(rich, config, columns):
    """An answer without a turn stops TRL at the row."""
    for name in columns:
        assert rich.table(config).column(name).null_count == 0
        assert min(len(row[name]) for row in rich.rows(config)) >= 1


@trap(13)
@pytest.mark.parametrize(("config", "column"), ONE_ANSWER)
def test_an_answer_is_exactly_one_turn_of_the_assistant(rich, config, column):
    """With more turns in chosen TRL trains on those of the user between them as well."""
    roles = {tuple(turn["role"] for turn in row[column]) for row in rich.rows(config)}

    assert roles == {("assistant",)}
    assert any(len(row["prompt"]) > 1 for row in rich.rows("trl"))


@trap(14, 15, 17)
@pytest.mark.parametrize(
    ("name", "roles"),
    [
        pytest.param("assistant last", ("user", "assistant"), id="14"),
        pytest.param("two users", ("user", "user"), id="15"),
        pytest.param("late system", ("user", "system", "user"), id="17"),
    ],
)
def test_a_prompt_whose_turns_are_out_of_order_is_left_out(rich, unfit, name, roles):
    """Strict templates raise at other orders, ChatML cuts the answer off at the wrong place.

    These are a prompt that ends with the assistant, two turns of the user in a row, and a system
    turn that is not the first; a system prompt in a column of its own no reader knows.
    """
    case = BY_NAME[name]

    assert tuple(turn["role"] for turn in case.messages) == roles
    assert (
        why_unfit_pair(replace(PAIR, prompt=replace(PROMPT, messages=tuple(case.messages))))
        == Reason.PROMPT_SHAPE
    )
    for config in BEFORE:
        assert not (unfit.files(config) and unfit.says(config, case.words))
    assert unfit.says("trl", BY_NAME["fit"].words)
    assert not any("system" in rich.schema(config).names for config in CONFIGS)
    assert rich.row("talk")["prompt"][0]["role"] == "system"


@trap(16)
def test_system_turns_can_be_merged_or_left_out():
    """A template without a system role raises at one; RewardBench does so itself."""
    talk = tuple(Message(role=one["role"], content=one["content"]) for one in TALK.messages)
    system, first, *rest = talk

    merged, dropped = shaped(talk, "merge"), shaped(talk, "drop")
    assert merged[0] == {"role": "user", "content": f"{system['content']}\n\n{first['content']}"}
    assert merged[1:] == tuple(rest)
    assert dropped == (first, *rest)
    written = row_of("trl", replace(PAIR, prompt=replace(PROMPT, messages=merged)))
    assert list(written["prompt"]) == list(merged)


@trap(18)
@pytest.mark.parametrize("config", CONFIGS)
def test_content_is_a_plain_string(rich, config):
    """Of a list of parts text templates write what Python prints for it."""
    found = [
        struct.field("content").type
        for field in rich.schema(config)
        for struct in structs_in(field.type)
        if "content" in {one.name for one in struct}
    ]

    assert set(found) <= {pa.string()}
    assert problems_of([{"type": "text", "text": "Why?"}]) == ["wrong_type"]
    assert problems_of("Why?") == []

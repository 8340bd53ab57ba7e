"""Rows are checked before they are written, and keep their split."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.formats.columns import COLUMNS, JUDGMENT_COLUMNS, JUDGMENT_SCHEMA, SCHEMA
from exports.records import (
    TRAIN,
    VALIDATION,
    JudgmentRow,
    Message,
    PreferencePair,
    PromptFacts,
    Reason,
    Response,
    RoundFacts,
    Vote,
    fits_trainers,
    make_pair,
    settle_prompt,
    split_of,
)


def turns(*roles: str, content: str = "x") -> tuple[Message, ...]:
    return tuple(Message(role=role, content=content) for role in roles)


ASK = turns("user", content="Why?")
PROMPT = PromptFacts(1, ASK, "forum", "q-1", "en", ("ü", "two words"))
GOOD, BAD = Response(7, "Because.", "model-a"), Response(8, "No.", "")
VOTE = Vote("5-0-1", 5, 3, 0, 2 / 3, 1.5, 2, 1, RoundFacts(4, "step-400"))
# Columns of these names change what TRL does with a row.
RESERVED = {
    "chosen_ids", "rejected_ids", "prompt_ids", "completion_ids", "images", "image", "tools",
    "chat_template_kwargs", "ref_chosen_logps", "ref_rejected_logps", "messages", "completion",
    "label", "margin",
}  # fmt: skip


def pair(chosen=GOOD, rejected=BAD, prompt=PROMPT, vote=VOTE, share=0.0):
    return make_pair(
        prompt=prompt, chosen=chosen, rejected=rejected, vote=vote, validation_share=share
    )


def test_a_row_has_one_assistant_turn_on_each_side():
    row = pair()

    assert row.prompt == ASK
    assert row.chosen == ({"role": "assistant", "content": "Because."},)
    assert row.rejected == ({"role": "assistant", "content": "No."},)
    assert (row.round, row.round_checkpoint) == (4, "step-400")
    assert (row.tags, row.split) == ('["ü","two words"]', TRAIN)


@pytest.mark.parametrize(
    ("columns", "schema", "record"),
    [(COLUMNS, SCHEMA, PreferencePair), (JUDGMENT_COLUMNS, JUDGMENT_SCHEMA, JudgmentRow)],
)
def test_the_columns_are_the_fields_of_the_record_in_order(columns, schema, record):
    assert list(columns) == schema.names == [field.name for field in fields(record)]


def test_no_column_has_a_name_that_trainers_take_for_their_own():
    assert RESERVED & COLUMNS.keys() == set()


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
def test_a_blank_response_is_left_out(text):
    blank = replace(BAD, text=text)

    assert pair(rejected=blank) == pair(chosen=blank) == Reason.BLANK_RESPONSE


@pytest.mark.parametrize("text", ["Because.", " Because.\n"])
def test_responses_that_say_the_same_are_left_out(text):
    assert pair(rejected=replace(BAD, text=text)) == Reason.IDENTICAL_RESPONSES


@pytest.mark.parametrize("part", ["chosen", "model", "prompt", "tags", "external_id", "checkpoint"])
def test_a_lone_surrogate_anywhere_leaves_the_row_out(part):
    bad = "half \ud83d"
    row = {
        "chosen": lambda: pair(chosen=replace(GOOD, text=bad)),
        "model": lambda: pair(rejected=replace(BAD, model=bad)),
        "prompt": lambda: pair(prompt=replace(PROMPT, messages=turns("user", content=bad))),
        "tags": lambda: pair(prompt=replace(PROMPT, tags=(bad,))),
        "checkpoint": lambda: pair(vote=replace(VOTE, round=RoundFacts(1, bad))),
        "external_id": lambda: pair(prompt=replace(PROMPT, external_id=bad)),
    }[part]()

    assert row == Reason.UNREADABLE_TEXT


@pytest.mark.parametrize(
    "roles",
    [
        (),
        ("system",),
        ("assistant",),
        ("user", "assistant"),
        ("user", "user"),
        ("assistant", "user"),
        ("user", "system", "user"),
        ("system", "system", "user"),
        ("user", "tool", "user"),
    ],
)
def test_a_prompt_of_another_shape_is_left_out(roles):
    assert not fits_trainers(turns(*roles))
    assert pair(prompt=replace(PROMPT, messages=turns(*roles))) == Reason.PROMPT_SHAPE


@pytest.mark.parametrize(
    "roles", [("user",), ("system", "user"), ("system", "user", "assistant", "user")]
)
def test_a_prompt_that_ends_with_the_user_is_kept(roles):
    assert fits_trainers(turns(*roles))
    assert not fits_trainers(turns(*roles, content=" "))


def test_pairs_that_contradict_one_another_all_go():
    first, again = pair(), replace(pair(), pair_id="6-0-1")
    against = pair(chosen=BAD, rejected=GOOD)
    other = pair(chosen=replace(GOOD, text="So."))

    assert settle_prompt([first, other, against, again]) == (
        [other],
        {Reason.CONTRADICTION: 3, Reason.DUPLICATE: 0},
    )


def test_of_pairs_that_repeat_one_another_the_first_stays():
    first, again = pair(), replace(pair(), pair_id="6-0-1")

    assert settle_prompt([first, again]) == (
        [first],
        {Reason.CONTRADICTION: 0, Reason.DUPLICATE: 1},
    )


def test_a_split_is_shared_by_all_continuations_of_a_talk():
    asked = [f"Question {n}" for n in range(200)]
    for content in asked:
        start = turns("user", content=content)
        longer = (
            *turns("system"),
            *turns("user", content=f" {content}\n"),
            *turns("assistant", "user"),
        )
        assert split_of(start, 0.3) == split_of(longer, 0.3)


def test_a_split_is_found_for_what_no_trainer_could_read():
    asked = [(), turns("assistant"), turns("user", content="half \ud83d")]

    assert [split_of(messages, 0.0) for messages in asked] == [TRAIN] * 3


def test_splits_are_as_large_as_asked_for_and_fixed_for_ever():
    prompts = [turns("user", content=f"Question {n}") for n in range(4000)]

    found = [split_of(prompt, 0.25) for prompt in prompts]

    assert abs(found.count(VALIDATION) / 4000 - 0.25) < 0.03
    assert [n for n in range(20) if found[n] == VALIDATION] == FIXED


FIXED = [11]


@given(st.text(min_size=1), st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_larger_share_only_adds_to_the_validation_split(content, one, other):
    prompt = turns("user", content=content)

    if split_of(prompt, min(one, other)) == VALIDATION:
        assert split_of(prompt, max(one, other)) == VALIDATION
    assert split_of(prompt, 0.0) == TRAIN

"""Rows are checked before they are written."""

import pytest

from exports.fitness import (
    Reason,
    settled,
    why_unfit_chain,
    why_unfit_pair,
    why_unfit_prompt,
)
from exports.messages import fits_trainers, merged, shaped, transcript
from exports.records import Chain, RoundFacts, Step
from tests.exports.made import BAD, GOOD, PAIR, PROMPT, VOTE, replace, turns

STEP = Step("critique", "Be kind.", "Harsh.", "model-a")
CHAIN = Chain(PROMPT, BAD, (STEP,), GOOD, "Kindness", 2)


def kept(pairs, **choices):
    found = settled(pairs, **({"both_ways": False, "again": False} | choices))
    return [pair for pair, why in found if why is None]


def reasons(pairs):
    return [why for _, why in settled(pairs, both_ways=False, again=False)]


def test_a_pair_that_trainers_can_read_is_fit():
    assert why_unfit_pair(PAIR) is None


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
def test_a_blank_response_is_left_out(text):
    blank = replace(BAD, text=text)

    assert why_unfit_pair(replace(PAIR, rejected=blank)) == Reason.BLANK_RESPONSE
    assert why_unfit_pair(replace(PAIR, chosen=blank)) == Reason.BLANK_RESPONSE


@pytest.mark.parametrize("text", ["Because.", " Because.\n"])
def test_responses_that_say_the_same_are_left_out(text):
    same = replace(BAD, text=text)

    assert why_unfit_pair(replace(PAIR, rejected=same)) == Reason.IDENTICAL_RESPONSES


@pytest.mark.parametrize(
    "change",
    [
        {"chosen": replace(GOOD, text="half \ud83d")},
        {"rejected": replace(BAD, model="half \ud83d")},
        {"prompt": replace(PROMPT, messages=turns("user", content="half \ud83d"))},
        {"prompt": replace(PROMPT, tags=("half \ud83d",))},
        {"prompt": replace(PROMPT, external_id="half \ud83d")},
        {"vote": replace(VOTE, round=RoundFacts(1, "half \ud83d"))},
    ],
)
def test_a_lone_surrogate_anywhere_leaves_the_row_out(change):
    assert why_unfit_pair(replace(PAIR, **change)) == Reason.UNREADABLE_TEXT


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
    unfit = replace(PAIR, prompt=replace(PROMPT, messages=turns(*roles)))

    assert not fits_trainers(turns(*roles))
    assert why_unfit_pair(unfit) == Reason.PROMPT_SHAPE


@pytest.mark.parametrize(
    "roles", [("user",), ("system", "user"), ("system", "user", "assistant", "user")]
)
def test_a_prompt_that_ends_with_the_user_is_kept(roles):
    assert fits_trainers(turns(*roles))
    assert not fits_trainers(turns(*roles, content=" "))


def test_pairs_that_contradict_one_another_all_go():
    again = replace(PAIR, vote=replace(VOTE, pair_id="6-0-1"))
    against = replace(PAIR, chosen=BAD, rejected=GOOD)
    other = replace(PAIR, chosen=replace(GOOD, text="So."))
    every = [PAIR, other, against, again]

    assert kept(every) == [other]
    gone = Reason.CONTRADICTION
    assert reasons(every) == [gone, None, gone, gone]
    assert kept(every, both_ways=True) == [PAIR, other, against]
    assert kept(every, both_ways=True, again=True) == every


def test_of_pairs_that_repeat_one_another_the_first_stays():
    again = replace(PAIR, vote=replace(VOTE, pair_id="6-0-1"))

    assert kept([PAIR, again]) == [PAIR]
    assert reasons([PAIR, again]) == [None, Reason.DUPLICATE]
    assert kept([PAIR, again], again=True) == [PAIR, again]


def test_white_space_around_a_text_makes_no_other_text_of_it():
    spaced = replace(PAIR, chosen=replace(GOOD, text=f" {GOOD.text}\n"))
    against = replace(PAIR, chosen=replace(BAD, text=f"{BAD.text}\t"), rejected=GOOD)

    assert reasons([PAIR, spaced]) == [None, Reason.DUPLICATE]
    assert reasons([spaced, against]) == [Reason.CONTRADICTION] * 2
    assert reasons([PAIR, replace(PAIR, chosen=replace(GOOD, text="Be cause."))]) == [None, None]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, None),
        ({"messages": turns("user", "assistant")}, Reason.PROMPT_SHAPE),
        ({"messages": turns("user", content=" ")}, Reason.PROMPT_SHAPE),
        ({"source": "half \ud83d"}, Reason.UNREADABLE_TEXT),
        ({"tokens": 10}, Reason.TOO_LONG),
    ],
)
def test_a_prompt_alone_passes_what_the_prompt_of_a_pair_passes(change, why):
    prompt = replace(PROMPT, **change)

    assert why_unfit_prompt(prompt, 9) == why_unfit_pair(replace(PAIR, prompt=prompt), 9) == why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, None),
        ({"original": replace(BAD, text=" ")}, Reason.BLANK_RESPONSE),
        ({"revision": replace(GOOD, text="\n")}, Reason.BLANK_RESPONSE),
        ({"steps": (replace(STEP, text="\t"),)}, Reason.BLANK_RESPONSE),
        ({"steps": (replace(STEP, principle="\ud83d"),)}, Reason.UNREADABLE_TEXT),
        ({"revision": replace(GOOD, model="\ud83d")}, Reason.UNREADABLE_TEXT),
        ({"constitution": "\ud83d"}, Reason.UNREADABLE_TEXT),
        ({"prompt": replace(PROMPT, messages=())}, Reason.PROMPT_SHAPE),
        ({"original": replace(BAD, tokens=10)}, Reason.TOO_LONG),
    ],
)
def test_a_chain_passes_what_pairs_pass(change, why):
    assert why_unfit_chain(replace(CHAIN, **change), 9) == why


def test_system_turns_are_kept_merged_or_dropped():
    system, asked = turns("system", content="Be brief."), turns("user", content="Why?")
    both = ({"role": "user", "content": "Be brief.\n\nWhy?"},)

    assert shaped((*system, *asked), "keep") == (*system, *asked)
    assert shaped((*system, *asked), "merge") == merged((*system, *asked)) == both
    assert shaped((*system, *asked), "drop") == asked
    for choice in ("keep", "merge", "drop"):
        assert shaped(asked, choice) == asked


def test_a_transcript_ends_where_the_answer_begins():
    talk = (
        *turns("system", content="Be brief."),
        *turns("user", content="Why?"),
        *turns("assistant", content="So."),
        *turns("user", content="And?"),
    )

    said = "Be brief.\n\nHuman: Why?\n\nAssistant: So.\n\nHuman: And?\n\nAssistant:"
    assert transcript(talk) == said
    assert transcript(talk[1:]).startswith("\n\nHuman: Why?")

"""Pairs in the shapes that preference trainers read."""

import pyarrow as pa

from exports.configs import Config
from exports.formats.columns import MESSAGE, MESSAGES, Column, RowOf, Variant
from exports.formats.variants.shared import (
    ABOUT_PROMPT,
    MARGIN,
    PAIR_ID,
    PROMPT,
    RESPONSES,
    ROUND,
    VOTES,
    WEIGHT,
    about_prompt,
    about_vote,
    answer,
)
from exports.messages import merged, transcript
from exports.records import Pair

TEXT = pa.string()
COMPLETION = pa.struct([("rank", pa.int64()), ("completion", MESSAGES)])


def _trl(pair: Pair) -> RowOf:
    return {
        "prompt": pair.prompt.messages,
        "chosen": (answer(pair.chosen.text),),
        "rejected": (answer(pair.rejected.text),),
        **about_vote(pair.vote),
        "chosen_response_id": pair.chosen.response_id,
        "rejected_response_id": pair.rejected.response_id,
        "chosen_model": pair.chosen.model,
        "rejected_model": pair.rejected.model,
        "chosen_tokens": pair.chosen.tokens,
        "rejected_tokens": pair.rejected.tokens,
        "guideline_version": pair.vote.guideline_version,
        "round": pair.vote.round.number,
        "round_checkpoint": pair.vote.round.checkpoint,
        **about_prompt(pair.prompt),
    }


def _explicit(pair: Pair) -> RowOf:
    return {
        "prompt": pair.prompt.messages,
        "chosen": (answer(pair.chosen.text),),
        "rejected": (answer(pair.rejected.text),),
        "pair_id": pair.vote.pair_id,
        "margin": pair.vote.margin,
        "weight": pair.vote.weight,
    }


def _implicit(pair: Pair) -> RowOf:
    prompt = pair.prompt.messages
    return {
        "chosen": (*prompt, answer(pair.chosen.text)),
        "rejected": (*prompt, answer(pair.rejected.text)),
        "pair_id": pair.vote.pair_id,
        "margin": pair.vote.margin,
    }


def _without_system(pair: Pair) -> RowOf:
    prompt = merged(pair.prompt.messages)
    return {
        "chosen": (*prompt, answer(pair.chosen.text)),
        "rejected": (*prompt, answer(pair.rejected.text)),
        "pair_id": pair.vote.pair_id,
    }


def _strings(pair: Pair) -> RowOf:
    return {
        "prompt": transcript(pair.prompt.messages),
        "chosen": f" {pair.chosen.text}",
        "rejected": f" {pair.rejected.text}",
        "pair_id": pair.vote.pair_id,
        "margin": pair.vote.margin,
        "data_source": pair.prompt.source,
    }


def _single_answers(pair: Pair) -> RowOf:
    return {
        "messages": pair.prompt.messages,
        "chosen": answer(pair.chosen.text),
        "rejected": answer(pair.rejected.text),
        "pair_id": pair.vote.pair_id,
    }


def _nemo_rl(pair: Pair) -> RowOf:
    answers = enumerate((pair.chosen.text, pair.rejected.text))
    return {
        "context": pair.prompt.messages,
        "completions": [{"rank": rank, "completion": [answer(text)]} for rank, text in answers],
        "pair_id": pair.vote.pair_id,
    }


CHOSEN = Column("chosen", MESSAGES, "The response that is preferred, as one assistant turn.")
REJECTED = Column("rejected", MESSAGES, "The other response, as one assistant turn.")
WHOLE = (
    Column("chosen", MESSAGES, "The whole conversation with the response that is preferred."),
    Column("rejected", MESSAGES, "The same conversation with the other response."),
)
STRINGS = (
    Column(
        "prompt",
        TEXT,
        "The conversation as one text: `Human:` and `Assistant:` before the turns, two line ends "
        "between them, a system turn first by itself; it ends with `Assistant:`.",
    ),
    Column("chosen", TEXT, "The response that is preferred, after a space."),
    Column("rejected", TEXT, "The other response, after a space."),
    PAIR_ID,
)
SINGLE = (
    Column("messages", MESSAGES, PROMPT.meaning),
    Column("chosen", MESSAGE, "The response that is preferred, as a turn."),
    Column("rejected", MESSAGE, "The other response, as a turn."),
    PAIR_ID,
)

VARIANTS = (
    Variant(
        Config.TRL,
        Pair,
        (
            PROMPT,
            CHOSEN,
            REJECTED,
            MARGIN,
            WEIGHT,
            PAIR_ID,
            *VOTES,
            *RESPONSES,
            *ROUND,
            *ABOUT_PROMPT,
        ),
        _trl,
    ),
    Variant(Config.TRL_IMPLICIT, Pair, (*WHOLE, MARGIN, PAIR_ID), _implicit),
    Variant(Config.STANDARD, Pair, (*STRINGS, MARGIN), _strings),
    Variant(Config.LLAMAFACTORY, Pair, SINGLE, _single_answers, split_folders=True),
    Variant(
        Config.NEMO_RL,
        Pair,
        (
            Column("context", MESSAGES, PROMPT.meaning),
            Column(
                "completions",
                pa.list_(COMPLETION),
                "Two responses; the one with rank 0 is preferred to the one with rank 1.",
            ),
            PAIR_ID,
        ),
        _nemo_rl,
    ),
    Variant(Config.OPENRLHF, Pair, (PROMPT, CHOSEN, REJECTED, MARGIN, PAIR_ID), _explicit),
    Variant(Config.AXOLOTL, Pair, SINGLE, _single_answers),
    Variant(
        Config.VERL,
        Pair,
        (*STRINGS, Column("data_source", TEXT, "Where the prompt came from; may be empty.")),
        _strings,
    ),
    Variant(Config.REWARDBENCH, Pair, (*WHOLE, PAIR_ID), _without_system),
)

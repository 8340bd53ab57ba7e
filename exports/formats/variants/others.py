"""Rows that are no pairs: single responses, demonstrations, prompts, comparisons, chains."""

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import pyarrow as pa

from exports.configs import Config
from exports.formats.columns import MESSAGES, NUMBERS, Column, RowOf, Variant
from exports.formats.variants.shared import (
    ABOUT_PROMPT,
    JUDGMENT_IDS,
    PROMPT,
    ROUND,
    about_prompt,
    answer,
)
from exports.records import Answer, Chain, Demonstration, PromptRow, Ranking, Response, Single

TEXT = pa.string()
STATED = pa.struct([("score", pa.int64()), ("reasoning", TEXT)])
RESPONSE = pa.struct([("response_id", pa.int64()), ("text", TEXT), ("model", TEXT)])
ANSWER = pa.struct(
    [
        ("judgment_id", pa.int64()),
        ("annotator", TEXT),
        ("source", TEXT),
        ("outcome", TEXT),
        ("ranks", NUMBERS),
        ("strength", pa.int64()),
    ]
)
STEP = pa.struct([("kind", TEXT), ("principle", TEXT), ("text", TEXT), ("model", TEXT)])
# How clear a choice was on our scale of four, on HelpSteer3's of three; none stated is the least.
ON_THREE = {0: 1, 1: 1, 2: 2, 3: 2, 4: 3}
COMPARED = 2


def _kto(single: Single) -> RowOf:
    return {
        "prompt": single.prompt.messages,
        "completion": (answer(single.response.text),),
        "label": single.is_desirable,
        "row_id": f"{single.prompt.prompt_id}-{single.response.response_id}",
        "response_id": single.response.response_id,
        "model": single.response.model,
        "completion_tokens": single.response.tokens,
        "wins": single.wins,
        "losses": single.losses,
        "bad": single.bad,
        "judgment_ids": single.judgment_ids,
        **about_prompt(single.prompt),
    }


def _sft(shown: Demonstration) -> RowOf:
    return {
        "prompt": shown.prompt.messages,
        "completion": (answer(shown.text),),
        "edited_from": shown.edited_from.text,
        "response_id": shown.edited_from.response_id,
        "model": shown.edited_from.model,
        "completion_tokens": shown.tokens,
        "judgment_id": shown.judgment_id,
        "annotator": shown.annotator,
        "comparison_id": shown.comparison_id,
        **about_prompt(shown.prompt),
    }


def _prompt(row: PromptRow) -> RowOf:
    return {"prompt": row.prompt.messages, **about_prompt(row.prompt)}


def _helpsteer3(ranking: Ranking) -> RowOf | None:
    """Return the row of a comparison of two texts that leans to one; None of any other."""
    if len(ranking.responses) != COMPARED or _are_alike(ranking.responses):
        return None
    stated = [one for answer in ranking.answers if (one := _stated(answer)) is not None]
    if not stated:
        return None
    overall = round(fmean(one["score"] for one in stated))
    if not overall:
        return None
    first, second = ranking.responses
    return {
        "domain": ranking.prompt.source,
        "language": ranking.prompt.language,
        "context": ranking.prompt.messages,
        "response1": first.text,
        "response2": second.text,
        "overall_preference": overall,
        "individual_preference": stated,
        "comparison_id": ranking.comparison_id,
        "split": ranking.split,
    }


def _are_alike(responses: Sequence[Response]) -> bool:
    """Tell whether responses have one text, as in pairs whatever white space is around it."""
    return len({one.text.strip() for one in responses}) == 1


def _stated(said: Answer) -> dict[str, Any] | None:
    """Return one answer about two: below 0 for the first, above for the second; None of none."""
    if not said.ranks:
        return None
    first, second = said.ranks
    sign = (first > second) - (first < second)
    return {"score": sign * ON_THREE[said.strength], "reasoning": said.rationale}


def _ranking(ranking: Ranking) -> RowOf:
    return {
        "prompt": ranking.prompt.messages,
        "responses": [
            {"response_id": one.response_id, "text": one.text, "model": one.model}
            for one in ranking.responses
        ],
        "ranks": ranking.ranks,
        "answers": [
            {
                "judgment_id": one.judgment_id,
                "annotator": one.annotator,
                "source": one.source,
                "outcome": one.outcome,
                "ranks": one.ranks,
                "strength": one.strength,
            }
            for one in ranking.answers
        ],
        "comparison_id": ranking.comparison_id,
        "guideline_version": ranking.guideline_version,
        "round": ranking.round.number,
        "round_checkpoint": ranking.round.checkpoint,
        **about_prompt(ranking.prompt),
    }


def _chain(chain: Chain) -> RowOf:
    return {
        "prompt": chain.prompt.messages,
        "original": chain.original.text,
        "steps": [
            {"kind": one.kind, "principle": one.principle, "text": one.text, "model": one.model}
            for one in chain.steps
        ],
        "revision": chain.revision.text,
        "constitution": chain.constitution,
        "constitution_version": chain.constitution_version,
        "original_response_id": chain.original.response_id,
        "revision_response_id": chain.revision.response_id,
        **about_prompt(chain.prompt),
    }


COMPLETION = Column("completion", MESSAGES, "One response, as exactly one assistant turn.")
OF_RESPONSE = (
    Column("response_id", pa.int64(), "The candidate that the row is about."),
    Column("model", TEXT, "The model behind it; empty when it was not named."),
    Column("completion_tokens", pa.int64(), "The tokens of `completion`.", "tokenizer"),
)
COMPARISON = Column("comparison_id", pa.int64(), "The comparison that was judged.")
ANNOTATOR = Column(
    "annotator",
    TEXT,
    "Stands for the person, 16 hexadecimal digits: the same in every export of the campaign, "
    "others in every other campaign.",
)

VARIANTS = (
    Variant(
        Config.KTO,
        Single,
        (
            PROMPT,
            COMPLETION,
            Column("label", pa.bool_(), "Whether the response is desirable."),
            Column("row_id", TEXT, "Unique in the export: the prompt and the response."),
            *OF_RESPONSE,
            Column("wins", pa.int64(), "The pairs of the prompt's comparisons that prefer it."),
            Column("losses", pa.int64(), "Those that prefer another response to it."),
            Column("bad", pa.int64(), "The comparisons with it where all are called bad."),
            JUDGMENT_IDS,
            *ABOUT_PROMPT,
        ),
        _kto,
    ),
    Variant(
        Config.SFT,
        Demonstration,
        (
            PROMPT,
            Column("completion", MESSAGES, "The response as the person would have it."),
            Column("edited_from", TEXT, "The response that it was edited from."),
            *OF_RESPONSE,
            Column("judgment_id", pa.int64(), "The judgment that it was given with."),
            ANNOTATOR,
            COMPARISON,
            *ABOUT_PROMPT,
        ),
        _sft,
    ),
    Variant(Config.PROMPTS, PromptRow, (PROMPT, *ABOUT_PROMPT), _prompt),
    Variant(
        Config.HELPSTEER3,
        Ranking,
        (
            Column("domain", TEXT, "Where the prompt came from, as imported; may be empty."),
            Column("language", TEXT, "The prompt's language, as imported; may be empty."),
            Column("context", MESSAGES, PROMPT.meaning),
            Column("response1", TEXT, "The response in the first slot."),
            Column("response2", TEXT, "The response in the second slot."),
            Column(
                "overall_preference",
                pa.int64(),
                "The rounded mean of all answers, -3 (the first is much better) to 3; never 0. "
                "Another comparison of the prompt may have the same two responses and prefer the "
                "other one: `contradictions` and `duplicates` settle pairs alone.",
            ),
            Column("individual_preference", pa.list_(STATED), "Each answer; 0 is a tie."),
            COMPARISON,
            Column("split", TEXT, "The split of the prompt."),
        ),
        _helpsteer3,
    ),
    Variant(
        Config.RANKINGS,
        Ranking,
        (
            PROMPT,
            Column("responses", pa.list_(RESPONSE), "The responses by slot."),
            Column(
                "ranks",
                NUMBERS,
                "The rank of each slot, 1 is best, equal is a tie: by how many of the others it is "
                "preferred to by more answers than the other way round.",
            ),
            Column(
                "answers",
                pa.list_(ANSWER),
                "Every counted answer; no ranks say that all are bad.",
            ),
            COMPARISON,
            *ROUND,
            *ABOUT_PROMPT,
        ),
        _ranking,
    ),
    Variant(
        Config.CHAINS,
        Chain,
        (
            PROMPT,
            Column("original", TEXT, "The response that was criticised first."),
            Column("steps", pa.list_(STEP), "Critiques and revisions in turn, with the principle."),
            Column("revision", TEXT, "What came of it."),
            Column("constitution", TEXT, "The constitution that the principles are of."),
            Column("constitution_version", pa.int64(), "Its version."),
            Column("original_response_id", pa.int64(), "The candidate behind `original`."),
            Column("revision_response_id", pa.int64(), "The candidate behind `revision`."),
            *ABOUT_PROMPT,
        ),
        _chain,
    ),
)

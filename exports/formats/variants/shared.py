"""Columns that several shapes of rows share, and what stands in them."""

import pyarrow as pa

from exports.formats.columns import MESSAGES, NUMBERS, Column, RowOf
from exports.messages import Message
from exports.records import PromptFacts, Vote, tags_json

PROMPT = Column(
    "prompt",
    MESSAGES,
    "The conversation so far: an optional system turn, then user and assistant in turn, the last "
    "turn the user's.",
)
PAIR_ID = Column(
    "pair_id",
    pa.string(),
    "Unique in the export, the same in every configuration. Names the comparison and the two "
    "responses' places in it, whichever of them won.",
)
MARGIN = Column("margin", pa.float64(), "The margin for the loss, by the stated policy.", "margin")
WEIGHT = Column("weight", pa.float64(), "The weight for the loss, by the stated policy.", "weight")
ABOUT_PROMPT = (
    Column("prompt_id", pa.int64(), "The prompt; its rows are always next to one another."),
    Column("source", pa.string(), "Where the prompt came from, as imported; may be empty."),
    Column("external_id", pa.string(), "The prompt's id in its source; may be empty."),
    Column("language", pa.string(), "The prompt's language, as imported; may be empty."),
    Column("tags", pa.string(), "The prompt's tags, as a JSON list in a string."),
    Column(
        "prompt_tokens",
        pa.int64(),
        "The tokens of the prompt's turns, without what a chat template adds.",
        "tokenizer",
    ),
    Column(
        "split",
        pa.string(),
        "Prompts with one root share it, and no prompt changes it while the shares stay.",
    ),
)
ROUND = (
    Column(
        "guideline_version",
        pa.int64(),
        "The newest version of the judging guide among the answers; 0 when there was none.",
    ),
    Column("round", pa.int64(), "The number of the round of the comparison, from 1."),
    Column(
        "round_checkpoint",
        pa.string(),
        "The model checkpoint that the round is tied to, as the manager names it; may be empty.",
    ),
)
JUDGMENT_IDS = Column(
    "judgment_ids", NUMBERS, "Every judgment that the row rests on, as `judgments` has it."
)
VOTES = (
    Column("comparison_id", pa.int64(), "The comparison that was judged."),
    JUDGMENT_IDS,
    Column(
        "n_votes",
        pa.int64(),
        "The answers that count for the comparison, those that say tie or both bad included.",
    ),
    Column("n_ai_votes", pa.int64(), "How many of `n_votes` are AI judges'."),
    Column("agreement", pa.float64(), "The share of `n_votes` that say what the row says."),
    Column(
        "probability",
        pa.float64(),
        "How sure it is that more than half of all people would say it; 0.5 for ties.",
    ),
    Column(
        "strength",
        pa.float64(),
        "The mean of the strengths people stated, from 1 (barely) to 4 (much): votes for "
        "`rejected` count as minus, ties and both bad as 0. 0.0 when `strength_votes` is 0.",
    ),
    Column("strength_votes", pa.int64(), "The votes for either response that state a strength."),
    Column(
        "origin",
        pa.string(),
        "`judged`, or `edited`: the chosen text is somebody's edit of the rejected one.",
    ),
)
RESPONSES = (
    Column(
        "chosen_response_id",
        pa.int64(),
        "The candidate behind `chosen`; of an edit the one that was edited.",
    ),
    Column("rejected_response_id", pa.int64(), "The candidate behind `rejected`."),
    Column("chosen_model", pa.string(), "The model behind `chosen`; empty when it was not named."),
    Column(
        "rejected_model", pa.string(), "The model behind `rejected`; empty when it was not named."
    ),
    Column("chosen_tokens", pa.int64(), "The tokens of `chosen`.", "tokenizer"),
    Column("rejected_tokens", pa.int64(), "The tokens of `rejected`.", "tokenizer"),
)


def answer(text: str) -> Message:
    """Return a response as a turn."""
    return {"role": "assistant", "content": text}


def about_prompt(prompt: PromptFacts) -> RowOf:
    """Return what ABOUT_PROMPT names."""
    return {
        "prompt_id": prompt.prompt_id,
        "source": prompt.source,
        "external_id": prompt.external_id,
        "language": prompt.language,
        "tags": tags_json(prompt.tags),
        "prompt_tokens": prompt.tokens,
        "split": prompt.split,
    }


def about_vote(vote: Vote) -> RowOf:
    """Return what MARGIN, WEIGHT, PAIR_ID and VOTES name."""
    return {
        "margin": vote.margin,
        "weight": vote.weight,
        "pair_id": vote.pair_id,
        "comparison_id": vote.comparison_id,
        "judgment_ids": vote.judgment_ids,
        "n_votes": vote.n_votes,
        "n_ai_votes": vote.n_ai_votes,
        "agreement": vote.agreement,
        "probability": vote.probability,
        "strength": vote.strength,
        "strength_votes": vote.strength_votes,
        "origin": vote.origin,
    }

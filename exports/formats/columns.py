"""The columns of an export: one explicit schema, the same for every shard and split."""

import pyarrow as pa

MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))

# Name, type and meaning, in the order in which they are written.
COLUMNS: dict[str, tuple[pa.DataType, str]] = {
    "prompt": (
        MESSAGES,
        (
            "The conversation so far: an optional system turn, then user and assistant in turn, "
            "the last turn the user's."
        ),
    ),
    "chosen": (MESSAGES, "The response the judges prefer, as exactly one assistant turn."),
    "rejected": (MESSAGES, "The other response, as exactly one assistant turn."),
    "pair_id": (
        pa.string(),
        (
            "Unique in the export. Names the comparison and the two responses' places in it, "
            "whichever of them won."
        ),
    ),
    "prompt_id": (pa.int64(), "The prompt; its pairs are always next to one another."),
    "comparison_id": (pa.int64(), "The comparison that was judged."),
    "chosen_response_id": (pa.int64(), "The candidate behind `chosen`."),
    "rejected_response_id": (pa.int64(), "The candidate behind `rejected`."),
    "chosen_model": (pa.string(), "The model behind `chosen`; empty when it was not named."),
    "rejected_model": (pa.string(), "The model behind `rejected`; empty when it was not named."),
    "n_votes": (
        pa.int64(),
        "The judgments that count for the comparison, those that say tie or both bad included.",
    ),
    "agreement": (pa.float64(), "The share of `n_votes` that prefer `chosen`, above 0.5."),
    "strength": (
        pa.float64(),
        (
            "The mean of the strengths people stated, from 1 (barely) to 4 (much): votes for "
            "`rejected` count as minus, ties and both bad as 0. 0.0 when `strength_votes` is 0."
        ),
    ),
    "strength_votes": (pa.int64(), "The votes for either response that state a strength."),
    "guideline_version": (
        pa.int64(),
        "The newest version of the judging guide among the votes; 0 when there was none.",
    ),
    "round": (
        pa.int64(),
        "The number of the campaign's round that the comparison was made in, from 1.",
    ),
    "round_checkpoint": (
        pa.string(),
        "The model checkpoint that the round is tied to, as the manager names it; may be empty.",
    ),
    "source": (pa.string(), "Where the prompt came from, as imported; may be empty."),
    "external_id": (pa.string(), "The prompt's id in its source, as imported; may be empty."),
    "language": (pa.string(), "The prompt's language, as imported; may be empty."),
    "tags": (pa.string(), "The prompt's tags, as a JSON list in a string."),
    "split": (
        pa.string(),
        (
            "`train` or `validation`; prompts with the same first user turn share a split, and "
            "a prompt never changes its split while the share stays the same."
        ),
    ),
}
SCHEMA = pa.schema([(name, kind) for name, (kind, _) in COLUMNS.items()])

"""The columns of an export: explicit schemas, the same for every shard and split."""

import pyarrow as pa

Columns = dict[str, tuple[pa.DataType, str]]
MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))

# Name, type and meaning, in the order in which they are written.
COLUMNS: Columns = {
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
    "n_ai_votes": (
        pa.int64(),
        "How many of `n_votes` are an AI judge's; 0 unless the campaign counts them.",
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
RESPONSES = pa.list_(
    pa.struct([("response_id", pa.int64()), ("text_sha256", pa.string()), ("model", pa.string())])
)
JUDGMENT_COLUMNS: Columns = {
    "judgment_id": (pa.int64(), "Unique. The judgment as the REST API lists it."),
    "annotator": (
        pa.int64(),
        (
            "Stands for the person: the same in every export of the campaign, another one in "
            "another campaign."
        ),
    ),
    "prompt_id": (pa.int64(), "The prompt; its judgments are always next to one another."),
    "prompt_sha256": (pa.string(), "SHA-256 of the canonical JSON of the prompt's messages."),
    "comparison_id": (pa.int64(), "The comparison that was judged."),
    "responses": (
        RESPONSES,
        (
            "The candidates by slot: id, SHA-256 of the text in UTF-8, and the model, empty when "
            "it was not named."
        ),
    ),
    "display_order": (pa.list_(pa.int64()), "The slots in the order shown; the first is A."),
    "kind": (
        pa.string(),
        (
            "What it was given for: `work`, `repeat` (hidden, to see how steady the person is) "
            "or `gold` (a known answer)."
        ),
    ),
    "outcome": (pa.string(), "`ranked`, `tie`, `both_bad` or `skipped`."),
    "ranks": (
        pa.list_(pa.int64()),
        (
            "The rank of each slot, 1 is best and equal ranks are a tie; empty for `both_bad` "
            "and `skipped`, which order nothing."
        ),
    ),
    "strength": (pa.int64(), "From 1 (barely) to 4 (much); 0 when none was stated."),
    "acceptable_to": (
        pa.int64(),
        "Of three or more: the last rank that is acceptable, 0 for none; -1 when not said.",
    ),
    "criteria": (
        pa.string(),
        (
            "For each criterion the slot of the better response, or null for no difference: a "
            "JSON object in a string."
        ),
    ),
    "flags": (pa.string(), "What the person reported, as a JSON list in a string."),
    "rationale": (pa.string(), "The reason in the person's words; may be empty."),
    "reason_tags": (pa.string(), "The reasons ticked, as a JSON list in a string."),
    "ideal": (
        pa.string(),
        "A response as the person would have it, edited from one of those shown; may be empty.",
    ),
    "ideal_response_id": (pa.int64(), "The response that `ideal` was edited from; 0 for none."),
    "skip_reason": (pa.string(), "Why it was skipped; empty for answers."),
    "counted": (
        pa.bool_(),
        (
            "Whether it counts for the comparison. An answer of kind `work` that does not is "
            "surplus: it came when its place was taken."
        ),
    ),
    "guideline_version": (
        pa.int64(),
        "The version of the judging guide that was shown; 0 when there was none.",
    ),
    "round": COLUMNS["round"],
    "round_checkpoint": COLUMNS["round_checkpoint"],
    "active_ms": (pa.int64(), "How long the person was active on it, in milliseconds."),
    "created_at": (pa.timestamp("us", tz="UTC"), "When it was given."),
    "split": (pa.string(), "The split of the prompt's pairs."),
}


def _schema(columns: Columns) -> pa.Schema:
    return pa.schema([(name, kind) for name, (kind, _) in columns.items()])


SCHEMA, JUDGMENT_SCHEMA = _schema(COLUMNS), _schema(JUDGMENT_COLUMNS)

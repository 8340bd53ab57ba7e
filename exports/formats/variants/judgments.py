"""Judgments as they were given, one row a person and comparison."""

import pyarrow as pa

from exports.configs import Config
from exports.formats.columns import NUMBERS, Column, RowOf, Variant
from exports.formats.variants.others import ANNOTATOR, COMPARISON
from exports.records import Judgment

TEXT = pa.string()
NAMED = pa.struct([("response_id", pa.int64()), ("text_sha256", TEXT), ("model", TEXT)])


def _judgment(given: Judgment) -> RowOf:
    return {
        "judgment_id": given.judgment_id,
        "annotator": given.annotator,
        "prompt_id": given.prompt_id,
        "prompt_sha256": given.prompt_sha256,
        "comparison_id": given.comparison_id,
        "responses": [
            {
                "response_id": one.response_id,
                "text_sha256": one.text_sha256,
                "model": one.model,
            }
            for one in given.responses
        ],
        "display_order": given.display_order,
        "kind": given.kind,
        "source": "human",
        "outcome": given.outcome,
        "ranks": given.ranks,
        "strength": given.strength,
        "acceptable_to": given.acceptable_to,
        "criteria": given.criteria,
        "flags": given.flags,
        "rationale": given.rationale,
        "reason_tags": given.reason_tags,
        "ideal": given.ideal,
        "ideal_response_id": given.ideal_response_id,
        "skip_reason": given.skip_reason,
        "counted": given.counted,
        "guideline_version": given.guideline_version,
        "round": given.round.number,
        "round_checkpoint": given.round.checkpoint,
        "active_ms": given.active_ms,
        "created_at": given.created_at,
        "split": given.split,
    }


VARIANT = Variant(
    Config.JUDGMENTS,
    Judgment,
    (
        Column("judgment_id", pa.int64(), "Unique. The judgment as the REST API lists it."),
        ANNOTATOR,
        Column("prompt_id", pa.int64(), "The prompt; its judgments are next to one another."),
        Column("prompt_sha256", TEXT, "SHA-256 of the canonical JSON of the prompt's messages."),
        COMPARISON,
        Column(
            "responses",
            pa.list_(NAMED),
            "The candidates by slot: id, SHA-256 of the text in UTF-8, and the model, empty when "
            "it was not named.",
        ),
        Column("display_order", NUMBERS, "The slots in the order shown; the first is A."),
        Column(
            "kind",
            TEXT,
            "What it was given for: `work`, `repeat` (hidden, to see how steady the person is) or "
            "`gold` (a known answer).",
        ),
        Column("source", TEXT, "`human`."),
        Column("outcome", TEXT, "`ranked`, `tie`, `both_bad` or `skipped`."),
        Column(
            "ranks",
            NUMBERS,
            "The rank of each slot, 1 is best and equal ranks are a tie; empty for `both_bad` and "
            "`skipped`, which order nothing.",
        ),
        Column("strength", pa.int64(), "From 1 (barely) to 4 (much); 0 when none was stated."),
        Column(
            "acceptable_to",
            pa.int64(),
            "Of three or more: the last rank that is acceptable, 0 for none; -1 when not said.",
        ),
        Column(
            "criteria",
            TEXT,
            "For each criterion the slot of the better response, or null for no difference: a JSON "
            "object in a string.",
        ),
        Column("flags", TEXT, "What the person reported, as a JSON list in a string."),
        Column("rationale", TEXT, "The reason in the person's words; may be empty."),
        Column("reason_tags", TEXT, "The reasons ticked, as a JSON list in a string."),
        Column(
            "ideal",
            TEXT,
            "A response as the person would have it, edited from one of those shown; may be empty.",
        ),
        Column(
            "ideal_response_id", pa.int64(), "The response `ideal` was edited from; 0 for none."
        ),
        Column("skip_reason", TEXT, "Why it was skipped; empty for answers."),
        Column(
            "counted",
            pa.bool_(),
            "Whether it counts for the comparison. An answer of kind `work` that does not is "
            "surplus: it came when its place was taken.",
        ),
        Column(
            "guideline_version",
            pa.int64(),
            "The version of the judging guide that was shown; 0 when there was none.",
        ),
        Column("round", pa.int64(), "The number of the round of the comparison, from 1."),
        Column("round_checkpoint", TEXT, "The model checkpoint that the round is tied to."),
        Column("active_ms", pa.int64(), "How long the person was active on it, milliseconds."),
        Column("created_at", pa.timestamp("us", tz="UTC"), "When it was given."),
        Column("split", TEXT, "The split of the prompt."),
    ),
    _judgment,
)

"""Judgments in force, as rows have them: every answer and skip, counted or not."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

import orjson
from django.db.models import QuerySet

from exports.queries.reading import IsAnyOf, moment_of, text_of
from exports.queries.scope import Scope
from exports.records import Judgment as JudgmentRow
from exports.records import PromptFacts, Response, RoundFacts, as_json
from labeling.ranking.enums import Outcome
from labeling.ranking.models import Judgment
from labeling.ranking.queries import current_judgments

NOT_SAID = -1
ORDERING = (Outcome.RANKED, Outcome.TIE)


class Compared(NamedTuple):
    """What rows say about a comparison, whatever was said about it."""

    comparison_id: int
    round: RoundFacts
    prompt: PromptFacts
    responses: tuple[Response, ...]


def in_force(scope: Scope) -> QuerySet[Judgment]:
    """Return the answers and skips of a selection; what was taken back says nothing."""
    found = current_judgments(scope.campaign).exclude(outcome=Outcome.UNDONE)
    if scope.held_back:
        found = found.exclude(assignment__desk__in=scope.held_back)
    return found


def judgments_of(compared: Collection[Compared], scope: Scope) -> Mapping[int, list[JudgmentRow]]:
    """Return what was said about some comparisons, in the order it was given."""
    by_key = {one.comparison_id: one for one in compared}
    found: dict[int, list[JudgmentRow]] = defaultdict(list)
    rows = (
        in_force(scope)
        .filter(IsAnyOf("comparison_id", by_key))
        .order_by("comparison_id", "id")
        .values_list(
            "comparison_id", "id", "assignment__desk_id", "assignment__kind", "outcome",
            text_of("ranks"), "strength", "acceptable_to", text_of("criteria"), text_of("flags"),
            "rationale", text_of("reason_tags"), "ideal", "ideal_slot", "skip_reason",
            text_of("display_order"), "guideline_version", "counted", "active_ms",
            text_of("created_at"),
        )
    )  # fmt: skip
    for comparison_id, *said in rows.iterator():
        found[comparison_id].append(_row(by_key[comparison_id], scope, *said))
    return found


def _row(
    compared: Compared,
    scope: Scope,
    key: int,
    desk_id: int,
    kind: str,
    outcome: str,
    ranks: str,
    strength: int | None,
    acceptable_to: int | None,
    criteria: str,
    flags: str,
    rationale: str,
    reason_tags: str,
    ideal: str,
    ideal_slot: int | None,
    skip_reason: str,
    display_order: str,
    guideline_version: int | None,
    counted: bool,
    active_ms: int,
    created_at: str,
) -> JudgmentRow:
    return JudgmentRow(
        judgment_id=key,
        annotator=scope.names.of(desk_id),
        prompt_id=compared.prompt.prompt_id,
        prompt_sha256=compared.prompt.content_hash,
        comparison_id=compared.comparison_id,
        responses=compared.responses,
        display_order=tuple(orjson.loads(display_order)),
        kind=kind,
        outcome=outcome,
        ranks=tuple(orjson.loads(ranks)) if outcome in ORDERING else (),
        strength=strength or 0,
        acceptable_to=NOT_SAID if acceptable_to is None else acceptable_to,
        criteria=_canonical(criteria),
        flags=_canonical(flags),
        rationale=rationale,
        reason_tags=_canonical(reason_tags),
        ideal=ideal,
        ideal_response_id=0 if ideal_slot is None else compared.responses[ideal_slot].response_id,
        skip_reason=skip_reason,
        counted=counted,
        guideline_version=guideline_version or 0,
        round=compared.round,
        active_ms=active_ms,
        created_at=moment_of(created_at),
        split=compared.prompt.split,
    )


def _canonical(text: str) -> str:
    """Return JSON as rows have it, whatever the database made of it."""
    return text if text in {"{}", "[]"} else as_json(orjson.loads(text))

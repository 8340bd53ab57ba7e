"""Judgments in force, as rows have them: every answer and skip, counted or not."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import lru_cache
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
    """Return what was said about some comparisons, in the order it was given.

    As ``in_force``, told apart here: a comparison's judgments are all at hand, and what replaces
    one of them is among them, so that no index has to be asked a million times.
    """
    by_key = {one.comparison_id: one for one in compared}
    rows = sorted(
        Judgment.objects.filter(IsAnyOf("comparison_id", by_key))
        .order_by()
        .values_list(
            "id", "supersedes_id", "comparison_id", "assignment__desk_id", "outcome",
            "assignment__kind", text_of("ranks"), "strength", "acceptable_to", text_of("criteria"),
            text_of("flags"), "rationale", text_of("reason_tags"), "ideal", "ideal_slot",
            "skip_reason", text_of("display_order"), "guideline_version", "counted", "active_ms",
            text_of("created_at"),
        )
    )  # fmt: skip
    superseded = {row[1] for row in rows}
    found: dict[int, list[JudgmentRow]] = defaultdict(list)
    for key, _, comparison_id, desk_id, outcome, *said in rows:
        is_in_force = key not in superseded and outcome != Outcome.UNDONE
        if is_in_force and desk_id not in scope.held_back:
            name = scope.names.of(desk_id)
            found[comparison_id].append(_row(by_key[comparison_id], name, key, outcome, *said))
    return found


def _row(
    compared: Compared,
    annotator: str,
    key: int,
    outcome: str,
    kind: str,
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
        annotator=annotator,
        prompt_id=compared.prompt.prompt_id,
        prompt_sha256=compared.prompt.content_hash,
        comparison_id=compared.comparison_id,
        responses=compared.responses,
        display_order=_numbers(display_order),
        kind=kind,
        outcome=outcome,
        ranks=_numbers(ranks) if outcome in ORDERING else (),
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


@lru_cache(maxsize=4096)
def _numbers(text: str) -> tuple[int, ...]:
    return tuple(orjson.loads(text))


def _canonical(text: str) -> str:
    """Return JSON as rows have it, whatever the database made of it."""
    return text if text in {"{}", "[]"} else as_json(orjson.loads(text))

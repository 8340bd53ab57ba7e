"""Reads of exports, the one door to each, and the stream of what an export is made from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from exports.enums import ExportState
from exports.models import Export, ExportFile
from exports.records import (
    ComparedResponse,
    JudgmentRow,
    Message,
    PromptFacts,
    Response,
    RoundFacts,
    as_json,
    split_of,
)
from exports.selection import Selection
from labeling.assignment.models import ComparedCandidate, Comparison
from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.generation.texts import hash_of
from labeling.judging.queries import ai_judged, ai_ranks
from labeling.prompts.models import Prompt
from labeling.quality.consensus import Ballot, preferences
from labeling.quality.queries import ballot_of, ballots_by_comparison
from labeling.ranking.enums import Outcome
from labeling.ranking.models import Judgment
from labeling.ranking.queries import counted_judgments, current_judgments
from labeling.wording import gettext

COMPARISONS_AT_ONCE = 500
JUDGMENTS_AT_ONCE = 500
MOST_JUDGMENTS_PREVIEWED = 5_000
NOT_SAID = -1


def exports_of(campaign: Campaign) -> QuerySet[Export]:
    """Return a campaign's exports, newest first, with who asked for them."""
    return Export.objects.filter(campaign=campaign).select_related("requested_by").order_by("-id")


def export_in(campaign: Campaign, export_id: int) -> Export:
    """Return one export of a campaign; raise NotFound for any other."""
    found = (
        exports_of(campaign)
        .prefetch_related(Prefetch("files", ExportFile.objects.order_by("path")))
        .filter(pk=export_id)
        .first()
    )
    if found is None:
        raise NotFound(gettext("There is no such export in this campaign."))
    return found


def files_by_path(export: Export) -> dict[str, ExportFile]:
    """Return the files of an export that came from ``export_in``, in order of their paths."""
    return {file.path: file for file in export.files.all()}


def file_in(campaign: Campaign, export_id: int, path: str) -> ExportFile:
    """Return one file of a ready export by its path in the export; raise NotFound else.

    The path is only ever compared with paths that ``write_export`` stored.
    """
    found = None
    if "\0" not in path:  # PostgreSQL takes no NUL, not even to compare
        found = ExportFile.objects.filter(
            export__campaign=campaign,
            export_id=export_id,
            export__state=ExportState.READY,
            path=path,
        ).first()
    if found is None:
        raise NotFound(gettext("There is no such file in this export."))
    return found


def exports_to_write(now: datetime) -> list[int]:
    """Return the ids of exports that wait, or whose worker's claim has run out."""
    waiting = Q(state=ExportState.REQUESTED)
    dropped = Q(state=ExportState.RUNNING, claim_expires_at__lte=now)
    found = Export.objects.filter(waiting | dropped).order_by("id")
    return list(found.values_list("id", flat=True))


def pairs_now(campaign: Campaign, selection: Selection) -> int | None:
    """Count the pairs an export would hold now, before duplicates and blank responses go.

    None when there are too many judgments to count them while somebody waits.
    """
    some = counted_judgments(campaign).order_by()[: MOST_JUDGMENTS_PREVIEWED + 1]
    if some.count() > MOST_JUDGMENTS_PREVIEWED:
        return None
    judged: Iterable[tuple[list[Ballot], int]] = ballots_by_comparison(campaign)
    if campaign.counts_ai:
        judged = ((one.ballots, len(one.responses)) for one in judged_comparisons(campaign))
    return sum(
        selection.takes(found.n_votes, found.agreement)
        for ballots, slots in judged
        for found in preferences(ballots, slots)
    )


@dataclass(frozen=True)
class Judged:
    """One comparison of a round with its counted answers, ready to be decided.

    ``responses[slot]`` is the response in that slot. The last ``ai`` ballots are of AI judges,
    where the campaign counts them; ``guideline_versions`` and ``people`` hold one entry for each
    of the others.
    """

    comparison_id: int
    round: RoundFacts
    prompt: PromptFacts
    responses: list[Response]
    ballots: list[Ballot]
    guideline_versions: list[int]
    people: list[int]
    ai: int = 0


def judged_comparisons(campaign: Campaign) -> Iterator[Judged]:
    """Yield a campaign's judged comparisons in constant memory, those of one prompt together.

    Meant for one transaction that sees one moment; outside of one, the parts may not fit.
    """
    counts = Q(Exists(counted_judgments(campaign).filter(comparison=OuterRef("pk"))))
    if campaign.counts_ai:
        counts |= Q(Exists(ai_judged(campaign).filter(comparison=OuterRef("pk"))))
    rows = (
        Comparison.objects.filter(counts, campaign=campaign)
        .order_by("prompt_id", "id")
        .values_list("id", "prompt_id", "lane__round__number", "lane__round__checkpoint")
        .iterator(chunk_size=COMPARISONS_AT_ONCE)
    )
    while chunk := list(islice(rows, COMPARISONS_AT_ONCE)):
        yield from _with_parts(campaign, chunk)


def _with_parts(campaign: Campaign, chunk: list[tuple[int, int, int, str]]) -> Iterator[Judged]:
    comparison_ids = [comparison_id for comparison_id, *_ in chunk]
    prompts = _prompts({prompt_id for _, prompt_id, *_ in chunk})
    responses = _responses(comparison_ids)
    ballots: dict[int, list[Ballot]] = defaultdict(list)
    versions: dict[int, list[int]] = defaultdict(list)
    people: dict[int, list[int]] = defaultdict(list)
    answers = (
        counted_judgments(campaign)
        .filter(comparison_id__in=comparison_ids)
        .order_by("comparison_id", "id")
        .values_list(
            "comparison_id", "outcome", "ranks", "strength", "guideline_version", "annotator_id"
        )
    )
    for comparison_id, outcome, ranks, strength, version, annotator_id in answers:
        ballots[comparison_id].append(ballot_of(outcome, ranks, strength))
        versions[comparison_id].append(version or 0)
        people[comparison_id].append(annotator_id)
    said = ai_ranks(campaign, comparison_ids) if campaign.counts_ai else {}
    for comparison_id, prompt_id, number, checkpoint in chunk:
        rankings = said.get(comparison_id, [])
        yield Judged(
            comparison_id,
            RoundFacts(number, checkpoint),
            prompts[prompt_id],
            responses[comparison_id],
            [*ballots[comparison_id], *map(Ballot, rankings)],
            versions[comparison_id],
            people[comparison_id],
            ai=len(rankings),
        )


def _prompts(prompt_ids: Iterable[int]) -> dict[int, PromptFacts]:
    found = Prompt.objects.filter(pk__in=prompt_ids).order_by()
    return {
        prompt.pk: PromptFacts(
            prompt_id=prompt.pk,
            messages=tuple(
                Message(role=turn["role"], content=turn["content"]) for turn in prompt.messages
            ),
            source=prompt.source,
            external_id=prompt.external_id,
            language=prompt.language,
            tags=tuple(prompt.tags),
        )
        for prompt in found
    }


def _responses(comparison_ids: list[int]) -> dict[int, list[Response]]:
    found: dict[int, list[Response]] = defaultdict(list)
    slots = (
        ComparedCandidate.objects.filter(comparison_id__in=comparison_ids)
        .order_by("comparison_id", "slot")
        .values_list("comparison_id", "candidate_id", "candidate__text", "candidate__model_label")
    )
    for comparison_id, candidate_id, text, model in slots:
        found[comparison_id].append(Response(candidate_id, text, model))
    return found


def judgments_in_force(campaign: Campaign, selection: Selection) -> Iterator[JudgmentRow]:
    """Yield every answer and skip in force in constant memory, by prompt, comparison and key.

    What was taken back says nothing and is left out. Meant for one transaction, as
    ``judged_comparisons``.
    """
    rows = (
        current_judgments(campaign)
        .exclude(outcome=Outcome.UNDONE)
        .select_related("assignment", "comparison__lane__round")
        .defer("client")
        .order_by("comparison__prompt_id", "comparison_id", "id")
        .iterator(chunk_size=JUDGMENTS_AT_ONCE)
    )
    while chunk := list(islice(rows, JUDGMENTS_AT_ONCE)):
        prompts = Prompt.objects.in_bulk({judgment.comparison.prompt_id for judgment in chunk})
        responses = _responses(sorted({judgment.comparison_id for judgment in chunk}))
        compared = {key: tuple(map(_compared, found)) for key, found in responses.items()}
        for judgment in chunk:
            prompt = prompts[judgment.comparison.prompt_id]
            yield _judgment_row(judgment, prompt, compared[judgment.comparison_id], selection)


def _compared(response: Response) -> ComparedResponse:
    return ComparedResponse(
        response_id=response.response_id, text_sha256=hash_of(response.text), model=response.model
    )


def _made_of(judgment: Judgment, responses: tuple[ComparedResponse, ...]) -> int:
    slot = judgment.ideal_slot
    return 0 if slot is None else responses[slot]["response_id"]


def _judgment_row(
    judgment: Judgment,
    prompt: Prompt,
    responses: tuple[ComparedResponse, ...],
    selection: Selection,
) -> JudgmentRow:
    comparison, assignment = judgment.comparison, judgment.assignment
    orders = judgment.outcome in (Outcome.RANKED, Outcome.TIE)
    return JudgmentRow(
        judgment_id=judgment.pk,
        annotator=assignment.desk_id,
        prompt_id=prompt.pk,
        prompt_sha256=prompt.content_hash,
        comparison_id=comparison.pk,
        responses=responses,
        display_order=tuple(judgment.display_order),
        kind=assignment.kind,
        outcome=judgment.outcome,
        ranks=tuple(judgment.ranks) if orders else (),
        strength=judgment.strength or 0,
        acceptable_to=NOT_SAID if judgment.acceptable_to is None else judgment.acceptable_to,
        criteria=as_json(judgment.criteria),
        flags=as_json(judgment.flags),
        rationale=judgment.rationale,
        reason_tags=as_json(judgment.reason_tags),
        ideal=judgment.ideal,
        ideal_response_id=_made_of(judgment, responses),
        skip_reason=judgment.skip_reason,
        counted=judgment.counted,
        guideline_version=judgment.guideline_version or 0,
        round=comparison.lane.round.number,
        round_checkpoint=comparison.lane.round.checkpoint,
        active_ms=judgment.active_ms,
        created_at=judgment.created_at,
        split=split_of(prompt.messages, selection.validation_share),
    )

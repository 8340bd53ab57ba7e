"""Store one chunk of an import's rows in one transaction, each row exactly once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower, Now

from labeling.campaigns.models import Membership
from labeling.campaigns.queries import lock_campaign
from labeling.prompts.enums import PromptSetState
from labeling.prompts.models import Prompt, PromptSet, ReadyResponses, RefusedRow
from labeling.prompts.problems import Problem
from labeling.prompts.readers.raw import RawRow
from labeling.prompts.responses import Response
from labeling.prompts.rows import Row, read_row
from labeling.prompts.texts import showable

DUPLICATE = "duplicate"
# Together at most 1,000 rows of a file are kept as refused; the counts cover all.
REFUSALS_KEPT, DUPLICATES_KEPT = 800, 200
PROBLEMS_A_ROW = 5


@dataclass
class Chunk:
    """What becomes of the rows of one chunk."""

    prompts: dict[str, Prompt] = field(default_factory=dict)
    responses: list[ReadyResponses] = field(default_factory=list)
    refused: list[tuple[RawRow, list[Problem]]] = field(default_factory=list)
    duplicates: list[tuple[RawRow, Prompt]] = field(default_factory=list)
    stored: int = 0


@dataclass
class Known:
    """What the campaign already holds of the prompts that a chunk speaks of."""

    prompts: dict[str, Prompt]
    owners: dict[str, str]
    responses: set[tuple[str, str]]
    people: dict[str, int]


def store_chunk(*, prompt_set: PromptSet, rows: Sequence[RawRow]) -> bool:
    """Store, count and report these rows; return False when another runner has been faster.

    The counts of ``prompt_set`` say how many rows were handled before; they are compared
    with the stored ones under the lock and written with the rows. Imports into one campaign
    take turns chunk by chunk.
    """
    read = [(raw, [raw.problem] if raw.problem else read_row(raw.fields or {})) for raw in rows]
    with transaction.atomic():
        if not _hold(prompt_set):
            return False
        good = [row for _, row in read if isinstance(row, Row)]
        known = _known(prompt_set.campaign_id, good)
        chunk = Chunk()
        for raw, outcome in read:
            if isinstance(outcome, Row):
                _sort_in(chunk, known, prompt_set, raw, outcome)
            else:
                chunk.refused.append((raw, outcome))
        _write(prompt_set, chunk)
    return True


def _hold(prompt_set: PromptSet) -> bool:
    """Lock import and campaign; tell whether this runner is still the one at work."""
    held = PromptSet.objects.select_for_update().get(pk=prompt_set.pk)
    if held.state != PromptSetState.STORING or held.handled_rows != prompt_set.handled_rows:
        return False
    lock_campaign(prompt_set.campaign_id)
    return True


def _known(campaign_id: int, rows: Sequence[Row]) -> Known:
    hashes = {row.content_hash for row in rows}
    ids = {row.external_id for row in rows if row.external_id}
    prompts = Prompt.objects.filter(campaign_id=campaign_id)
    found = {
        prompt.content_hash: prompt
        for prompt in prompts.filter(content_hash__in=hashes).only("pk", "content_hash")
    }
    owners = prompts.filter(external_id__in=ids).values_list("external_id", "content_hash")
    wanted = {row.responses_hash for row in rows if row.candidates}
    responses = ReadyResponses.objects.filter(
        prompt__campaign_id=campaign_id,
        prompt__content_hash__in=hashes,
        content_hash__in=wanted,
    ).values_list("prompt__content_hash", "content_hash")
    return Known(found, dict(owners), set(responses), _people(campaign_id, rows))


def _people(campaign_id: int, rows: Sequence[Row]) -> dict[str, int]:
    """Return the ids of the members, by address, whom these rows name as authors."""
    named = {answer["author"] for row in rows for answer in row.candidates if "author" in answer}
    if not named:
        return {}
    members = Membership.objects.filter(campaign_id=campaign_id).annotate(at=Lower("user__email"))
    return dict(members.filter(at__in=named).values_list("at", "user_id"))


def _sort_in(chunk: Chunk, known: Known, prompt_set: PromptSet, raw: RawRow, row: Row) -> None:
    """Decide what becomes of one good row: stored, a duplicate, or refused after all."""
    key = row.content_hash
    problems = list(_problems(known, raw, row))
    if problems:
        chunk.refused.append((raw, problems))
        return
    prompt = known.prompts.get(key)
    group = (key, row.responses_hash)
    if prompt is not None and (not row.candidates or group in known.responses):
        chunk.duplicates.append((raw, prompt))
        return
    if prompt is None:
        prompt = known.prompts[key] = chunk.prompts[key] = _prompt(prompt_set, row)
        if row.external_id:
            known.owners[row.external_id] = key
    if row.candidates:
        known.responses.add(group)
        chunk.responses.append(_responses(prompt_set, prompt, raw, row, known.people))
    chunk.stored += 1


def _problems(known: Known, raw: RawRow, row: Row) -> Iterator[Problem]:
    """Yield what keeps a good row out of this campaign."""
    if known.owners.get(row.external_id, row.content_hash) != row.content_hash:
        yield _taken(row.external_id)
    place = "responses" if (raw.fields or {}).get("candidates") is None else "candidates"
    for at, answer in enumerate(row.candidates):
        if answer.get("author", "") not in {"", *known.people}:
            yield _unknown_author(f"{place}[{at}].author", answer["author"])


def _unknown_author(place: str, address: str) -> Problem:
    reason = (
        f"Nobody in the campaign has the address “{showable(address, 80)}”. Add the person to "
        "the members, correct the address, or leave it out."
    )
    return Problem(place, "unknown_author", reason)


def _taken(external_id: str) -> Problem:
    reason = (
        f"Another prompt of the campaign has the external id “{showable(external_id, 60)}”. "
        "Give this one its own."
    )
    return Problem("external_id", "external_id_taken", reason)


def _prompt(prompt_set: PromptSet, row: Row) -> Prompt:
    return Prompt(
        campaign_id=prompt_set.campaign_id,
        prompt_set=prompt_set,
        messages=row.messages,
        content_hash=row.content_hash,
        external_id=row.external_id,
        tags=row.tags,
        language=row.language,
        source=row.source,
    )


def _responses(
    prompt_set: PromptSet, prompt: Prompt, raw: RawRow, row: Row, people: dict[str, int]
) -> ReadyResponses:
    return ReadyResponses(
        prompt_set=prompt_set,
        prompt=prompt,
        row=raw.number,
        responses=[_kept(answer, people) for answer in row.candidates],
        content_hash=row.responses_hash,
    )


def _kept(answer: Response, people: dict[str, int]) -> dict[str, Any]:
    """Return a response as it is kept: with its author's id in place of the address."""
    author = answer.get("author")
    return {**answer, "author": people[author]} if author else {**answer}


def _write(prompt_set: PromptSet, chunk: Chunk) -> None:
    Prompt.objects.bulk_create(chunk.prompts.values())
    for responses in chunk.responses:
        responses.prompt_id = responses.prompt.pk
    ReadyResponses.objects.bulk_create(chunk.responses)
    _write_refused(prompt_set, chunk)
    prompt_set.stored_rows += chunk.stored
    prompt_set.duplicate_rows += len(chunk.duplicates)
    prompt_set.refused_rows += len(chunk.refused)
    PromptSet.objects.filter(pk=prompt_set.pk).update(
        touched_at=Now(),
        stored_rows=prompt_set.stored_rows,
        duplicate_rows=prompt_set.duplicate_rows,
        refused_rows=prompt_set.refused_rows,
    )


def _write_refused(prompt_set: PromptSet, chunk: Chunk) -> None:
    problems = RefusedRow.objects.filter(prompt_set=prompt_set)
    refusals: list[RefusedRow] = []
    if chunk.refused:
        room = REFUSALS_KEPT - problems.exclude(code=DUPLICATE).count()
        refusals = [
            _refused(prompt_set, raw, problem)
            for raw, found in chunk.refused
            for problem in found[:PROBLEMS_A_ROW]
        ][: max(room, 0)]
    if chunk.duplicates:
        room = DUPLICATES_KEPT - problems.filter(code=DUPLICATE).count()
        refusals += [
            _refused(prompt_set, raw, _duplicate(prompt))
            for raw, prompt in chunk.duplicates[: max(room, 0)]
        ]
    RefusedRow.objects.bulk_create(sorted(refusals, key=lambda refusal: refusal.row))


def _duplicate(prompt: Prompt) -> Problem:
    reason = f"The campaign has this already, as prompt {prompt.pk}. Nothing needs to be done."
    return Problem("", DUPLICATE, reason)


def _refused(prompt_set: PromptSet, raw: RawRow, problem: Problem) -> RefusedRow:
    return RefusedRow(
        prompt_set=prompt_set,
        row=raw.number,
        field=showable(problem.field, 120),
        code=problem.code,
        reason=showable(problem.reason, 1000),
        excerpt=raw.excerpt(),
    )

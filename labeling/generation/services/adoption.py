"""Make candidates of the ready responses that an import brought along."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from labeling.generation.enums import CandidateSource, CandidateState, GroupState
from labeling.generation.models import Candidate, CandidateGroup
from labeling.generation.texts import hash_of
from labeling.prompts.models import Prompt, ReadyResponses

ROWS_A_TRANSACTION = 150
FEWEST_TO_COMPARE = 2

# What tells the imported candidates of one prompt apart: prompt, model label, text hash, and
# the id of the person who wrote it (0 for none).
Key = tuple[int, str, str, int]
BROUGHT = (CandidateSource.IMPORT, CandidateSource.HUMAN)


def adopt_responses(*, prompt_set_id: int, now: datetime) -> int:
    """Make candidates of every row of ready responses not adopted yet; return the new groups.

    Rows are taken in small transactions, each row once, so that the work can be cut short
    anywhere and done again. A row with two or more distinct candidates becomes one group,
    ready to be compared; a response that its prompt already has is not stored twice.
    """
    groups = 0
    while (made := _adopt_some(prompt_set_id, now)) is not None:
        groups += made
    return groups


@transaction.atomic
def _adopt_some(prompt_set_id: int, now: datetime) -> int | None:
    """Adopt the next rows and return how many groups came of it, or None at the end."""
    rows = list(
        ReadyResponses.objects.select_for_update()
        .filter(prompt_set_id=prompt_set_id, adopted_at=None)
        .order_by("id")[:ROWS_A_TRANSACTION]
    )
    if not rows:
        return None
    ids = _store_candidates(rows, now)
    groups = _store_groups(rows, ids)
    ReadyResponses.objects.filter(pk__in=[row.pk for row in rows]).update(adopted_at=now)
    return groups


def _store_candidates(rows: Sequence[ReadyResponses], now: datetime) -> dict[Key, int]:
    """Store what is new and return the ids of all candidates that the rows speak of.

    What people wrote has no constraint of its own, so the prompts' locks keep it single.
    """
    wanted: dict[Key, Candidate] = {}
    for row in rows:
        for key, response in _keyed(row):
            wanted.setdefault(key, _candidate(key, response, now))
    prompts = {row.prompt_id for row in rows}
    written = {prompt for prompt, _, _, author in wanted if author}
    list(Prompt.objects.select_for_update(no_key=True).filter(pk__in=written).order_by("pk"))
    new = sorted(wanted.keys() - _stored(written).keys())
    # In one order everywhere: imports that overlap must not wait for one another in a ring.
    Candidate.objects.bulk_create(
        [wanted[key] for key in new], ignore_conflicts=True, batch_size=500
    )
    return _stored(prompts)


def _stored(prompts: Collection[int]) -> dict[Key, int]:
    """Return the ids of the candidates that imports have brought for these prompts."""
    stored = Candidate.objects.filter(source__in=BROUGHT, prompt_id__in=prompts).values_list(
        "prompt_id", "model_label", "text_hash", "author_id", "pk"
    )
    return {(prompt, model, digest, who or 0): pk for prompt, model, digest, who, pk in stored}


def _store_groups(rows: Sequence[ReadyResponses], ids: dict[Key, int]) -> int:
    members = {row.pk: sorted({ids[key] for key, _ in _keyed(row)}) for row in rows}
    groups = CandidateGroup.objects.bulk_create(
        CandidateGroup(prompt_id=row.prompt_id, imported=row, state=GroupState.COMPLETE)
        for row in rows
        if len(members[row.pk]) >= FEWEST_TO_COMPARE
    )
    link = CandidateGroup.candidates.through
    link.objects.bulk_create(
        [
            link(candidategroup_id=group.pk, candidate_id=candidate)
            for group in groups
            for candidate in members[group.imported_id or 0]
        ],
        batch_size=500,
    )
    return len(groups)


def _keyed(row: ReadyResponses) -> list[tuple[Key, dict[str, Any]]]:
    return [(_key(row.prompt_id, response), response) for response in row.responses]


def _key(prompt_id: int, response: dict[str, Any]) -> Key:
    model, author = response.get("model") or "", response.get("author") or 0
    return prompt_id, model, hash_of(response["text"]), author


def _candidate(key: Key, response: dict[str, Any], now: datetime) -> Candidate:
    prompt_id, model, digest, author = key
    return Candidate(
        prompt_id=prompt_id,
        source=CandidateSource.HUMAN if author else CandidateSource.IMPORT,
        author_id=author or None,
        state=CandidateState.DONE,
        text=response["text"],
        text_hash=digest,
        model_label=model,
        metadata=response.get("metadata") or {},
        finished_at=now,
    )

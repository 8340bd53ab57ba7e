"""Have backends make the waiting candidates of a run, part by part and batch by batch."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from labeling.generation.backends.port import Backend, BackendUnavailable, Outcome
from labeling.generation.enums import CandidateState
from labeling.generation.models import Candidate, GenerationRun, RunPart
from labeling.generation.queries import has_open, parts_to_fill
from labeling.generation.services.asking import answers
from labeling.generation.services.chains import revised
from labeling.generation.services.claims import (
    Finished,
    claim_candidates,
    fail_lost,
    finish_candidates,
)
from labeling.generation.services.runs import fail_waiting, note_rung
from labeling.generation.services.work import Claim, Clock, Worker, worked_through

WAITING = (CandidateState.PENDING,)


@dataclass(frozen=True)
class Batch:
    """What was handed in together, and whether more waits."""

    finished: Finished
    more: bool


def fill_run(*, run: GenerationRun, worker: Worker) -> Iterator[Batch]:
    """Make candidates until none is free or the time is used up; yield as they are handed in.

    They are claimed, made outside any transaction, and handed in as they come. Of several parts
    the one whose model is loaded comes first, then the one that fewest are at work on. A part is
    left when no answer of a claim came and trying again may help: the sweep comes back later.
    """
    ends_at = time.monotonic() + worker.budget_seconds
    note_rung(run_ids=[run.pk], now=worker.clock())
    yield Batch(fail_lost(run_id=run.pk, now=worker.clock()), more=False)
    parts = parts_to_fill(run.pk)
    for part in sorted(parts, key=lambda part: not worker.has_loaded(part.generator)):
        if time.monotonic() < ends_at:
            yield from _fill_part(part, worker, ends_at)


def _fill_part(part: RunPart, worker: Worker, ends_at: float) -> Iterator[Batch]:
    try:
        backend = worker.open_backend(part)
        made = worked_through(
            worker,
            ends_at,
            take=lambda: claim_candidates(
                part_id=part.pk,
                limit=_limit(part, backend),
                seconds=worker.claim_seconds,
                now=worker.clock(),
            ),
            make=lambda claim: _make(part, backend, claim, worker.clock),
        )
        for finished, is_well in made:
            yield Batch(finished, more=is_well and has_open(Candidate, part.run_id, WAITING))
    except BackendUnavailable as unavailable:
        fail_waiting(
            run_id=part.run_id, part_id=part.pk, failure=unavailable.failure, now=worker.clock()
        )
        yield Batch(Finished(groups=1), more=False)


def _limit(part: RunPart, backend: Backend) -> int:
    """Return how many to claim: what is made together is claimed together."""
    whole = part.per_prompt if part.together else 1
    return max(1, backend.batch_size // whole) * whole


def _make(
    part: RunPart, backend: Backend, claim: Claim[Candidate], clock: Clock
) -> Iterator[Finished]:
    """Have claimed candidates made and hand in what comes, as it comes."""
    left = {one.pk for one in claim.rows}
    try:
        for outcomes in _answers(part, backend, claim, clock):
            left -= outcomes.keys()
            yield finish_candidates(claim=claim.token, outcomes=outcomes, now=clock())
    except BackendUnavailable as unavailable:
        failed = dict.fromkeys(left, unavailable.failure)
        yield finish_candidates(claim=claim.token, outcomes=failed, now=clock())
        raise


def _answers(
    part: RunPart, backend: Backend, claim: Claim[Candidate], clock: Clock
) -> Iterator[dict[int, Outcome]]:
    if part.constitution is None:
        return answers(part, backend, claim.rows)
    return revised(part, backend, claim, clock)

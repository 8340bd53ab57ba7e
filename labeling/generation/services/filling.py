"""Have a backend make the waiting candidates of a run, batch by batch."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from labeling.generation.backends.port import (
    Backend,
    BackendUnavailable,
    Completion,
    Failure,
    Request,
)
from labeling.generation.enums import CandidateState
from labeling.generation.models import Candidate, GenerationRun, Generator
from labeling.generation.recipe import read_recipe
from labeling.generation.services.claims import (
    Claim,
    Finished,
    claim_candidates,
    finish_candidates,
    kept_alive,
    set_aside_lost,
)
from labeling.generation.services.runs import fail_waiting, note_rung
from labeling.prompts.models import Prompt

Clock = Callable[[], datetime]
Outcomes = list[Completion | Failure]


@dataclass(frozen=True)
class Batch:
    """What one batch brought, and whether more waits."""

    finished: Finished
    more: bool


def fill_run(
    *,
    run: GenerationRun,
    open_backend: Callable[[Generator], Backend],
    clock: Clock,
    claim_seconds: int,
    budget_seconds: float,
) -> Iterator[Batch]:
    """Make candidates until none is free or the time is used up; yield after each batch.

    Each batch is claimed, made outside any transaction, and handed in. It ends early when
    no answer of a batch came and trying again may help: the sweep comes back later.
    """
    ends_at = time.monotonic() + budget_seconds
    note_rung(run_ids=[run.pk], now=clock())
    yield Batch(set_aside_lost(run_id=run.pk, now=clock()), more=False)
    if not _has(run.pk, CandidateState.PENDING, CandidateState.RUNNING):
        return
    try:
        backend = open_backend(run.generator)
    except BackendUnavailable as unavailable:
        fail_waiting(run_id=run.pk, failure=unavailable.failure, now=clock())
        yield Batch(Finished(groups=1), more=False)
        return
    while time.monotonic() < ends_at:
        claim = claim_candidates(
            run_id=run.pk, limit=backend.batch_size, seconds=claim_seconds, now=clock()
        )
        if claim is None:
            return
        with kept_alive(claim=claim, seconds=claim_seconds, clock=clock):
            outcomes = _make(run, backend, claim)
        made = {one.pk: outcome for one, outcome in zip(claim.candidates, outcomes, strict=True)}
        finished = finish_candidates(claim=claim.token, outcomes=made, now=clock())
        is_stuck = finished.again == len(made)
        yield Batch(finished, more=not is_stuck and _has(run.pk, CandidateState.PENDING))
        if is_stuck:
            return


def _make(run: GenerationRun, backend: Backend, claim: Claim) -> Outcomes:
    prompts = Prompt.objects.in_bulk([one.prompt_id for one in claim.candidates])
    recipe = read_recipe(run.generator.parameters)
    requests = [
        Request(prompts[one.prompt_id].messages, one.seed or 0, recipe) for one in claim.candidates
    ]
    return backend.complete(requests)


def _has(run_id: int, *states: CandidateState) -> bool:
    run = GenerationRun.objects.filter(pk=run_id, stopped_at=None)
    return Candidate.objects.filter(run__in=run, state__in=states).exists()

"""Have a backend make the waiting candidates of a run, batch by batch."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from labeling.generation.backends.port import Backend, BackendUnavailable, Request
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


@dataclass(frozen=True)
class Batch:
    """What was handed in together, and whether more waits."""

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
    """Make candidates until none is free or the time is used up; yield as they are handed in.

    They are claimed, made outside any transaction, and handed in as they come. It ends early
    when no answer of a claim came and trying again may help: the sweep comes back later.
    """
    ends_at = time.monotonic() + budget_seconds
    note_rung(run_ids=[run.pk], now=clock())
    yield Batch(set_aside_lost(run_id=run.pk, now=clock()), more=False)
    if not _has(run.pk, CandidateState.PENDING, CandidateState.RUNNING):
        return
    try:
        backend = open_backend(run.generator)
        while time.monotonic() < ends_at:
            claim = claim_candidates(
                run_id=run.pk, limit=backend.batch_size, seconds=claim_seconds, now=clock()
            )
            if claim is None:
                return
            again = 0
            with kept_alive(claim=claim, seconds=claim_seconds, clock=clock):
                for finished in _make(run, backend, claim, clock):
                    again += finished.again
                    yield Batch(finished, more=not again and _has(run.pk, CandidateState.PENDING))
            if again == len(claim.candidates):
                return
    except BackendUnavailable as unavailable:
        fail_waiting(run_id=run.pk, failure=unavailable.failure, now=clock())
        yield Batch(Finished(groups=1), more=False)


def _make(run: GenerationRun, backend: Backend, claim: Claim, clock: Clock) -> Iterator[Finished]:
    """Have claimed candidates made and hand in what comes, as it comes."""
    prompts = Prompt.objects.in_bulk([one.prompt_id for one in claim.candidates])
    recipe = read_recipe(run.generator.parameters)
    requests = [
        Request(prompts[one.prompt_id].messages, one.seed or 0, recipe) for one in claim.candidates
    ]
    left = {at: one.pk for at, one in enumerate(claim.candidates)}
    try:
        for made in backend.complete(requests):
            outcomes = {left.pop(at): outcome for at, outcome in made.items()}
            yield finish_candidates(claim=claim.token, outcomes=outcomes, now=clock())
    except BackendUnavailable as unavailable:
        outcomes = dict.fromkeys(left.values(), unavailable.failure)
        yield finish_candidates(claim=claim.token, outcomes=outcomes, now=clock())
        raise


def _has(run_id: int, *states: CandidateState) -> bool:
    run = GenerationRun.objects.filter(pk=run_id, stopped_at=None)
    return Candidate.objects.filter(run__in=run, state__in=states).exists()

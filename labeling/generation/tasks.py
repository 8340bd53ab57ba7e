"""Background work of the generation stage."""

import logging
from functools import partial

from celery import shared_task

from labeling.clock import database_now
from labeling.doorbell import go_on, ring
from labeling.generation import queries
from labeling.generation.models import Candidate, GenerationRun
from labeling.generation.services import adoption, filling, runs
from labeling.generation.services.backends import worker_here

log = logging.getLogger(__name__)

FILL_SECONDS = 60.0


@shared_task(name="generation.adopt_responses", ignore_result=True)
def adopt_responses(*, prompt_set_id: int) -> None:
    """Make candidates of an import's ready responses, and have them planned."""
    groups = adoption.adopt_responses(prompt_set_id=prompt_set_id, now=database_now())
    campaign_id = queries.campaign_of_prompt_set(prompt_set_id)
    if groups and campaign_id:
        log.info("import %s brought %s groups to compare", prompt_set_id, groups)
        ring("assignment.plan_comparisons", campaign_id=campaign_id)


@shared_task(name="generation.fill_candidates", ignore_result=True)
def fill_candidates(*, run_id: int) -> None:
    """Make a run's candidates for about a minute; call the next worker while more wait.

    While the broker is away, so that nobody can be called, go on.
    """
    run = queries.run_to_fill(run_id)
    if run is not None:
        go_on(partial(_fill, run), partial(queries.has_open, Candidate, run_id))


def _fill(run: GenerationRun) -> None:
    worker = worker_here(budget_seconds=FILL_SECONDS)
    has_called = False
    for batch in filling.fill_run(run=run, worker=worker):
        if batch.finished.groups:
            ring("assignment.plan_comparisons", campaign_id=run.campaign_id)
        if batch.more and not has_called:
            ring("generation.fill_candidates", run_id=run.pk)
            has_called = True


@shared_task(name="generation.sweep", ignore_result=True)
def sweep() -> None:
    """Ring again for every run and import that a lost message may have left lying."""
    now = database_now()
    run_ids = queries.runs_to_ring(Candidate, now)
    runs.note_rung(run_ids=run_ids, now=now)
    for run_id in run_ids:
        ring("generation.fill_candidates", run_id=run_id)
    for prompt_set_id in queries.prompt_sets_to_adopt():
        ring("generation.adopt_responses", prompt_set_id=prompt_set_id)

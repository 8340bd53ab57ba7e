"""Background work of the judging stage."""

from celery import shared_task
from django.conf import settings

from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.generation.services.backends import has_loaded, open_backend
from labeling.generation.services.runs import note_rung
from labeling.generation.services.work import Worker
from labeling.judging import queries
from labeling.judging.services.judging import judge_run

JUDGE_SECONDS = 60.0


@shared_task(name="judging.judge", ignore_result=True)
def judge(*, run_id: int) -> None:
    """Judge pairs of a run for about a minute; call the next worker while more wait."""
    part = queries.judging_to_do(run_id)
    if part is None:
        return
    worker = Worker(
        open_backend=open_backend,
        has_loaded=has_loaded,
        clock=database_now,
        claim_seconds=settings.GENERATION_CLAIM_SECONDS,
        budget_seconds=JUDGE_SECONDS,
    )
    has_called = False
    for judged in judge_run(part=part, worker=worker):
        if not judged.again and not has_called and queries.has_waiting(run_id):
            ring("judging.judge", run_id=run_id)
            has_called = True


@shared_task(name="judging.sweep", ignore_result=True)
def sweep() -> None:
    """Ring again for every judging run that a lost message may have left lying."""
    run_ids = queries.judgings_to_ring(now := database_now())
    note_rung(run_ids=run_ids, now=now)
    for run_id in run_ids:
        ring("judging.judge", run_id=run_id)

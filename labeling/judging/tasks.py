"""Background work of the judging stage."""

from functools import partial

from celery import shared_task

from labeling.clock import database_now
from labeling.doorbell import go_on, ring
from labeling.generation.enums import CandidateState
from labeling.generation.models import RunPart
from labeling.generation.queries import has_open, runs_to_ring
from labeling.generation.services.backends import worker_here
from labeling.generation.services.runs import note_rung
from labeling.judging import queries
from labeling.judging.models import AiJudgment
from labeling.judging.services.judging import judge_run

JUDGE_SECONDS = 60.0
WAITING = (CandidateState.PENDING,)


@shared_task(name="judging.judge", ignore_result=True)
def judge(*, run_id: int) -> None:
    """Judge pairs of a run for about a minute; call the next worker while more wait.

    While the broker is away, so that nobody can be called, go on.
    """
    part = queries.judging_to_do(run_id)
    if part is not None:
        go_on(partial(_judge, part), partial(has_open, AiJudgment, run_id))


def _judge(part: RunPart) -> None:
    run_id = part.run_id
    worker = worker_here(budget_seconds=JUDGE_SECONDS)
    has_called = False
    for judged in judge_run(part=part, worker=worker):
        if not judged.again and not has_called and has_open(AiJudgment, run_id, WAITING):
            ring("judging.judge", run_id=run_id)
            has_called = True


@shared_task(name="judging.sweep", ignore_result=True)
def sweep() -> None:
    """Ring again for every judging run that a lost message may have left lying."""
    run_ids = runs_to_ring(AiJudgment, now := database_now())
    note_rung(run_ids=run_ids, now=now)
    for run_id in run_ids:
        ring("judging.judge", run_id=run_id)

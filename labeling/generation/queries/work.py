"""What workers read: what is to be made, whom to tell, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from labeling.generation.enums import CandidateState
from labeling.generation.models import (
    GOES_ON,
    Candidate,
    GenerationRun,
    RunPart,
    Work,
)
from labeling.prompts.enums import PromptSetState
from labeling.prompts.models import PromptSet, ReadyResponses

RING_AGAIN = timedelta(seconds=30)
OPEN = (CandidateState.PENDING, CandidateState.RUNNING)


@dataclass(frozen=True)
class Trouble:
    """Failures of a run that have one cause."""

    cause: str
    remedy: str
    count: int


def run_to_fill(run_id: int) -> GenerationRun | None:
    """Return a run for a worker; None when it is gone."""
    return GenerationRun.objects.filter(pk=run_id).first()


def parts_to_fill(run_id: int) -> list[RunPart]:
    """Return the parts of a run that goes on where something is to be made, with generators.

    Those come first that fewest candidates are being made of now.
    """
    under_way = Count("candidates", filter=Q(candidates__state=CandidateState.RUNNING))
    to_make = Candidate.objects.filter(part=OuterRef("pk"), state__in=OPEN)
    run = GenerationRun.objects.filter(GOES_ON, pk=run_id)
    parts = RunPart.objects.filter(Exists(to_make), run__in=run)
    counted = parts.select_related("generator", "constitution").annotate(under_way=under_way)
    return list(counted.order_by("under_way", "position"))


def has_open(work: type[Work], run_id: int, states: Sequence[str] = OPEN) -> bool:
    """Tell whether a run that goes on has such work in one of the states."""
    run = GenerationRun.objects.filter(GOES_ON, pk=run_id)
    return rows_of(work).filter(run__in=run, state__in=states).exists()


def runs_to_ring(work: type[Work], now: datetime) -> list[int]:
    """Return the runs with such work to do, that nobody works on and nobody was told of.

    Of a stopped run that is what a worker left behind; a paused one has time.
    """
    of_run = rows_of(work).filter(run=OuterRef("pk"))
    running = of_run.filter(state=CandidateState.RUNNING)
    lost = running.filter(claim_expires_at__lt=now)
    waiting = of_run.filter(state=CandidateState.PENDING)
    due = GenerationRun.objects.filter(
        Exists(lost) | Exists(waiting),
        ~Exists(running.filter(claim_expires_at__gte=now)),
        Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN),
        paused_at=None,
    )
    return list(due.order_by("id").values_list("pk", flat=True))


def troubles_of(work: type[Work], run: GenerationRun) -> list[Trouble]:
    """Return the failures of a run by cause, the most frequent first."""
    failed = rows_of(work).filter(run=run, state=CandidateState.FAILED)
    counted = failed.values("error").annotate(count=Count("id")).order_by("-count", "error")
    parted = ((row["error"].partition("\n"), row["count"]) for row in counted)
    return [Trouble(cause, remedy, count) for (cause, _, remedy), count in parted]


def rows_of(work: type[Work]) -> QuerySet[Any]:
    """Return every row of one kind of work; each has a ``run``."""
    return work._default_manager.all()


def campaign_of_prompt_set(prompt_set_id: int) -> int | None:
    """Return the campaign an import belongs to, None when the import is gone."""
    return PromptSet.objects.filter(pk=prompt_set_id).values_list("campaign_id", flat=True).first()


def prompt_sets_to_adopt() -> list[int]:
    """Return the finished imports that still hold ready responses nobody made candidates of."""
    waiting = ReadyResponses.objects.filter(adopted_at=None, prompt_set__state=PromptSetState.DONE)
    return list(
        waiting.order_by("prompt_set_id").values_list("prompt_set_id", flat=True).distinct()
    )

"""What workers read: what is to be made, and whom to tell."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from labeling.generation.enums import CandidateState
from labeling.generation.models import (
    GOES_ON,
    Candidate,
    GenerationRun,
    RunPart,
)
from labeling.prompts.enums import PromptSetState
from labeling.prompts.models import PromptSet, ReadyResponses

RING_AGAIN = timedelta(seconds=30)


def run_to_fill(run_id: int) -> GenerationRun | None:
    """Return a run for a worker; None when it is gone."""
    return GenerationRun.objects.filter(pk=run_id).first()


def parts_to_fill(run_id: int) -> list[RunPart]:
    """Return the parts of a run that goes on where something is to be made, with generators.

    Those come first that fewest candidates are being made of now.
    """
    under_way = Count("candidates", filter=Q(candidates__state=CandidateState.RUNNING))
    to_make = Candidate.objects.filter(
        part=OuterRef("pk"), state__in=(CandidateState.PENDING, CandidateState.RUNNING)
    )
    run = GenerationRun.objects.filter(GOES_ON, pk=run_id)
    parts = RunPart.objects.filter(Exists(to_make), run__in=run)
    counted = parts.select_related("generator", "constitution").annotate(under_way=under_way)
    return list(counted.order_by("under_way", "position"))


def has_open(run_id: int) -> bool:
    """Tell whether a run that goes on has candidates that are not made yet."""
    run = GenerationRun.objects.filter(GOES_ON, pk=run_id)
    states = (CandidateState.PENDING, CandidateState.RUNNING)
    return Candidate.objects.filter(run__in=run, state__in=states).exists()


def runs_to_ring(now: datetime) -> list[int]:
    """Return the runs that have something to make, that nobody works on and nobody was told of.

    Of a stopped run that is what a worker left behind; a paused one has time.
    """
    of_run = Candidate.objects.filter(run=OuterRef("pk"))
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


def campaign_of_prompt_set(prompt_set_id: int) -> int | None:
    """Return the campaign an import belongs to, None when the import is gone."""
    return PromptSet.objects.filter(pk=prompt_set_id).values_list("campaign_id", flat=True).first()


def prompt_sets_to_adopt() -> list[int]:
    """Return the finished imports that still hold ready responses nobody made candidates of."""
    waiting = ReadyResponses.objects.filter(adopted_at=None, prompt_set__state=PromptSetState.DONE)
    return list(
        waiting.order_by("prompt_set_id").values_list("prompt_set_id", flat=True).distinct()
    )

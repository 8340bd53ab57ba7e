"""Reads about runs: how far they are, how fast, what failed."""

import math
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.generation.enums import CandidateState, Makes
from labeling.generation.models import (
    Candidate,
    GenerationRun,
)
from labeling.wording import gettext

MEASURED_OVER, FEWEST_MEASURED = 100, 5


@dataclass(frozen=True)
class Progress:
    """How far a run is: its candidates by state."""

    pending: int
    running: int
    done: int
    held: int
    failed: int
    retried: int
    tokens_read: int
    tokens_written: int
    erased: int = 0

    @property
    def total(self) -> int:
        """Return how many candidates the run has."""
        made = self.done + self.held + self.failed
        return self.pending + self.running + made + self.erased

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is left to make."""
        return self.pending + self.running == 0


def runs_of(campaign: Campaign) -> QuerySet[GenerationRun]:
    """Return the runs of a campaign with their counts by state, newest first."""
    return (
        GenerationRun.objects.filter(campaign=campaign, makes=Makes.RESPONSES)
        .select_related("requested_by")
        .prefetch_related("parts__generator")
        .annotate(**{f"n_{state}": _count(state) for state in CandidateState.values})
        .order_by("-id")
    )


def run_for(campaign: Campaign, run_id: int) -> GenerationRun:
    """Return one run of the campaign that makes responses, or raise NotFound."""
    runs = GenerationRun.objects.select_related("campaign", "requested_by")
    found = (
        runs.prefetch_related("parts__generator", "parts__constitution")
        .filter(campaign=campaign, makes=Makes.RESPONSES, pk=run_id)
        .first()
    )
    if found is None:
        raise NotFound(gettext("The campaign has no such run."))
    return found


def progress_of(run: GenerationRun) -> Progress:
    """Return how far a run is."""
    counts = Candidate.objects.filter(run=run).aggregate(
        **{state: _state_count(state) for state in CandidateState.values},
        retried=Count("id", filter=Q(attempts__gt=1)),
        tokens_read=Coalesce(Sum("prompt_tokens"), 0),
        tokens_written=Coalesce(Sum("completion_tokens"), 0),
    )
    return Progress(**counts)


def speed_of(run: GenerationRun) -> int | None:
    """Return the candidates finished a minute, over the last hundred; None while too few are."""
    done = Candidate.objects.filter(run=run, state__in=(CandidateState.DONE, CandidateState.HELD))
    last = list(done.order_by("-finished_at").values_list("finished_at", flat=True)[:MEASURED_OVER])
    if len(last) < FEWEST_MEASURED or last[0] is None or last[-1] is None:
        return None
    seconds = (last[0] - last[-1]).total_seconds()
    return round(60 * (len(last) - 1) / seconds) if seconds else None


def minutes_left(progress: Progress, speed: int | None) -> int | None:
    """Return how many minutes, rounded up, a run takes at its speed; None while it is unknown."""
    return math.ceil((progress.pending + progress.running) / speed) if speed else None


def _count(state: str) -> Count:
    return Count("candidates", filter=Q(candidates__state=state))


def _state_count(state: str) -> Count:
    return Count("id", filter=Q(state=state))

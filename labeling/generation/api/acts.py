"""What managers do about a generation run over REST: stop, pause, resume, retry, release."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import Rule
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.generation import queries
from labeling.generation.api.generators import TAGS, WRITE
from labeling.generation.api.shapes import ActedOut, ReleaseHeldIn, RunOut
from labeling.generation.services.gate import release_candidates
from labeling.generation.services.runs import pause_run, resume_run, retry_failed, stop_run
from labeling.shapes import read


class StopRun(APIView):
    """Stop a run."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="runs_stop",
        summary="Stop a generation run",
        request=None,
        responses=ActedOut,
    )
    def post(self, request: Request, campaign_id: int, run_id: int) -> Response:
        """Set aside what waits; what is made can be judged."""
        run = queries.run_for(campaign_of(request), run_id)
        waited = stop_run(run=run, by=user_of(request), now=database_now())
        ring("assignment.plan_comparisons", campaign_id=campaign_id)
        return Response({"candidates": waited})


class PauseRun(APIView):
    """Pause a run."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="runs_pause",
        summary="Pause a generation run",
        request=None,
        responses=RunOut,
    )
    def post(self, request: Request, campaign_id: int, run_id: int) -> Response:
        """Leave what waits until the run is resumed; what is being made may end."""
        run = queries.run_for(campaign_of(request), run_id)
        pause_run(run=run, by=user_of(request), now=database_now())
        return Response(RunOut(run).data)


class ResumeRun(APIView):
    """Resume a paused run."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="runs_resume",
        summary="Resume a generation run",
        request=None,
        responses={202: RunOut},
    )
    def post(self, request: Request, campaign_id: int, run_id: int) -> Response:
        """Let a paused run go on where it was."""
        run = queries.run_for(campaign_of(request), run_id)
        resume_run(run=run, by=user_of(request), now=database_now())
        ring("generation.fill_candidates", run_id=run.pk)
        return Response(RunOut(run).data, status=202)


class RetryRun(APIView):
    """Try a run's failures again."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="runs_retry",
        summary="Retry what failed",
        request=None,
        responses={202: ActedOut},
    )
    def post(self, request: Request, campaign_id: int, run_id: int) -> Response:
        """Let failed candidates wait again, those alone; a stopped run goes on."""
        run = queries.run_for(campaign_of(request), run_id)
        again = retry_failed(run=run, by=user_of(request), now=database_now())
        ring("generation.fill_candidates", run_id=run.pk)
        return Response({"candidates": again}, status=202)


class ReleaseHeld(APIView):
    """Release what the hygiene gate holds back."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="runs_release",
        summary="Release held candidates",
        request=ReleaseHeldIn,
        responses=ActedOut,
    )
    def post(self, request: Request, campaign_id: int, run_id: int) -> Response:
        """Let held candidates be compared after all; their prompts are planned anew."""
        run = queries.run_for(campaign_of(request), run_id)
        asked = read(ReleaseHeldIn, request.data)
        released = release_candidates(
            run=run,
            by=user_of(request),
            now=database_now(),
            flaw=asked.get("flaw"),
            candidate_ids=asked.get("candidates"),
        )
        ring("assignment.plan_comparisons", campaign_id=campaign_id)
        return Response({"candidates": released})

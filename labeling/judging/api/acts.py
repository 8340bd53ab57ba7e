"""What managers do about a judging run over REST: stop, pause, resume, retry."""

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
from labeling.generation.services.runs import pause_run, resume_run
from labeling.judging.api.judgings import TAGS, WRITE
from labeling.judging.api.shapes import JudgingOut, PairsOut
from labeling.judging.queries import judging_for
from labeling.judging.services.requests import retry_judging, stop_judging


class StopJudging(APIView):
    """Stop a judging run."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="judgings_stop",
        summary="Stop a judging run",
        request=None,
        responses=PairsOut,
    )
    def post(self, request: Request, campaign_id: int, judging_id: int) -> Response:
        """Set aside what waits; what was said stays."""
        run = judging_for(campaign_of(request), judging_id)
        return Response({"pairs": stop_judging(run=run, by=user_of(request), now=database_now())})


class PauseJudging(APIView):
    """Pause a judging run."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="judgings_pause",
        summary="Pause a judging run",
        request=None,
        responses=JudgingOut,
    )
    def post(self, request: Request, campaign_id: int, judging_id: int) -> Response:
        """Leave what waits until the run is resumed; what is being judged may end."""
        run = judging_for(campaign_of(request), judging_id)
        pause_run(run=run, by=user_of(request), now=database_now())
        return Response(JudgingOut(run).data)


class ResumeJudging(APIView):
    """Resume a paused judging run."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="judgings_resume",
        summary="Resume a judging run",
        request=None,
        responses={202: JudgingOut},
    )
    def post(self, request: Request, campaign_id: int, judging_id: int) -> Response:
        """Let a paused run go on where it was."""
        run = judging_for(campaign_of(request), judging_id)
        resume_run(run=run, by=user_of(request), now=database_now())
        ring("judging.judge", run_id=run.pk)
        return Response(JudgingOut(run).data, status=202)


class RetryJudging(APIView):
    """Try a judging run's failures again."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="judgings_retry",
        summary="Retry what failed",
        request=None,
        responses={202: PairsOut},
    )
    def post(self, request: Request, campaign_id: int, judging_id: int) -> Response:
        """Let failed pairs wait again, those alone; a stopped run goes on."""
        run = judging_for(campaign_of(request), judging_id)
        again = retry_judging(run=run, by=user_of(request), now=database_now())
        ring("judging.judge", run_id=run.pk)
        return Response({"pairs": again}, status=202)

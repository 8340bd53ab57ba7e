"""Generation runs over REST: ask, follow, stop, retry."""

from typing import ClassVar

from django.urls import reverse
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
from labeling.generation.api.generators import READ, TAGS, WRITE
from labeling.generation.api.shapes import (
    ActedOut,
    CountsOut,
    HeldOut,
    ReleaseHeldIn,
    RunIn,
    RunOut,
    RunProgressOut,
    TroubleOut,
)
from labeling.generation.hygiene import LONGEST
from labeling.generation.services.gate import release_candidates
from labeling.generation.services.runs import request_candidates, retry_failed, stop_run
from labeling.shapes import PageQuery, answer_page, page_of, read


class Runs(APIView):
    """The runs of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ, "POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="runs_list",
        summary="List generation runs",
        parameters=[PageQuery],
        responses=page_of(RunOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of runs, newest first."""
        read(PageQuery, request.query_params)
        return answer_page(request, queries.runs_of(campaign_of(request)), RunOut)

    @extend_schema(
        tags=TAGS,
        operation_id="runs_create",
        summary="Generate more",
        description="Workers make the candidates: follow the run's `counts`.",
        request=RunIn,
        responses={202: RunOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Store a run with its waiting candidates, and tell the workers."""
        campaign, asked = campaign_of(request), read(RunIn, request.data)
        run = request_candidates(
            campaign=campaign,
            generator=queries.generator_for(campaign, asked["generator"]),
            prompt_ids=asked.get("prompts"),
            per_prompt=asked["per_prompt"],
            seed=asked.get("seed"),
            unchecked=asked.get("unchecked", ()),
            longest=asked.get("longest", LONGEST),
            user=user_of(request),
            now=database_now(),
        )
        ring("generation.fill_candidates", run_id=run.pk)
        where = reverse("api-run", args=[campaign_id, run.pk])
        return Response(RunOut(run).data, status=202, headers={"Location": where})


class OneRun(APIView):
    """One run."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ}

    @extend_schema(
        tags=TAGS,
        operation_id="runs_retrieve",
        summary="Show a generation run",
        responses=RunProgressOut,
    )
    def get(self, request: Request, campaign_id: int, run_id: int) -> Response:
        """Answer the run, its counts by state, and its failures by cause."""
        run = queries.run_for(campaign_of(request), run_id)
        answer = {
            **RunOut(run).data,
            "counts": CountsOut(queries.progress_of(run)).data,
            "failures": TroubleOut([*queries.troubles_of(run)], many=True).data,
            "held": HeldOut([*queries.flaws_of_held(run)], many=True).data,
        }
        return Response(answer)


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

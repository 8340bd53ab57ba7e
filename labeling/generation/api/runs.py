"""Generation runs over REST: ask for them, and follow them."""

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
    CeilingIn,
    CountsOut,
    HeldOut,
    RunIn,
    RunOut,
    RunProgressOut,
    TokensOut,
    TroubleOut,
)
from labeling.generation.hygiene import LONGEST
from labeling.generation.models import Candidate
from labeling.generation.services.ceilings import set_ceiling
from labeling.generation.services.parts import Wanted
from labeling.generation.services.runs import request_candidates
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
        parts = [
            Wanted(**{**part, "generator": queries.generator_for(campaign, part["generator"])})
            for part in asked["parts"]
        ]
        run = request_candidates(
            campaign=campaign,
            parts=parts,
            prompt_ids=asked.get("prompts"),
            seed=asked.get("seed"),
            unchecked=asked.get("unchecked", ()),
            longest=asked.get("longest", LONGEST),
            ceiling=asked.get("ceiling"),
            user=user_of(request),
            now=database_now(),
        )
        ring("generation.fill_candidates", run_id=run.pk)
        where = reverse("api-run", args=[campaign_id, run.pk])
        return Response(RunOut(run).data, status=202, headers={"Location": where})


class OneRun(APIView):
    """One run."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="runs_retrieve",
        summary="Show a generation run",
        responses=RunProgressOut,
    )
    def get(self, request: Request, campaign_id: int, run_id: int) -> Response:
        """Answer the run, its counts by state, and its failures by cause."""
        run = queries.run_for(campaign_of(request), run_id)
        progress, speed = queries.progress_of(run), queries.speed_of(run)
        answer = {
            **RunOut(run).data,
            "counts": CountsOut(progress).data,
            "tokens": TokensOut(progress).data,
            "speed": speed,
            "minutes_left": None if run.paused_at else queries.minutes_left(progress, speed),
            "failures": TroubleOut([*queries.troubles_of(Candidate, run)], many=True).data,
            "held": HeldOut([*queries.flaws_of_held(run)], many=True).data,
        }
        return Response(answer)

    @extend_schema(
        tags=TAGS,
        operation_id="runs_partial_update",
        summary="Change what a run may cost",
        request=CeilingIn,
        responses=RunOut,
    )
    def patch(self, request: Request, campaign_id: int, run_id: int) -> Response:
        """Set another ceiling; what failed at the old one can be retried then."""
        run = queries.run_for(campaign_of(request), run_id)
        asked = read(CeilingIn, request.data)
        set_ceiling(run=run, ceiling=asked["ceiling"], by=user_of(request))
        return Response(RunOut(run).data)

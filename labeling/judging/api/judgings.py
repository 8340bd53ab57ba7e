"""Judging runs over REST: ask for them, follow them, read what was said."""

from typing import ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.generation.api.shapes import CeilingIn, TokensOut, TroubleOut
from labeling.generation.queries import constitution_for, generator_for, troubles_of
from labeling.generation.services.ceilings import set_ceiling
from labeling.generation.services.opening import Terms
from labeling.judging import queries
from labeling.judging.api.shapes import (
    AiJudgmentOut,
    JudgingCountsOut,
    JudgingIn,
    JudgingOut,
    JudgingProgressOut,
    MeasuresOut,
    WithPeopleOut,
)
from labeling.judging.enums import Which
from labeling.judging.models import AiJudgment
from labeling.judging.services.requests import Asked, request_judging
from labeling.shapes import PageQuery, answer_page, page_of, read

READ = MANAGERS.with_scope(Scope.GENERATION_READ)
WRITE = MANAGERS.with_scope(Scope.GENERATION_WRITE)
TAGS = ["judging"]


class Judgings(APIView):
    """The judging runs of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ, "POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="judgings_list",
        summary="List judging runs",
        parameters=[PageQuery],
        responses=page_of(JudgingOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of judging runs, newest first."""
        read(PageQuery, request.query_params)
        return answer_page(request, queries.judgings_of(campaign_of(request)), JudgingOut)

    @extend_schema(
        tags=TAGS,
        operation_id="judgings_create",
        summary="Have a model judge comparisons",
        description="Workers judge each pair in both orders: follow the run's `counts`.",
        request=JudgingIn,
        responses={202: JudgingOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Store a judging run with its waiting pairs, and tell the workers."""
        campaign, asked = campaign_of(request), read(JudgingIn, request.data)
        constitution = asked.get("constitution")
        run = request_judging(
            campaign=campaign,
            asked=Asked(
                generator=generator_for(campaign, asked["generator"]),
                standard=asked.get("standard", ""),
                constitution=constitution and constitution_for(campaign, constitution),
                which=asked.get("which", Which.ALL),
                comparison_ids=asked.get("comparisons"),
            ),
            terms=Terms(seed=asked.get("seed"), ceiling=asked.get("ceiling")),
            user=user_of(request),
            now=database_now(),
        )
        ring("judging.judge", run_id=run.pk)
        where = reverse("api-judging", args=[campaign_id, run.pk])
        return Response(JudgingOut(run).data, status=202, headers={"Location": where})


class OneJudging(APIView):
    """One judging run."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="judgings_retrieve",
        summary="Show a judging run",
        responses=JudgingProgressOut,
    )
    def get(self, request: Request, campaign_id: int, judging_id: int) -> Response:
        """Answer the run, its counts, its failures by cause, and what its verdicts look like."""
        run = queries.judging_for(campaign_of(request), judging_id)
        progress = queries.progress_of(run)
        answer = {
            **JudgingOut(run).data,
            "counts": JudgingCountsOut(progress).data,
            "tokens": TokensOut(progress).data,
            "failures": TroubleOut([*troubles_of(AiJudgment, run)], many=True).data,
            "measures": MeasuresOut(queries.measures_of(run)).data,
            "with_people": WithPeopleOut(queries.with_people(run)).data,
        }
        return Response(answer)

    @extend_schema(
        tags=TAGS,
        operation_id="judgings_partial_update",
        summary="Change what a judging run may cost",
        request=CeilingIn,
        responses=JudgingOut,
    )
    def patch(self, request: Request, campaign_id: int, judging_id: int) -> Response:
        """Set another ceiling; what failed at the old one can be retried then."""
        run = queries.judging_for(campaign_of(request), judging_id)
        asked = read(CeilingIn, request.data)
        set_ceiling(run=run, ceiling=asked["ceiling"], by=user_of(request))
        return Response(JudgingOut(run).data)


class AiJudgments(APIView):
    """What the judge of a run says."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ}

    @extend_schema(
        tags=TAGS,
        operation_id="judgings_judgments",
        summary="List AI judgments",
        parameters=[PageQuery],
        responses=page_of(AiJudgmentOut),
    )
    def get(self, request: Request, campaign_id: int, judging_id: int) -> Response:
        """Answer one page of AI judgments with their provenance, oldest first."""
        read(PageQuery, request.query_params)
        run = queries.judging_for(campaign_of(request), judging_id)
        return answer_page(request, queries.judgments_of(run), AiJudgmentOut, ordering="id")

"""Constitutions, and revisions under them, over REST."""

from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
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
from labeling.generation.api.shapes import RunOut, TermsIn
from labeling.generation.models import MOST_ROUNDS, Constitution, RevisionStep
from labeling.generation.services.constitutions import (
    LONGEST_NAME,
    LONGEST_PRINCIPLE,
    MOST_PRINCIPLES,
    add_constitution,
)
from labeling.generation.services.opening import Terms
from labeling.generation.services.revisions import request_revisions
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read


class ConstitutionIn(Strict):
    """A list of principles; under a name that is there already it is the next version."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    principles = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_PRINCIPLE),
        min_length=1,
        max_length=MOST_PRINCIPLES,
    )


class ConstitutionOut(serializers.Serializer[Constitution]):
    """One version of a list of principles."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    principles = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()


class RevisionsIn(TermsIn):
    """Which responses a model revises, by what, and how often."""

    run = serializers.IntegerField(
        required=False, allow_null=True, min_value=1,
        help_text="Revise what this run made; without one, the responses that were imported.",
    )  # fmt: skip
    generator = serializers.IntegerField(min_value=1)
    constitution = serializers.IntegerField(min_value=1)
    rounds = serializers.IntegerField(required=False, min_value=1, max_value=MOST_ROUNDS)


class StepOut(serializers.Serializer[RevisionStep]):
    """One text on the way to a revision."""

    number = serializers.IntegerField()
    round = serializers.IntegerField()
    is_critique = serializers.BooleanField(help_text="Else it is the response written anew.")
    principle = serializers.CharField()
    text = serializers.CharField()
    seed = serializers.IntegerField()
    model_label = serializers.CharField()
    model_revision = serializers.CharField()
    finish_reason = serializers.CharField()
    prompt_tokens = serializers.IntegerField(allow_null=True)
    completion_tokens = serializers.IntegerField(allow_null=True)
    latency_ms = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class ChainOut(serializers.Serializer[Any]):
    """How a revision came about: of which response, and by which steps before it."""

    revises = serializers.IntegerField(allow_null=True)
    steps = StepOut(many=True)


class Constitutions(APIView):
    """The constitutions of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ, "POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="constitutions_list",
        summary="List constitutions",
        parameters=[PageQuery],
        responses=page_of(ConstitutionOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of versions, newest first."""
        read(PageQuery, request.query_params)
        found = queries.constitutions_of(campaign_of(request))
        return answer_page(request, found, ConstitutionOut)

    @extend_schema(
        tags=TAGS,
        operation_id="constitutions_create",
        summary="Write a constitution",
        request=ConstitutionIn,
        responses={201: ConstitutionOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Store the principles as a version of their own."""
        asked = read(ConstitutionIn, request.data)
        made = add_constitution(campaign=campaign_of(request), user=user_of(request), **asked)
        return Response(ConstitutionOut(made).data, status=201)


class Revisions(APIView):
    """Runs that revise."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="revisions_create",
        summary="Revise responses",
        description="Workers criticise and revise: follow the run that is answered.",
        request=RevisionsIn,
        responses={202: RunOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Store a run with a revision of each finished response, and tell the workers."""
        campaign, asked = campaign_of(request), read(RevisionsIn, request.data)
        of = asked.pop("run", None)
        run = request_revisions(
            campaign=campaign,
            of=None if of is None else queries.run_for(campaign, of),
            generator=queries.generator_for(campaign, asked.pop("generator")),
            constitution=queries.constitution_for(campaign, asked.pop("constitution")),
            rounds=asked.pop("rounds", 1),
            terms=Terms(**asked),
            user=user_of(request),
            now=database_now(),
        )
        ring("generation.fill_candidates", run_id=run.pk)
        where = reverse("api-run", args=[campaign_id, run.pk])
        return Response(RunOut(run).data, status=202, headers={"Location": where})


class CandidateSteps(APIView):
    """The chain of one revision."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ}

    @extend_schema(
        tags=TAGS,
        operation_id="candidates_steps",
        summary="Show how a revision came about",
        responses=ChainOut,
    )
    def get(self, request: Request, campaign_id: int, candidate_id: int) -> Response:
        """Answer the critiques and revisions before the candidate's own text, in order."""
        found = queries.candidate_for(campaign_of(request), candidate_id)
        return Response(ChainOut({"revises": found.revises_id, "steps": found.steps.all()}).data)

"""Rounds over REST: list, open the next, name one, close it and open it again."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.campaigns.enums import RoundState
from labeling.campaigns.queries import campaign_of, round_of, rounds_of
from labeling.campaigns.rules import LONGEST_CHECKPOINT, LONGEST_NAME
from labeling.campaigns.services import close_round, edit_round, open_round, reopen_round
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read

TAGS = ["campaigns"]
READS = MANAGERS.with_scope(Scope.CAMPAIGNS_READ)
WRITES = MANAGERS.with_scope(Scope.CAMPAIGNS_WRITE)


class NewRoundIn(Strict):
    """The round to open."""

    name = serializers.CharField(
        max_length=LONGEST_NAME, help_text="Each name is used once in a campaign."
    )
    checkpoint = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_CHECKPOINT,
        help_text="The model whose responses are judged in it, as you name it.",
    )


class RoundEditIn(NewRoundIn):
    """The fields of a round to change."""

    name = serializers.CharField(max_length=LONGEST_NAME, required=False)


class RoundOut(serializers.Serializer[Any]):
    """One round of a campaign."""

    number = serializers.IntegerField(help_text="From 1; every row of an export names it.")
    name = serializers.CharField()
    checkpoint = serializers.CharField()
    state = serializers.ChoiceField(choices=RoundState.choices)
    opened_at = serializers.DateTimeField(help_text="When it was opened first.")
    closed_at = serializers.DateTimeField(allow_null=True, help_text="Null while it is open.")


class Rounds(APIView):
    """The rounds of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": READS, "POST": WRITES}

    @extend_schema(
        operation_id="campaigns_rounds_list",
        tags=TAGS,
        summary="List the rounds",
        parameters=[PageQuery],
        responses=page_of(RoundOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of rounds, newest first."""
        read(PageQuery, request.query_params)
        return answer_page(request, rounds_of(campaign_of(request)), RoundOut, ordering="-number")

    @extend_schema(
        tags=TAGS,
        summary="Open the next round",
        description="The round that is open closes. What is planned from now on belongs to the "
        "new one, and only its comparisons are handed out.",
        request=NewRoundIn,
        responses={201: RoundOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Open a round."""
        given = {"checkpoint": "", **read(NewRoundIn, request.data)}
        campaign = campaign_of(request)
        opened = open_round(campaign=campaign, by=user_of(request), now=database_now(), **given)
        ring("assignment.plan_comparisons", campaign_id=campaign.pk)
        return Response(RoundOut(opened).data, status=201)


class OneRound(APIView):
    """One round."""

    access: ClassVar[dict[str, Rule]] = {"PATCH": WRITES}

    @extend_schema(
        tags=TAGS,
        summary="Name a round or its checkpoint",
        description="Exports that are written already keep what they say.",
        request=RoundEditIn,
        responses=RoundOut,
    )
    def patch(self, request: Request, campaign_id: int, number: int) -> Response:
        """Change the fields that are given."""
        given = read(RoundEditIn, request.data)
        round_ = round_of(campaign_of(request), number)
        return Response(RoundOut(edit_round(round_=round_, by=user_of(request), **given)).data)


class Close(APIView):
    """The end of a round."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITES}

    @extend_schema(
        operation_id="campaigns_rounds_close",
        tags=TAGS,
        summary="Close a round",
        description="Nothing more of it is handed out; what people hold may still be answered.",
        request=None,
        responses=RoundOut,
    )
    def post(self, request: Request, campaign_id: int, number: int) -> Response:
        """Close the round; a closed one stays closed."""
        round_ = round_of(campaign_of(request), number)
        closed = close_round(round_=round_, by=user_of(request), now=database_now())
        ring("assignment.plan_comparisons", campaign_id=campaign_id)
        return Response(RoundOut(closed).data)


class Open(APIView):
    """The return to a round."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITES}

    @extend_schema(
        operation_id="campaigns_rounds_open",
        tags=TAGS,
        summary="Open a round again",
        description="Refused with `round_open` while another is open: close that one first.",
        request=None,
        responses=RoundOut,
    )
    def post(self, request: Request, campaign_id: int, number: int) -> Response:
        """Open the round again; an open one stays open."""
        round_ = round_of(campaign_of(request), number)
        opened = reopen_round(round_=round_, by=user_of(request))
        ring("assignment.plan_comparisons", campaign_id=campaign_id)
        return Response(RoundOut(opened).data)

"""Objections to references, over REST: read and decide them."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import Rule
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read
from labeling.training.api.items import READS, TAGS, WRITES, ranks_field
from labeling.training.enums import ObjectionState
from labeling.training.queries import objection_for, objections_of
from labeling.training.rules import LONGEST_REPLY
from labeling.training.services.objections import decide_objection

DECISIONS = [choice for choice in ObjectionState.choices if choice[0] != ObjectionState.OPEN]


class DecisionIn(Strict):
    """What becomes of an objection."""

    state = serializers.ChoiceField(choices=DECISIONS)
    reply = serializers.CharField(
        max_length=LONGEST_REPLY,
        allow_blank=True,
        default="",
        help_text="A word to the person; needed when it is turned down.",
    )
    ranks = ranks_field("The answer that holds, by slot; for `corrected`.")


class ObjectionOut(serializers.Serializer[Any]):
    """One objection, and what became of it."""

    id = serializers.IntegerField()
    item = serializers.IntegerField(source="trial.item_id")
    user_id = serializers.IntegerField(source="trial.attempt.person_id")
    name = serializers.CharField(source="trial.attempt.person.get_short_name")
    answer = serializers.ListField(
        child=serializers.IntegerField(),
        source="trial.ranks",
        help_text="What the person said, as ranks by slot; empty for a tie and for neither.",
    )
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=ObjectionState.choices)
    reply = serializers.CharField()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True, help_text="Null while it is open.")


class ObjectionsQuery(PageQuery):
    """The query parameters of the list of objections."""

    state = serializers.ChoiceField(choices=ObjectionState.choices, required=False)


class Objections(APIView):
    """The objections in a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": READS}

    @extend_schema(
        summary="List objections",
        tags=TAGS,
        parameters=[ObjectionsQuery],
        responses=page_of(ObjectionOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of objections, newest first."""
        state = read(ObjectionsQuery, request.query_params).get("state")
        found = objections_of(campaign_of(request))
        return answer_page(request, found.filter(state=state) if state else found, ObjectionOut)


class DecideObjection(APIView):
    """The decision of an objection."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITES}

    @extend_schema(
        summary="Decide an objection",
        description="`corrected` gives the item another answer, `taken_back` uses it no longer: "
        "everybody's answers are scored anew, and nobody loses a pass. `turned_down` needs a "
        "`reply`. Decided once, refused with `objection_decided` afterwards.",
        tags=TAGS,
        request=DecisionIn,
        responses=ObjectionOut,
    )
    def post(self, request: Request, campaign_id: int, objection_id: int) -> Response:
        """Uphold the objection or turn it down."""
        campaign = campaign_of(request)
        objection = objection_for(campaign, objection_id)
        given = read(DecisionIn, request.data)
        decide_objection(objection=objection, by=user_of(request), now=database_now(), **given)
        return Response(ObjectionOut(objection_for(campaign, objection_id)).data)

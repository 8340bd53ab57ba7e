"""How people train and qualify, over REST: read and change it."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.shapes import Strict, read
from labeling.training.api.items import TAGS
from labeling.training.queries import plan_of
from labeling.training.rules import RANGES
from labeling.training.services.plans import change_plan


def _whole(name: str, *, null: bool = False) -> serializers.IntegerField:
    least, most, remedy = RANGES[name]
    return serializers.IntegerField(
        required=False, allow_null=null, min_value=least, max_value=most, help_text=remedy
    )


class PlanIn(Strict):
    """The fields to change, and the version that the change is based on."""

    version = serializers.IntegerField(min_value=1)
    pass_percent = _whole("pass_percent")
    most_items = _whole("most_items")
    fewest_items = _whole("fewest_items")
    training_items = _whole("training_items")
    retry_hours = _whole("retry_hours", null=True)
    training_first = serializers.BooleanField(
        required=False, help_text="People finish a training before they qualify."
    )


class PlanOut(serializers.Serializer[Any]):
    """How people train and qualify."""

    version = serializers.IntegerField()
    pass_percent = serializers.IntegerField()
    most_items = serializers.IntegerField()
    fewest_items = serializers.IntegerField()
    training_items = serializers.IntegerField()
    retry_hours = serializers.IntegerField(allow_null=True, help_text="Null: one try only.")
    training_first = serializers.BooleanField()


class Plan(APIView):
    """The training plan of a campaign."""

    access: ClassVar[dict[str, Rule]] = {
        "GET": MANAGERS.with_scope(Scope.CAMPAIGNS_READ),
        "PATCH": MANAGERS.with_scope(Scope.CAMPAIGNS_WRITE),
    }

    @extend_schema(tags=TAGS, summary="Read the training plan", responses=PlanOut)
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer the pass mark, the number of items, and when people may try again."""
        return Response(PlanOut(plan_of(campaign_of(request))).data)

    @extend_schema(
        tags=TAGS,
        summary="Change the training plan",
        description="It holds for attempts that begin later. Refused with `plan_changed` when "
        "somebody else saved it since the `version` you name.",
        request=PlanIn,
        responses=PlanOut,
    )
    def patch(self, request: Request, campaign_id: int) -> Response:
        """Change the fields that are given."""
        given = read(PlanIn, request.data)
        plan = change_plan(campaign=campaign_of(request), by=user_of(request), **given)
        return Response(PlanOut(plan).data)

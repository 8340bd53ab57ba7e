"""How a campaign's work is handed out, over REST: read and change it."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.assignment.enums import PairDesign, Policy
from labeling.assignment.rules import HEAVIEST, LONGEST_MODEL, RANGES
from labeling.assignment.services.allocations import reallocate
from labeling.assignment.services.desks import allocation_of
from labeling.campaigns.queries import campaign_of
from labeling.doorbell import ring
from labeling.shapes import Strict, read

TAGS = ["assignment"]


def _whole(name: str, *, null: bool = False) -> serializers.IntegerField:
    least, most, remedy = RANGES[name]
    return serializers.IntegerField(
        required=False, allow_null=null, min_value=least, max_value=most, help_text=remedy
    )


class AllocationIn(Strict):
    """The fields to change, and the version that the change is based on."""

    version = serializers.IntegerField(min_value=1)
    policy = serializers.ChoiceField(choices=Policy.choices, required=False)
    most_votes = _whole("most_votes")
    slice_percent = _whole("slice_percent")
    vote_price = serializers.FloatField(
        required=False, min_value=0, max_value=1, help_text=RANGES["vote_price"][2]
    )
    person_limit = _whole("person_limit", null=True)
    share_percent = _whole("share_percent")
    repeat_percent = _whole("repeat_percent")
    gold_percent = _whole("gold_percent")
    skip_limit = _whole("skip_limit")
    by_language = serializers.BooleanField(
        required=False, help_text="Lanes by the prompts' language; holds for what is planned later."
    )
    qualified_only = serializers.BooleanField(
        required=False, help_text="Hand out nothing to members whom no manager has let start."
    )
    pair_design = serializers.ChoiceField(choices=PairDesign.choices, required=False)
    anchor_model = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_MODEL, help_text="For `anchor`."
    )
    model_weights = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=HEAVIEST),
        required=False,
        help_text="For `weighted`: weights by model; a model without one has 1.",
    )
    pairs_per_prompt = _whole("pairs_per_prompt", null=True)
    random_percent = _whole("random_percent")


class AllocationOut(serializers.Serializer[Any]):
    """How work is made and handed out."""

    version = serializers.IntegerField()
    policy = serializers.ChoiceField(choices=Policy.choices)
    most_votes = serializers.IntegerField()
    slice_percent = serializers.IntegerField()
    vote_price = serializers.FloatField()
    person_limit = serializers.IntegerField(allow_null=True)
    share_percent = serializers.IntegerField()
    share_limit = serializers.IntegerField(
        allow_null=True, help_text="The share as a number of judgments; null where none binds."
    )
    repeat_percent = serializers.IntegerField()
    gold_percent = serializers.IntegerField()
    skip_limit = serializers.IntegerField()
    by_language = serializers.BooleanField()
    qualified_only = serializers.BooleanField()
    pair_design = serializers.ChoiceField(choices=PairDesign.choices)
    anchor_model = serializers.CharField()
    model_weights = serializers.DictField(child=serializers.FloatField())
    pairs_per_prompt = serializers.IntegerField(allow_null=True)
    random_percent = serializers.IntegerField()


class OneAllocation(APIView):
    """How a campaign's work is made and handed out."""

    access: ClassVar[dict[str, Rule]] = {
        "GET": MANAGERS.with_scope(Scope.CAMPAIGNS_READ),
        "PATCH": MANAGERS.with_scope(Scope.CAMPAIGNS_WRITE),
    }

    @extend_schema(tags=TAGS, summary="Read how work is handed out", responses=AllocationOut)
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer the policy, caps, rates, routing and pair design."""
        return Response(AllocationOut(allocation_of(campaign_of(request))).data)

    @extend_schema(
        tags=TAGS,
        summary="Change how work is handed out",
        description="Caps, rates and routing hold from the next claim on; comparisons already "
        "planned follow a changed policy soon after; language routing and pair design hold for "
        "what is planned later. Refused with `allocation_changed` when somebody else saved it "
        "since the `version` you name.",
        request=AllocationIn,
        responses=AllocationOut,
    )
    def patch(self, request: Request, campaign_id: int) -> Response:
        """Change the fields that are given."""
        given = read(AllocationIn, request.data)
        campaign = campaign_of(request)
        allocation = reallocate(campaign=campaign, by=user_of(request), **given)
        ring("assignment.plan_comparisons", campaign_id=campaign.pk)
        return Response(AllocationOut(allocation).data)

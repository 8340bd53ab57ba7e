"""Campaigns over REST: list, create, read, edit, move from state to state."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, MEMBERS, SIGNED_IN, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.campaigns.enums import Asked, CampaignState, Role
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import (
    campaign_of,
    campaigns_seen_by,
    check_may_create,
    guideline_of,
    role_in,
)
from labeling.campaigns.rules import (
    FEWEST_CANDIDATES,
    LONGEST_CRITERION,
    LONGEST_DESCRIPTION,
    LONGEST_GUIDELINE,
    LONGEST_LEASE,
    LONGEST_NAME,
    LONGEST_REASON_TAG,
    LONGEST_WARNING,
    MOST_A_DAY,
    MOST_CANDIDATES,
    MOST_OVERLAP,
    MOST_RATIONALE_MIN,
    PAY_DIGITS,
    PAY_PLACES,
    SHORTEST_LEASE,
)
from labeling.campaigns.services import create_campaign, edit_campaign, set_state
from labeling.doorbell import ring
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read

TAGS = ["campaigns"]


class CampaignIn(Strict):
    """What a campaign asks people to do; the services judge the values."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    description = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_DESCRIPTION
    )
    candidates_per_comparison = serializers.IntegerField(
        required=False,
        min_value=FEWEST_CANDIDATES,
        max_value=MOST_CANDIDATES,
        help_text="2 compares pairs, 3 to 9 rank.",
    )
    overlap = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_OVERLAP, help_text="How many people judge each."
    )
    criteria = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_CRITERION), required=False
    )
    tie_allowed = serializers.BooleanField(required=False)
    neither_allowed = serializers.BooleanField(required=False)
    counts_ai = serializers.BooleanField(
        required=False, help_text="Whether verdicts of AI judges count like answers in exports."
    )
    rationale = serializers.ChoiceField(choices=Asked.choices, required=False)
    rationale_min = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_RATIONALE_MIN,
        help_text="How many characters a required reason has at least.",
    )
    reason_tags = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_REASON_TAG),
        required=False,
        help_text="Reasons to tick.",
    )
    ideal = serializers.ChoiceField(
        choices=Asked.choices, required=False, help_text="An edited, better response."
    )
    lease_seconds = serializers.IntegerField(
        required=False, min_value=SHORTEST_LEASE, max_value=LONGEST_LEASE
    )
    content_warning = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_WARNING,
        help_text="What people must be ready to read; they confirm it, and texts are veiled.",
    )
    most_a_day = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=MOST_A_DAY,
        help_text="How much one person is given in 24 hours; null for no limit.",
    )
    pay = serializers.DecimalField(
        required=False,
        allow_null=True,
        max_digits=PAY_DIGITS,
        decimal_places=PAY_PLACES,
        help_text="What an answer pays from now on; null for nothing.",
    )
    currency = serializers.CharField(
        required=False, allow_blank=True, max_length=3, help_text="ISO 4217, such as EUR."
    )


class NewCampaignIn(CampaignIn):
    """A new campaign and, if it is written yet, its judging guide in Markdown."""

    guideline = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_GUIDELINE, trim_whitespace=False
    )
    guideline_must_be_read = serializers.BooleanField(
        required=False, help_text="Nobody gets work before they have confirmed that they read it."
    )


class CampaignEditIn(CampaignIn):
    """The fields to change, and the version of the campaign that the change is based on."""

    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    version = serializers.IntegerField(min_value=1)


class CampaignOut(serializers.Serializer[Any]):
    """One campaign, as its members see it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    state = serializers.ChoiceField(choices=CampaignState.choices)
    candidates_per_comparison = serializers.IntegerField()
    overlap = serializers.IntegerField()
    criteria = serializers.ListField(child=serializers.CharField())
    tie_allowed = serializers.BooleanField()
    neither_allowed = serializers.BooleanField()
    counts_ai = serializers.BooleanField()
    rationale = serializers.ChoiceField(choices=Asked.choices)
    rationale_min = serializers.IntegerField()
    reason_tags = serializers.ListField(child=serializers.CharField())
    ideal = serializers.ChoiceField(choices=Asked.choices)
    lease_seconds = serializers.IntegerField()
    content_warning = serializers.CharField()
    most_a_day = serializers.IntegerField(allow_null=True)
    pay = serializers.DecimalField(PAY_DIGITS, PAY_PLACES, allow_null=True)
    currency = serializers.CharField()
    version = serializers.IntegerField()
    guideline_version = serializers.IntegerField(
        source="guide_version", help_text="0 while there is no guide."
    )
    role = serializers.ChoiceField(
        source="own_role", choices=Role.choices, help_text="Your role in it."
    )
    created_at = serializers.DateTimeField()


class StateIn(Strict):
    """The state that the campaign is to be in."""

    state = serializers.ChoiceField(choices=CampaignState.choices)


def _answer(campaign: Campaign, role: str, status: int = 200) -> Response:
    guide = guideline_of(campaign)
    seen: Any = campaign
    seen.own_role, seen.guide_version = role, guide.version if guide else 0
    return Response(CampaignOut(seen).data, status=status)


class Campaigns(APIView):
    """The campaigns that a person belongs to."""

    access: ClassVar[dict[str, Rule]] = {
        "GET": SIGNED_IN.with_scope(Scope.CAMPAIGNS_READ),
        "POST": SIGNED_IN.with_scope(Scope.CAMPAIGNS_WRITE),
    }

    @extend_schema(
        operation_id="campaigns_list",
        tags=TAGS,
        summary="List your campaigns",
        parameters=[PageQuery],
        responses=page_of(CampaignOut),
    )
    def get(self, request: Request) -> Response:
        """Answer one page of campaigns, newest first."""
        read(PageQuery, request.query_params)
        return answer_page(request, campaigns_seen_by(user_of(request)), CampaignOut)

    @extend_schema(
        tags=TAGS,
        summary="Create a campaign",
        request=NewCampaignIn,
        responses={201: CampaignOut},
    )
    def post(self, request: Request) -> Response:
        """Make a draft; whoever makes it is its manager."""
        user = user_of(request)
        check_may_create(user)
        given = {"guideline": "", **read(NewCampaignIn, request.data)}
        return _answer(create_campaign(user=user, **given), Role.MANAGER, 201)


class OneCampaign(APIView):
    """One campaign."""

    access: ClassVar[dict[str, Rule]] = {
        "GET": MEMBERS.with_scope(Scope.CAMPAIGNS_READ),
        "PATCH": MANAGERS.with_scope(Scope.CAMPAIGNS_WRITE),
    }

    @extend_schema(tags=TAGS, summary="Read a campaign", responses=CampaignOut)
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer the campaign."""
        return _answer(campaign_of(request), role_in(request))

    @extend_schema(
        tags=TAGS,
        summary="Edit a campaign",
        description="Refused with `campaign_changed` when somebody else saved it since the "
        "`version` you name.",
        request=CampaignEditIn,
        responses=CampaignOut,
    )
    def patch(self, request: Request, campaign_id: int) -> Response:
        """Change the fields that are given."""
        given = read(CampaignEditIn, request.data)
        campaign = edit_campaign(campaign=campaign_of(request), by=user_of(request), **given)
        ring("assignment.plan_comparisons", campaign_id=campaign.pk)
        return _answer(campaign, role_in(request))


class State(APIView):
    """The state of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"POST": MANAGERS.with_scope(Scope.CAMPAIGNS_WRITE)}

    @extend_schema(
        tags=TAGS, summary="Start, pause, complete", request=StateIn, responses=CampaignOut
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Move the campaign to the state named."""
        given = read(StateIn, request.data)
        campaign = set_state(campaign=campaign_of(request), by=user_of(request), **given)
        ring("assignment.plan_comparisons", campaign_id=campaign.pk)
        return _answer(campaign, role_in(request))

"""How far a campaign is and how much people agree, over REST."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import REVIEWERS, Rule, Scope
from labeling.campaigns.enums import Role
from labeling.campaigns.queries import campaign_of, role_in
from labeling.campaigns.rules import PAY_PLACES
from labeling.quality.queries import (
    agreement_of,
    progress_by_person,
    progress_of,
    skipped_by_several,
)


class AgreementOut(serializers.Serializer[Any]):
    """Raw agreement between two people; ``reason`` says why ``value`` is null."""

    value = serializers.FloatField(allow_null=True)
    comparisons = serializers.IntegerField()
    chances = serializers.IntegerField()
    reason = serializers.CharField()


class EarnedOut(serializers.Serializer[Any]):
    """What a person's answers have earned, in one currency (ISO 4217)."""

    currency = serializers.CharField()
    answers = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=None, decimal_places=PAY_PLACES)


class PersonProgressOut(serializers.Serializer[Any]):
    """What one person has done; ``role`` is empty for somebody who has left."""

    user_id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.CharField()
    done = serializers.IntegerField()
    skipped = serializers.IntegerField()
    live = serializers.IntegerField()
    last_active = serializers.DateTimeField(allow_null=True)
    median_active_ms = serializers.FloatField(allow_null=True)
    earned = EarnedOut(many=True, help_text="For managers; empty for others.")


class SkippedOut(serializers.Serializer[Any]):
    """One comparison that several people passed on."""

    comparison_id = serializers.IntegerField()
    prompt_id = serializers.IntegerField()
    people = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())


class ProgressOut(serializers.Serializer[Any]):
    """How far a campaign is, in judgments."""

    comparisons = serializers.IntegerField()
    finished = serializers.IntegerField(help_text="Comparisons with all the judgments wanted.")
    wanted = serializers.IntegerField()
    judged = serializers.IntegerField()
    live = serializers.IntegerField(help_text="Leases people hold now.")
    left = serializers.IntegerField(help_text="Judgments nobody has given or is giving.")
    agreement = AgreementOut()
    people = PersonProgressOut(many=True)
    skipped = SkippedOut(many=True)


class CampaignProgress(APIView):
    """The progress of one campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": REVIEWERS.with_scope(Scope.JUDGMENTS_READ)}

    @extend_schema(summary="See how far a campaign is", tags=["quality"], responses=ProgressOut)
    def get(self, request: Request, campaign_id: int) -> Response:
        """Count judgments overall and by person, with the agreement between people."""
        campaign = campaign_of(request)
        progress = {
            **vars(progress_of(campaign)),
            "agreement": agreement_of(campaign),
            "people": progress_by_person(campaign, with_pay=role_in(request) == Role.MANAGER),
            "skipped": skipped_by_several(campaign),
        }
        return Response(ProgressOut(progress).data)

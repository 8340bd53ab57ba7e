"""What tests of single comparisons share: the arguments of a decision, and a skip."""

from typing import Any

from labeling.accounts.models import User
from labeling.assignment.models import Assignment, Comparison
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.ranking.services.answering import skip_comparison
from tests.stock import claim


def only(campaign: Campaign) -> Comparison:
    """Return the campaign's one comparison as it is stored."""
    return Comparison.objects.select_related("lane").get(campaign=campaign)


def deciding(comparison: Comparison) -> dict[str, Any]:
    """Return what every decision of a comparison takes, by its campaign's manager."""
    campaign = comparison.campaign
    return {
        "campaign": campaign,
        "comparison_id": comparison.pk,
        "by": campaign.created_by,
        "now": database_now(),
    }


def skip(campaign: Campaign, person: User, reason: str = "broken") -> Assignment:
    """Let a person skip their next comparison."""
    held = claim(campaign, person)
    skip_comparison(
        campaign=campaign,
        annotator=person,
        assignment_id=held.pk,
        token=held.token,
        reason=reason,
        now=database_now(),
    )
    return held

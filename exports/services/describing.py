"""What an export says of its campaign, as it was at the moment of its data."""

from datetime import datetime

from exports.formats.card import CampaignFacts
from labeling.assignment.enums import Policy
from labeling.assignment.models import Allocation
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import guidelines_of


def campaign_facts(campaign: Campaign, at: datetime) -> CampaignFacts:
    """Return what cards say of a campaign; of the judging guide the version in force ``at``."""
    allocation = Allocation.objects.filter(campaign=campaign).first()
    guide = guidelines_of(campaign).filter(created_at__lte=at).first()
    return CampaignFacts(
        name=campaign.name,
        overlap=campaign.overlap,
        candidates=campaign.candidates_per_comparison,
        handed_out=allocation.policy if allocation else Policy.FIXED,
        counts_ai=campaign.counts_ai,
        ties_allowed=campaign.tie_allowed,
        neither_allowed=campaign.neither_allowed,
        guide=guide.text if guide else "",
        guide_version=guide.version if guide else 0,
    )

"""Template tag that shows how far campaigns are on pages of earlier stages."""

from collections.abc import Sequence

from django import template

from labeling.campaigns.models import Campaign
from labeling.quality.queries import Progress, progress_by_campaign

register = template.Library()


@register.simple_tag
def with_progress(campaigns: Sequence[Campaign]) -> list[tuple[Campaign, Progress]]:
    """Return each campaign with how far it is: ``{% with_progress led as rows %}``."""
    progress = progress_by_campaign(campaigns)
    return [(campaign, progress[campaign.pk]) for campaign in campaigns]

"""The page of how far a campaign is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import etag

from labeling.access import REVIEWERS, declare
from labeling.assignment.queries import withheld_in
from labeling.campaigns.enums import CampaignState, Role
from labeling.campaigns.queries import campaign_of, role_in
from labeling.quality.queries import (
    agreement_of,
    progress_by_person,
    progress_of,
    skipped_by_several,
)


@declare(GET=REVIEWERS)
def progress(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show how far the campaign is, by person, and how much people agree."""
    campaign, is_manager = campaign_of(request), role_in(request) == Role.MANAGER
    page = {
        "progress": progress_of(campaign),
        "agreement": agreement_of(campaign),
        "people": progress_by_person(campaign, with_pay=is_manager),
        "skipped": skipped_by_several(campaign),
        "is_manager": is_manager,
        "withheld": _withheld(request),
        "pays": is_manager and campaign.pay_rates.exists(),
    }
    return render(request, "quality/progress.html", page)


def _withheld(request: HttpRequest) -> int:
    """Return how many comparisons wait for the person to review what was reported of them."""
    is_manager = role_in(request) == Role.MANAGER
    return withheld_in(campaign_of(request)).count() if is_manager else 0


def _summary_tag(request: HttpRequest, campaign_id: int) -> str:
    campaign = campaign_of(request)
    counts = [*vars(progress_of(campaign)).values(), _withheld(request)]
    return f'"{campaign.state}-{"-".join(map(str, counts))}"'


@declare(GET=REVIEWERS)
@etag(_summary_tag)
def summary(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Answer how far the campaign is, as a part of its overview."""
    campaign = campaign_of(request)
    progress = progress_of(campaign)
    moves = campaign.state == CampaignState.ACTIVE and progress.judged < (progress.wanted or 1)
    page = {"progress": progress, "moves": moves, "withheld": _withheld(request)}
    return render(request, "quality/summary.html", page)

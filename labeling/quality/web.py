"""The pages of the quality stage."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from labeling.access import REVIEWERS, declare
from labeling.campaigns.queries import campaign_of
from labeling.quality.queries import (
    agreement_of,
    progress_by_person,
    progress_of,
    skipped_by_several,
)


@declare(GET=REVIEWERS)
def progress(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show how far the campaign is, by person, and how much people agree."""
    campaign = campaign_of(request)
    page = {
        "progress": progress_of(campaign),
        "agreement": agreement_of(campaign),
        "people": progress_by_person(campaign),
        "skipped": skipped_by_several(campaign),
    }
    return render(request, "quality/progress.html", page)


urlpatterns = [
    path("campaigns/<int:campaign_id>/progress/", progress, name="progress"),
]

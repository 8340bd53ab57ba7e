"""Where the ranking pages are."""

from django.urls import reverse

from labeling.assignment.models import Assignment
from labeling.campaigns.models import Campaign


def rank_url(campaign: Campaign) -> str:
    return reverse("rank", args=[campaign.pk])


def answer_url(assignment: Assignment) -> str:
    return reverse("rank-answer", args=[assignment.comparison.campaign_id, assignment.pk])


def skip_url(assignment: Assignment) -> str:
    return reverse("rank-skip", args=[assignment.comparison.campaign_id, assignment.pk])

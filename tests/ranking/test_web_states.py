"""What the ranking page says when there is nothing to judge."""

import pytest
from django.urls import reverse

from labeling.accounts.models import User
from labeling.assignment.models import Allocation
from labeling.campaigns.models import Campaign, Round
from labeling.clock import database_now
from tests.factories import make_campaign, make_member, signed_in
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("draft", "Not started yet"),
        ("paused", "Paused for now"),
        ("completed", "This campaign is finished"),
        ("active", "Nothing to judge yet"),
    ],
)
def test_rank_says_why_there_is_nothing_to_judge(state: str, heading: str):
    campaign = make_campaign(state=state)
    page = signed_in(make_member(campaign))
    assert f">{heading}</h1>" in page.get(reverse("rank", args=[campaign.pk])).content.decode()


def test_rank_says_when_all_are_done():
    campaign = make_campaign()
    stock(campaign, 2)
    annotator = make_member(campaign)
    for _ in range(2):
        judge(campaign, annotator, claim(campaign, annotator))
    html = signed_in(annotator).get(reverse("rank", args=[campaign.pk])).content.decode()
    assert ">All 2 are done</h1>" in html


@pytest.mark.parametrize("state", ["draft", "active"])
def test_rank_leads_a_manager_to_what_is_missing(state: str):
    campaign = make_campaign(state=state)
    html = signed_in(campaign.created_by).get(reverse("rank", args=[campaign.pk])).content.decode()
    overview = reverse("campaign", args=[campaign.pk])
    assert f'<a class="btn primary" href="{overview}">To the overview</a>' in html


def words_to(person: User, campaign: Campaign) -> str:
    return signed_in(person).get(reverse("rank", args=[campaign.pk])).content.decode()


@pytest.mark.parametrize(
    ("limits", "heading", "remedy", "managers_remedy"),
    [
        (
            {"qualified_only": True},
            "Not opened for you yet",
            "Train and qualify now",
            "on the members page",
        ),
        (
            {"person_limit": 0},
            "You have done your share",
            "tell a manager: they can raise the limit",
            "You can raise the limit",
        ),
    ],
)
def test_rank_says_what_keeps_a_person_from_work_and_what_to_do(
    limits: dict[str, int], heading: str, remedy: str, managers_remedy: str
):
    campaign = make_campaign()
    stock(campaign, 2)
    Allocation.objects.filter(campaign=campaign).update(**limits)
    html = words_to(make_member(campaign), campaign)
    assert f">{heading}</h1>" in html
    assert remedy in html
    assert managers_remedy in words_to(campaign.created_by, campaign)


def test_rank_says_that_the_round_is_closed():
    campaign = make_campaign()
    stock(campaign, 2)
    Round.objects.filter(campaign=campaign).update(state="closed", closed_at=database_now())
    html = words_to(make_member(campaign), campaign)
    assert ">Between two rounds</h1>" in html
    assert "when a manager opens the next one" in html

"""What the ranking page says when there is nothing to judge."""

import pytest
from django.urls import reverse

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

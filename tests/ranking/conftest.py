"""A campaign of pairs, and one person with a comparison in hand."""

import pytest
from django.test import Client

from labeling.accounts.models import User
from labeling.assignment.models import Assignment
from labeling.campaigns.models import Campaign
from tests.factories import make_campaign, make_member, signed_in
from tests.stock import claim, stock


@pytest.fixture
def campaign() -> Campaign:
    campaign = make_campaign()
    stock(campaign, 2)
    return campaign


@pytest.fixture
def annotator(campaign: Campaign) -> User:
    return make_member(campaign)


@pytest.fixture
def page(annotator: User) -> Client:
    return signed_in(annotator)


@pytest.fixture
def lease(campaign: Campaign, annotator: User) -> Assignment:
    return claim(campaign, annotator)

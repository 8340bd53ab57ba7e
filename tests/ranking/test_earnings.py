"""What people have earned: each answer once, at the rate when it was first given."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign, PayRate
from labeling.campaigns.services import edit_campaign
from labeling.clock import database_now
from labeling.ranking.queries import earnings_in
from labeling.ranking.services.answering import skip_comparison, undo_judgment
from tests.factories import make_bearer, make_campaign, make_member, signed_in
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    campaign = make_campaign(pay=Decimal("0.1"), currency="EUR")
    stock(campaign, 6)
    return campaign


def pays(campaign: Campaign, amount: str, currency: str = "EUR") -> None:
    """Change the rate, as long ago as a moment before the next answer."""
    campaign.refresh_from_db()
    edit_campaign(
        campaign=campaign,
        by=campaign.created_by,
        version=campaign.version,
        pay=Decimal(amount),
        currency=currency,
    )


def earned(campaign: Campaign, person: User) -> list[tuple[str, int, Decimal]]:
    return [(each.currency, each.answers, each.amount) for each in earnings_in(campaign, person)]


def test_answers_pay_exactly_and_skips_and_what_was_taken_back_pay_nothing(
    campaign: Campaign, annotator: User
) -> None:
    for _ in range(3):
        last = judge(campaign, annotator, claim(campaign, annotator))
    now = database_now()
    undo_judgment(campaign=campaign, annotator=annotator, judgment_id=last, key="u", now=now)
    lease = claim(campaign, annotator)
    skip_comparison(
        campaign=campaign,
        annotator=annotator,
        assignment_id=lease.pk,
        token=lease.token,
        reason="rather_not",
        key="s",
        now=now,
    )

    assert earned(campaign, annotator) == [("EUR", 2, Decimal("0.2"))]


def test_a_new_rate_and_a_change_of_mind_leave_alone_what_was_earned(
    campaign: Campaign, annotator: User
) -> None:
    lease = claim(campaign, annotator)
    first = judge(campaign, annotator, lease)
    PayRate.objects.update(since=database_now() - timedelta(hours=1))
    pays(campaign, "0.25")
    judge(campaign, annotator, lease, outcome="tie", ranks=(), revises=first)
    judge(campaign, annotator, claim(campaign, annotator))

    assert earned(campaign, annotator) == [("EUR", 2, Decimal("0.35"))]


def test_currencies_are_never_added_up(campaign: Campaign, annotator: User) -> None:
    judge(campaign, annotator, claim(campaign, annotator))
    pays(campaign, "2", "USD")
    judge(campaign, annotator, claim(campaign, annotator))

    assert earned(campaign, annotator) == [("EUR", 1, Decimal("0.1")), ("USD", 1, Decimal(2))]


def test_people_see_their_own_earnings_and_managers_everybodys(
    campaign: Campaign, annotator: User
) -> None:
    other, reviewer = make_member(campaign), make_member(campaign, "reviewer")
    for person in (annotator, other, other):
        judge(campaign, person, claim(campaign, person))

    own = page(annotator, "rank-history", campaign)
    assert "0.10 EUR" in own
    assert "0.20 EUR" not in own
    assert "0.20 EUR" in page(campaign.created_by, "progress", campaign)
    assert "EUR" not in page(reviewer, "progress", campaign)


def test_programs_of_managers_read_earnings_and_others_get_none(
    campaign: Campaign, annotator: User, client: Any
) -> None:
    judge(campaign, annotator, claim(campaign, annotator))
    reviewer = make_member(campaign, "reviewer")

    def seen(person: User) -> list[Any]:
        url = reverse("api-progress", args=[campaign.pk])
        people = client.get(url, headers=make_bearer(person)).json()["people"]
        return [each["earned"] for each in people if each["user_id"] == annotator.pk]

    assert seen(campaign.created_by) == [
        [{"currency": "EUR", "answers": 1, "amount": "0.1000"}],
    ]
    assert seen(reviewer) == [[]]


def page(person: User, name: str, campaign: Campaign) -> str:
    return signed_in(person).get(reverse(name, args=[campaign.pk])).content.decode()

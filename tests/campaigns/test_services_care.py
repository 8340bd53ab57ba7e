"""What a campaign asks people to bear, how much of it a day, and what it pays them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from labeling.accounts.models import AuditEvent
from labeling.assignment.models import Assignment
from labeling.assignment.queries import free_again_at
from labeling.assignment.services.claiming import Why
from labeling.campaigns.models import Campaign, Membership, PayRate
from labeling.campaigns.queries import membership_of
from labeling.campaigns.services import accept_warning, create_campaign, edit_campaign
from labeling.clock import database_now
from labeling.errors import Invalid
from tests.factories import Cast, make_campaign, make_user
from tests.stock import claims, judge, stock

pytestmark = pytest.mark.django_db


def edit(campaign: Campaign, **changes: Any) -> None:
    campaign.refresh_from_db()
    edit_campaign(campaign=campaign, by=campaign.created_by, version=campaign.version, **changes)
    campaign.refresh_from_db()


def member(cast: Cast) -> Membership:
    return membership_of(cast.annotator, cast.campaign.pk)


def rates(campaign: Campaign) -> list[tuple[Decimal, str]]:
    return list(campaign.pay_rates.order_by("pk").values_list("amount", "currency"))


def work(cast: Cast, times: int) -> None:
    for _ in range(times):
        first = claims(cast.campaign, cast.annotator).first
        assert first is not None
        judge(cast.campaign, cast.annotator, first)


# ---- the warning --------------------------------------------------------------------------


def test_nobody_is_given_work_before_they_have_accepted_the_warning(cast: Cast) -> None:
    stock(cast.campaign, 1)
    edit(cast.campaign, content_warning=" Insults. ")

    assert claims(cast.campaign, cast.annotator).why == Why.WARNING_UNREAD
    for _ in range(2):
        accept_warning(membership=member(cast))

    assert claims(cast.campaign, cast.annotator).first is not None
    event = AuditEvent.objects.get(action="warning.accepted")
    assert (event.actor, event.data) == (cast.annotator, {"warning": "Insults."})


def test_another_warning_is_asked_again_and_other_changes_are_not(cast: Cast) -> None:
    edit(cast.campaign, content_warning="Insults.")
    accept_warning(membership=member(cast))

    edit(cast.campaign, name="Other", content_warning="Insults.")
    assert not member(cast).must_accept
    edit(cast.campaign, content_warning="Insults and threats.")

    assert member(cast).must_accept


# ---- how much a day -----------------------------------------------------------------------


def test_a_person_is_given_no_more_in_24_hours_than_they_may(cast: Cast) -> None:
    stock(cast.campaign, 5)
    edit(cast.campaign, most_a_day=2)

    work(cast, 2)

    assert claims(cast.campaign, cast.annotator).why == Why.ENOUGH_TODAY


def test_what_a_person_holds_counts_before_it_is_answered(cast: Cast) -> None:
    stock(cast.campaign, 5)
    edit(cast.campaign, most_a_day=3)
    work(cast, 1)

    claim = claims(cast.campaign, cast.annotator, hold=5)

    assert len(claim.assignments) == 2
    assert claim.why == Why.ENOUGH_TODAY


def test_work_goes_on_a_day_after_it_was_given_and_the_time_is_told(cast: Cast) -> None:
    stock(cast.campaign, 5)
    edit(cast.campaign, most_a_day=2)
    work(cast, 2)
    first = Assignment.objects.earliest("ordinal")
    first.desk.campaign.refresh_from_db()
    again = free_again_at(first.desk, held=0, now=database_now())

    assert again == first.leased_at + timedelta(days=1)
    assert claims(cast.campaign, cast.annotator, again).first is not None


# ---- pay ----------------------------------------------------------------------------------


def test_every_rate_of_pay_stays_written_down_and_the_same_one_once(cast: Cast) -> None:
    edit(cast.campaign, pay=Decimal("0.5"), currency="EUR")
    edit(cast.campaign, name="Other")
    edit(cast.campaign, pay=Decimal("0.6"))
    edit(cast.campaign, pay=None, currency="")

    assert rates(cast.campaign) == [
        (Decimal("0.5"), "EUR"), (Decimal("0.6"), "EUR"), (Decimal(0), ""),
    ]  # fmt: skip
    assert AuditEvent.objects.filter(action="campaign.edited", data__after__pay="0.6").exists()


def test_a_campaign_may_pay_from_the_start_and_need_not_pay() -> None:
    paid = make_campaign(pay=Decimal(1), currency="USD")

    assert rates(paid) == [(Decimal(1), "USD")]
    assert rates(make_campaign()) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"pay": Decimal(1)}, "currency"),
        ({"pay": Decimal(1), "currency": "eur"}, "currency"),
        ({"currency": "EUR"}, "pay"),
        ({"pay": Decimal(0), "currency": "EUR"}, "pay"),
        ({"pay": Decimal(10_001), "currency": "EUR"}, "pay"),
        ({"most_a_day": 0}, "most_a_day"),
        ({"content_warning": "x" * 501}, "content_warning"),
    ],
)
def test_what_does_not_hold_is_named_and_nothing_is_saved(given: Any, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        create_campaign(user=make_user(), name="Paid", guideline="x", **given)

    assert list(refusal.value.data["fields"]) == [field]
    assert not Campaign.objects.filter(name="Paid").exists()
    assert not PayRate.objects.exists()


def test_half_a_change_of_pay_is_refused_by_what_is_there(cast: Cast) -> None:
    edit(cast.campaign, pay=Decimal(1), currency="EUR")

    with pytest.raises(Invalid, match="do not hold"):
        edit(cast.campaign, pay=None)

    assert rates(cast.campaign) == [(Decimal(1), "EUR")]

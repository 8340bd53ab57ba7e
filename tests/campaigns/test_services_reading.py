"""Who has read which version of the guide, and who is given nothing before they have."""

import pytest

from labeling.accounts.models import AuditEvent
from labeling.assignment.services.claiming import Why
from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.queries import guideline_changes, membership_of
from labeling.campaigns.services import create_campaign, mark_read, publish_guideline
from labeling.errors import Invalid
from tests.factories import Cast, make_user
from tests.stock import claims, stock

pytestmark = pytest.mark.django_db


def publish(campaign: Campaign, text: str, *, must_be_read: bool) -> None:
    campaign.refresh_from_db()
    publish_guideline(
        campaign=campaign, text=text, by=campaign.created_by, must_be_read=must_be_read
    )


def member(cast: Cast) -> Membership:
    return membership_of(cast.annotator, cast.campaign.pk)


def test_nobody_is_given_work_before_they_have_read_a_guide_that_must_be_read(cast: Cast) -> None:
    stock(cast.campaign, 1)
    publish(cast.campaign, "Now be kind, too.", must_be_read=True)

    assert claims(cast.campaign, cast.annotator).why == Why.GUIDE_UNREAD
    mark_read(membership=member(cast), version=2)

    assert claims(cast.campaign, cast.annotator).first is not None


def test_a_guide_that_need_not_be_read_holds_nobody_up(cast: Cast) -> None:
    stock(cast.campaign, 1)
    publish(cast.campaign, "Now be kind, too.", must_be_read=False)

    assert claims(cast.campaign, cast.annotator).first is not None


def test_a_later_version_that_need_not_be_read_does_not_let_anybody_past(cast: Cast) -> None:
    publish(cast.campaign, "Now be kind, too.", must_be_read=True)
    publish(cast.campaign, "Now be kind, too!", must_be_read=False)

    assert member(cast).must_read
    mark_read(membership=member(cast), version=2)

    assert not member(cast).must_read


def test_the_first_guide_can_be_one_that_must_be_read() -> None:
    user = make_user()
    campaign = create_campaign(
        user=user, name="Read first", guideline="Be fair.", guideline_must_be_read=True
    )

    assert membership_of(user, campaign.pk).must_read


def test_reading_is_kept_once_and_never_goes_back(cast: Cast) -> None:
    publish(cast.campaign, "Second.", must_be_read=False)

    for version in (2, 1, 2):
        mark_read(membership=member(cast), version=version)

    assert member(cast).guideline_read == 2
    event = AuditEvent.objects.get(action="guideline.read")
    assert (event.actor, event.data) == (cast.annotator, {"version": 2})


@pytest.mark.parametrize("version", [0, -1, 2, 10**20])
def test_a_version_that_there_is_not_cannot_be_read(cast: Cast, version: int) -> None:
    with pytest.raises(Invalid):
        mark_read(membership=member(cast), version=version)

    assert member(cast).guideline_read == 0


def test_changes_are_those_since_the_version_that_was_read(cast: Cast) -> None:
    publish(cast.campaign, "Prefer what is kind.", must_be_read=False)
    publish(cast.campaign, "Prefer what is kind. Be brief.", must_be_read=False)

    since = [
        "".join(f"{piece.kind}:{piece.text}|" for passage in found for piece in passage)
        for found in (guideline_changes(cast.campaign, read) for read in (0, 1, 2, 3))
    ]

    assert since[0] == since[3] == ""
    assert since[1] == "same:Prefer what is |gone:true|new:kind|same:.|new: Be brief.|"
    assert since[2] == "same:Prefer what is kind.|new: Be brief.|"

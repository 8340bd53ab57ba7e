"""A lease takes one slot, keeps it while it lives, and gives it back once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.services.claiming import CampaignNotActive
from labeling.assignment.services.leases import LeaseReplaced, expire_leases, release
from labeling.campaigns.enums import CampaignState
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.errors import NotFound
from labeling.ranking.models import Judgment
from tests.factories import Cast, make_campaign, make_member
from tests.stock import claim, judge, next_for, stock

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=2)


def capacity(campaign: Campaign) -> tuple[int, int]:
    """Return open slots and counted judgments over the campaign."""
    rows = Comparison.objects.filter(campaign=campaign).values_list("open_slots", "judged")
    return sum(row[0] for row in rows), sum(row[1] for row in rows)


def test_claim_next_takes_one_slot(cast: Cast) -> None:
    stock(cast.campaign, 1)

    assignment = claim(cast.campaign, cast.annotator)

    assert sorted(assignment.display_order) == [0, 1]
    assert capacity(cast.campaign) == (2, 0)


def test_claim_next_again_gives_the_same_lease_renewed(cast: Cast) -> None:
    stock(cast.campaign, 2)
    first = claim(cast.campaign, cast.annotator)

    again = claim(cast.campaign, cast.annotator)

    assert (again.pk, again.token) == (first.pk, first.token)
    assert again.expires_at > first.expires_at
    assert capacity(cast.campaign) == (5, 0)


def test_claim_next_hands_a_person_each_comparison_once(cast: Cast) -> None:
    stock(cast.campaign, 5)
    seen = []
    while assignment := next_for(cast.campaign, cast.annotator):
        seen.append(assignment.comparison_id)
        judge(cast.campaign, cast.annotator, assignment)

    assert sorted(seen) == sorted(Comparison.objects.values_list("pk", flat=True))
    assert capacity(cast.campaign) == (10, 5)


def test_claim_next_never_goes_over_the_overlap() -> None:
    campaign = make_campaign(overlap=2)
    stock(campaign, 1)
    people = [make_member(campaign) for _ in range(3)]

    claims = [next_for(campaign, who) for who in people]

    assert [found is not None for found in claims] == [True, True, False]


def test_claim_next_refuses_while_the_campaign_is_not_active(cast: Cast) -> None:
    cast.campaign.state = CampaignState.PAUSED

    with pytest.raises(CampaignNotActive) as refusal:
        next_for(cast.campaign, cast.annotator)
    assert refusal.value.data == {"state": "paused"}


def test_expire_leases_returns_the_slot_for_somebody_else() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    slow, quick = make_member(campaign), make_member(campaign)
    held = claim(campaign, slow)

    assert expire_leases(now=held.expires_at - timedelta(seconds=1)) == 0
    assert expire_leases(now=held.expires_at) == 1
    assert expire_leases(now=held.expires_at) == 0
    assert claim(campaign, quick).comparison_id == held.comparison_id


def test_claim_next_expires_leases_itself_when_nothing_else_is_left() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    slow, quick = make_member(campaign), make_member(campaign)
    held = claim(campaign, slow)

    found = next_for(campaign, quick, held.expires_at + LATER)

    assert found is not None
    assert found.comparison_id == held.comparison_id
    assert Assignment.objects.get(pk=held.pk).state == AssignmentState.EXPIRED


def test_late_answer_takes_the_slot_if_it_is_still_free(cast: Cast) -> None:
    stock(cast.campaign, 1)
    held = claim(cast.campaign, cast.annotator)
    expire_leases(now=held.expires_at)

    judgment = judge(cast.campaign, cast.annotator, held)

    assert Judgment.objects.get(pk=judgment).counted is True
    assert capacity(cast.campaign) == (2, 1)


def test_late_answer_to_a_slot_that_is_gone_is_kept_as_surplus() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    slow, quick = make_member(campaign), make_member(campaign)
    held = claim(campaign, slow)
    expire_leases(now=held.expires_at)
    judge(campaign, quick, claim(campaign, quick))

    judgment = judge(campaign, slow, held)

    assert Judgment.objects.get(pk=judgment).counted is False
    assert capacity(campaign) == (0, 1)


def test_answer_with_an_old_token_is_refused_while_a_newer_lease_lives(cast: Cast) -> None:
    stock(cast.campaign, 1)
    old = claim(cast.campaign, cast.annotator)
    expire_leases(now=old.expires_at)
    new = claim(cast.campaign, cast.annotator)

    assert new.pk == old.pk
    assert new.token != old.token
    assert new.display_order == old.display_order
    with pytest.raises(LeaseReplaced):
        judge(cast.campaign, cast.annotator, new, token=old.token)


def test_release_returns_the_slot_once(cast: Cast) -> None:
    stock(cast.campaign, 1)
    held = claim(cast.campaign, cast.annotator)

    for _ in range(2):
        release(
            campaign=cast.campaign,
            annotator=cast.annotator,
            assignment_id=held.pk,
            token=held.token,
            now=database_now(),
        )

    assert capacity(cast.campaign) == (3, 0)


def test_release_of_somebody_elses_lease_is_not_found(cast: Cast) -> None:
    stock(cast.campaign, 1)
    held = claim(cast.campaign, cast.annotator)

    with pytest.raises(NotFound):
        release(
            campaign=cast.campaign,
            annotator=cast.teammate,
            assignment_id=held.pk,
            token=uuid4(),
            now=database_now(),
        )

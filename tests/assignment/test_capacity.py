"""What the state machine found once: wrong after a rare order of events."""

import pytest

from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.services.directing import direct
from labeling.assignment.services.leases import expire_leases
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.ranking.models import Judgment
from tests.factories import Cast, make_campaign, make_member
from tests.stock import claim, claims, judge, stock

pytestmark = pytest.mark.django_db


def counts(campaign: Campaign) -> tuple[int, int, int]:
    """Return what the campaign's one comparison wants, has free and has been given."""
    return Comparison.objects.values_list("wanted", "open_slots", "judged").get(campaign=campaign)


def test_policy_that_is_changed_back_holds_for_what_was_answered_in_between() -> None:
    campaign = make_campaign(overlap=2)
    stock(campaign, 1)
    plan_comparisons(campaign_id=campaign.pk)
    annotator = make_member(campaign)
    held = claim(campaign, annotator)

    Campaign.objects.filter(pk=campaign.pk).update(overlap=1)
    judge(campaign, annotator, held)
    Campaign.objects.filter(pk=campaign.pk).update(overlap=2)
    plan_comparisons(campaign_id=campaign.pk)

    assert counts(campaign) == (2, 1, 1)


def test_answer_from_an_old_page_takes_the_slot_that_is_kept_for_the_person(cast: Cast) -> None:
    stock(cast.campaign, 1)
    held = claim(cast.campaign, cast.annotator)
    expire_leases(now=held.expires_at)
    direct(
        campaign=cast.campaign,
        comparison_id=held.comparison_id,
        people=[cast.annotator],
        by=cast.manager,
        now=database_now(),
    )

    judgment = judge(cast.campaign, cast.annotator, held)

    assert Judgment.objects.get(pk=judgment).counted is True
    assert Assignment.objects.get(pk=held.pk).state == AssignmentState.SUBMITTED
    assert counts(cast.campaign) == (3, 2, 1)


def test_batch_is_full_when_what_others_let_lapse_makes_a_new_lane() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 3)
    slow, quick = make_member(campaign), make_member(campaign)
    held = claims(campaign, slow, hold=3).assignments

    given = claims(campaign, quick, held[0].expires_at, hold=3).assignments

    assert sorted(each.comparison_id for each in given) == sorted(
        each.comparison_id for each in held
    )

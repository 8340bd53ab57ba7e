"""Planning makes each comparison once and keeps capacity exact."""

import pytest

from labeling.assignment.models import ComparedCandidate, Comparison
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.models import Campaign
from tests.factories import Cast, make_campaign
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


def plan(campaign: Campaign) -> int:
    return plan_comparisons(campaign_id=campaign.pk)


def test_plan_comparisons_makes_every_pair_of_each_prompt(cast: Cast) -> None:
    stock(cast.campaign, 2, texts=("a", "b", "c"))

    assert Comparison.objects.filter(campaign=cast.campaign).count() == 6
    assert ComparedCandidate.objects.count() == 12


def test_plan_comparisons_twice_changes_nothing(cast: Cast) -> None:
    stock(cast.campaign, 3)
    before = list(Comparison.objects.order_by("id").values())

    assert plan(cast.campaign) == 0
    assert list(Comparison.objects.order_by("id").values()) == before


def test_plan_comparisons_shows_all_candidates_at_once_in_a_kwise_campaign() -> None:
    campaign = make_campaign(candidates_per_comparison=4)
    stock(campaign, 1, texts=("a", "b", "c", "d"))

    comparison = Comparison.objects.get(campaign=campaign)
    assert [slot.slot for slot in comparison.slots.order_by("slot")] == [0, 1, 2, 3]


def test_plan_comparisons_gives_the_campaigns_overlap() -> None:
    campaign = make_campaign(overlap=5)
    stock(campaign, 1)

    comparison = Comparison.objects.get(campaign=campaign)
    assert (comparison.wanted, comparison.open_slots, comparison.judged) == (5, 5, 0)


def test_plan_comparisons_follows_a_changed_overlap_without_losing_slots(cast: Cast) -> None:
    stock(cast.campaign, 1)
    judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))
    claim(cast.campaign, cast.teammate)
    for overlap, expected in ((5, (5, 3, 1)), (1, (2, 0, 1)), (3, (3, 1, 1))):
        Campaign.objects.filter(pk=cast.campaign.pk).update(overlap=overlap)
        plan(cast.campaign)
        found = Comparison.objects.get(campaign=cast.campaign)
        assert (found.wanted, found.open_slots, found.judged) == expected

"""Comparisons with a known answer test people, and what they say never counts."""

from typing import Any

import pytest

from labeling.accounts.models import AuditEvent
from labeling.assignment.enums import Kind
from labeling.assignment.models import Allocation, Assignment, Comparison
from labeling.assignment.services.claiming import Why
from labeling.assignment.services.directing import NotHandedOut, direct
from labeling.assignment.services.marking import (
    ComparisonHeld,
    mark_gold,
    restore,
    retire,
    unmark_gold,
)
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.models import Campaign
from labeling.errors import Invalid, NotFound
from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup
from labeling.prompts.models import Prompt
from labeling.ranking.models import Judgment
from tests.assignment.deciding import deciding, only
from tests.factories import Cast, make_campaign, make_member
from tests.stock import claim, claims, judge, next_for, stock

pytestmark = pytest.mark.django_db


def mark(comparison: Comparison, ranks: Any = (1, 2)) -> Comparison:
    return mark_gold(**deciding(comparison), ranks=ranks)


def always_gold(campaign: Campaign) -> None:
    """Let every lease be drawn to be a known answer, as far as the database allows it."""
    Allocation.objects.filter(campaign=campaign).update(gold_percent=50)


def test_mark_gold_moves_it_out_of_the_work_and_leaves_one_slot(cast: Cast) -> None:
    stock(cast.campaign, 1)

    comparison = mark(only(cast.campaign))

    assert (comparison.wanted, comparison.open_slots, comparison.gold) == (1, 1, [1, 2])
    assert (comparison.lane.gold, comparison.lane.returned) == (True, False)
    assert claims(cast.campaign, cast.annotator).why == Why.NOTHING_LEFT


def test_mark_gold_with_an_answer_that_does_not_hold_changes_nothing(cast: Cast) -> None:
    stock(cast.campaign, 1)

    with pytest.raises(Invalid) as refusal:
        mark(only(cast.campaign), ranks=[1, 3])

    assert refusal.value.data["fields"] == {"ranks": ["Ranks go from 1 (best) to 2."]}
    assert only(cast.campaign).gold is None


def test_mark_gold_is_refused_while_somebody_holds_it_as_work(cast: Cast) -> None:
    stock(cast.campaign, 1)
    claim(cast.campaign, cast.annotator)

    with pytest.raises(ComparisonHeld) as refusal:
        mark(only(cast.campaign))
    assert refusal.value.data == {"held": 1}


def test_mark_gold_is_refused_while_retired(cast: Cast) -> None:
    stock(cast.campaign, 1)
    retire(**deciding(only(cast.campaign)))

    with pytest.raises(NotHandedOut):
        mark(only(cast.campaign))


def test_judgments_given_before_stay_counted(cast: Cast) -> None:
    stock(cast.campaign, 1)
    judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))

    comparison = mark(only(cast.campaign))

    assert (comparison.wanted, comparison.open_slots, comparison.judged) == (2, 1, 1)


def test_everybody_is_given_a_known_answer_once_and_it_never_counts() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    gold = mark(only(campaign))
    stock(campaign, 60)
    always_gold(campaign)

    for person in (make_member(campaign), make_member(campaign)):
        for _ in range(20):
            judge(campaign, person, claim(campaign, person))

    tests = Assignment.objects.filter(kind=Kind.GOLD)
    assert list(tests.values_list("comparison", flat=True)) == [gold.pk, gold.pk]
    assert set(Judgment.objects.filter(comparison=gold).values_list("counted", flat=True)) == {
        False
    }
    gold.refresh_from_db()
    assert (gold.wanted, gold.open_slots, gold.judged) == (1, 1, 0)


def test_known_answer_reaches_only_people_whose_work_it_is() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 2)
    Prompt.objects.update(tags=["skill:law"])
    Comparison.objects.all().delete()
    replan(campaign)
    hidden = Comparison.objects.filter(campaign=campaign)[0]
    mark(hidden)
    stock(campaign, 30)
    always_gold(campaign)
    layman = make_member(campaign)

    for _ in range(20):
        judge(campaign, layman, claim(campaign, layman))

    assert not Assignment.objects.filter(kind=Kind.GOLD).exists()


def replan(campaign: Campaign) -> None:
    CandidateGroup.objects.update(state=GroupState.COMPLETE)
    plan_comparisons(campaign_id=campaign.pk)


def test_another_answer_replaces_the_first(cast: Cast) -> None:
    stock(cast.campaign, 1)
    mark(only(cast.campaign))

    for _ in range(2):
        mark(only(cast.campaign), ranks=[2, 1])

    assert only(cast.campaign).gold == [2, 1]
    event = AuditEvent.objects.filter(action="comparison.gold_marked").latest("pk")
    assert (event.data["before"], event.data["after"]) == ([1, 2], [2, 1])
    assert AuditEvent.objects.filter(action="comparison.gold_marked").count() == 2


def test_unmark_gold_makes_it_work_again_with_the_slots_of_the_policy(cast: Cast) -> None:
    stock(cast.campaign, 1)
    mark(only(cast.campaign))

    for _ in range(2):
        comparison = unmark_gold(**deciding(only(cast.campaign)))

    assert (comparison.wanted, comparison.open_slots, comparison.gold) == (3, 3, None)
    assert not only(cast.campaign).lane.gold
    assert claim(cast.campaign, cast.annotator).comparison_id == comparison.pk
    assert AuditEvent.objects.filter(action="comparison.gold_unmarked").count() == 1


def test_whoever_was_tested_with_it_is_not_given_it_as_work() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    gold = mark(only(campaign))
    stock(campaign, 20)
    always_gold(campaign)
    tested = make_member(campaign)
    while not Assignment.objects.filter(kind=Kind.GOLD).exists():
        judge(campaign, tested, claim(campaign, tested))

    unmark_gold(**deciding(gold))
    while held := next_for(campaign, tested):
        judge(campaign, tested, held)

    assert not Assignment.objects.filter(comparison=gold, kind=Kind.WORK).exists()
    with pytest.raises(Invalid) as refusal:
        direct(**deciding(gold), people=[tested])
    assert "was given it while its answer was known" in refusal.value.data["fields"]["members"][0]


@pytest.mark.parametrize("act", [retire, restore, unmark_gold])
def test_comparisons_of_other_campaigns_are_not_found(cast: Cast, act: Any) -> None:
    stock(cast.foreign, 1)

    with pytest.raises(NotFound):
        act(**{**deciding(only(cast.foreign)), "campaign": cast.campaign})

"""Known answers, retirement, and the way back."""

from datetime import timedelta
from typing import Any

import pytest

from labeling.accounts.models import AuditEvent, User
from labeling.assignment.enums import AssignmentState, ComparisonState, Kind
from labeling.assignment.known_answers import ranks_fault
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
from labeling.clock import database_now
from labeling.errors import Invalid, NotFound
from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup
from labeling.prompts.models import Prompt
from labeling.ranking.models import Judgment
from labeling.ranking.services import skip_comparison
from tests.factories import Cast, make_campaign, make_member
from tests.stock import claim, claims, judge, next_for, stock

pytestmark = pytest.mark.django_db


def only(campaign: Campaign) -> Comparison:
    return Comparison.objects.select_related("lane").get(campaign=campaign)


def mark(comparison: Comparison, ranks: Any = (1, 2)) -> Comparison:
    return mark_gold(**deciding(comparison), ranks=ranks)


def deciding(comparison: Comparison) -> dict[str, Any]:
    campaign = comparison.campaign
    now = database_now()
    return {
        "campaign": campaign, "comparison_id": comparison.pk, "by": campaign.created_by, "now": now
    }  # fmt: skip


def skip(campaign: Campaign, person: User, **fields: Any) -> Assignment:
    held = claim(campaign, person)
    skip_comparison(
        campaign=campaign,
        annotator=person,
        assignment_id=held.pk,
        token=held.token,
        reason="broken",
        now=database_now(),
    )
    return held


def always_gold(campaign: Campaign) -> None:
    """Let every lease be drawn to be a known answer, as far as the database allows it."""
    Allocation.objects.filter(campaign=campaign).update(gold_percent=50)


@pytest.mark.parametrize(
    ("ranks", "place"),
    [
        ([1], "2 responses"),
        ([1, 2, 3], "2 responses"),
        ([0, 1], "from 1"),
        ([1, 3], "to 2"),
        ([2, 2], "Leave no rank out"),
    ],
)
def test_known_answer_that_does_not_hold_says_why(ranks: list[int], place: str) -> None:
    assert place in (ranks_fault(ranks, size=2, tie_allowed=True) or "")


@pytest.mark.parametrize("ranks", [[1, 2], [2, 1], [1, 1]])
def test_known_answer_that_people_can_give_holds(ranks: list[int]) -> None:
    assert ranks_fault(ranks, size=2, tie_allowed=True) is None


def test_level_answer_is_refused_where_nobody_may_tie() -> None:
    assert "ties" in (ranks_fault([1, 1, 2], size=3, tie_allowed=False) or "")
    assert ranks_fault([2, 1, 3], size=3, tie_allowed=False) is None


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


def test_several_skips_retire_it_and_restore_hands_it_out_first() -> None:
    campaign = make_campaign(overlap=3)
    stock(campaign, 1)
    comparison = only(campaign)
    for _ in range(3):
        skip(campaign, make_member(campaign))
    assert only(campaign).state == ComparisonState.RETIRED
    stock(campaign, 5)

    restored = restore(**deciding(comparison))

    assert (restored.state, restored.skips, restored.open_slots) == (ComparisonState.OPEN, 0, 3)
    assert claim(campaign, make_member(campaign)).comparison_id == comparison.pk


def test_restored_comparison_survives_a_changed_policy_and_a_change_of_mind() -> None:
    campaign = make_campaign(overlap=3)
    stock(campaign, 1)
    people = [make_member(campaign) for _ in range(3)]
    held = [skip(campaign, person) for person in people]
    comparison = restore(**deciding(only(campaign)))
    Campaign.objects.filter(pk=campaign.pk).update(overlap=4)
    plan_comparisons(campaign_id=campaign.pk)

    latest = Judgment.objects.get(assignment=held[0])
    judge(campaign, people[0], held[0], revises=latest.pk)

    comparison.refresh_from_db()
    assert (comparison.state, comparison.skips, comparison.judged) == (ComparisonState.OPEN, 0, 1)
    assert comparison.wanted == 4


def test_whoever_skipped_is_not_given_it_again() -> None:
    campaign = make_campaign(overlap=3)
    stock(campaign, 1)
    person = make_member(campaign)
    skip(campaign, person)
    retire(**deciding(only(campaign)))
    restore(**deciding(only(campaign)))

    assert next_for(campaign, person) is None


def test_retired_comparison_keeps_live_leases_and_takes_late_answers(cast: Cast) -> None:
    stock(cast.campaign, 1)
    held, late = claim(cast.campaign, cast.annotator), claim(cast.campaign, cast.teammate)

    retire(**deciding(only(cast.campaign)))

    assert next_for(cast.campaign, cast.reviewer) is None
    renewed = claim(cast.campaign, cast.annotator)
    assert renewed.pk == held.pk
    judge(cast.campaign, cast.annotator, held)
    Assignment.objects.filter(pk=late.pk).update(expires_at=database_now() - timedelta(hours=1))
    judgment = judge(cast.campaign, cast.teammate, late)
    assert Judgment.objects.get(pk=judgment).counted
    comparison = only(cast.campaign)
    assert (comparison.state, comparison.judged) == (ComparisonState.RETIRED, 2)


def test_retire_gives_back_what_is_kept_for_people(cast: Cast) -> None:
    stock(cast.campaign, 1)
    direct(**deciding(only(cast.campaign)), people=[cast.annotator, cast.teammate])

    comparison = retire(**deciding(only(cast.campaign)))

    assert (comparison.wanted, comparison.open_slots) == (3, 3)
    assert set(Assignment.objects.values_list("state", flat=True)) == {AssignmentState.RELEASED}
    assert next_for(cast.campaign, cast.annotator) is None


def test_retire_and_restore_are_written_down_once(cast: Cast) -> None:
    stock(cast.campaign, 1)
    for act in (retire, retire, restore, restore):
        act(**deciding(only(cast.campaign)))

    events = AuditEvent.objects.filter(action__startswith="comparison.").order_by("pk")
    assert [(event.action, event.actor) for event in events] == [
        ("comparison.retired", cast.manager),
        ("comparison.restored", cast.manager),
    ]


@pytest.mark.parametrize("act", [retire, restore, unmark_gold])
def test_comparisons_of_other_campaigns_are_not_found(cast: Cast, act: Any) -> None:
    stock(cast.foreign, 1)

    with pytest.raises(NotFound):
        act(**{**deciding(only(cast.foreign)), "campaign": cast.campaign})

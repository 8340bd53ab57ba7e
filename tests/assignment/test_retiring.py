"""Comparisons that several people skip are retired; managers retire and restore."""

from datetime import timedelta

import pytest

from labeling.accounts.models import AuditEvent
from labeling.assignment.enums import AssignmentState, ComparisonState
from labeling.assignment.models import Assignment
from labeling.assignment.services.directing import direct
from labeling.assignment.services.marking import (
    restore,
    retire,
)
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.ranking.models import Judgment
from tests.assignment.deciding import deciding, only, skip
from tests.factories import Cast, make_campaign, make_member
from tests.stock import claim, judge, next_for, stock

pytestmark = pytest.mark.django_db


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


def test_retire_gives_back_what_is_kept_of_one_that_skips_have_retired() -> None:
    campaign = make_campaign(overlap=3)
    stock(campaign, 1)
    asked = make_member(campaign)
    direct(**deciding(only(campaign)), people=[asked])
    for _ in range(3):
        skip(campaign, make_member(campaign))
    assert only(campaign).state == ComparisonState.RETIRED

    retire(**deciding(only(campaign)))

    assert Assignment.objects.get(annotator=asked).state == AssignmentState.RELEASED
    assert next_for(campaign, asked) is None
    assert AuditEvent.objects.filter(action="comparison.retired").count() == 1


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

"""Managers keep comparisons for people by name; capacity stays exact."""

from collections.abc import Sequence

import pytest

from labeling.accounts.models import AuditEvent, User
from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.services.claiming import Why
from labeling.assignment.services.directing import (
    AlreadyBegun,
    NotHandedOut,
    bar,
    direct,
    free_departed,
    withdraw,
)
from labeling.assignment.services.leases import expire_leases
from labeling.assignment.services.marking import mark_gold, restore, retire
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.models import Campaign, Membership
from labeling.clock import database_now
from labeling.errors import Invalid, NotFound
from labeling.ranking.models import Judgment
from tests.assignment.deciding import deciding
from tests.factories import Cast, make_campaign, make_member
from tests.stock import claim, claims, judge, next_for, stock

pytestmark = pytest.mark.django_db


def keep(campaign: Campaign, comparison: Comparison, *people: User) -> Comparison:
    return direct(**{**deciding(comparison), "campaign": campaign}, people=people)


def take_back(campaign: Campaign, comparison: Comparison, *people: User) -> Comparison:
    return withdraw(**{**deciding(comparison), "campaign": campaign}, people=people)


def last(campaign: Campaign) -> Comparison:
    """Return the comparison that the queue comes to last."""
    return Comparison.objects.filter(campaign=campaign).order_by("-position")[0]


def slots(comparison: Comparison) -> tuple[int, int, int]:
    comparison.refresh_from_db()
    return comparison.wanted, comparison.open_slots, comparison.judged


def reasons(refusal: pytest.ExceptionInfo[Invalid]) -> Sequence[str]:
    found: Sequence[str] = refusal.value.data["fields"]["members"]
    return found


def test_what_is_kept_for_a_person_is_the_next_they_are_given(cast: Cast) -> None:
    stock(cast.campaign, 5)
    comparison = last(cast.campaign)

    keep(cast.campaign, comparison, cast.annotator)

    assert slots(comparison) == (3, 2, 0)
    given = claim(cast.campaign, cast.annotator)
    assert (given.comparison_id, given.state) == (comparison.pk, AssignmentState.LIVE)
    assert sorted(given.display_order) == [0, 1]
    assert slots(comparison) == (3, 2, 0)


def test_answer_to_what_was_kept_counts(cast: Cast) -> None:
    stock(cast.campaign, 1)
    comparison = keep(cast.campaign, last(cast.campaign), cast.annotator)

    judgment = judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))

    assert Judgment.objects.get(pk=judgment).counted
    assert slots(comparison) == (3, 2, 1)


def test_nobody_else_is_given_a_slot_that_is_kept() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    named, other = make_member(campaign), make_member(campaign)

    keep(campaign, last(campaign), named)

    assert claims(campaign, other).why == Why.NOTHING_LEFT
    assert next_for(campaign, named) is not None


def test_more_are_wanted_when_no_slot_is_free() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    comparison = last(campaign)
    judge(campaign, first := make_member(campaign), claim(campaign, first))
    named = [make_member(campaign) for _ in range(2)]

    keep(campaign, comparison, *named)

    assert slots(comparison) == (3, 0, 1)
    for person in named:
        judge(campaign, person, claim(campaign, person))
    assert slots(comparison) == (3, 0, 3)


def test_planning_again_takes_no_slot_from_whom_it_is_kept_for() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    comparison = last(campaign)
    keep(campaign, comparison, make_member(campaign), make_member(campaign))

    Campaign.objects.filter(pk=campaign.pk).update(overlap=2)
    plan_comparisons(campaign_id=campaign.pk)

    assert slots(comparison) == (2, 0, 0)


def test_directing_the_same_person_twice_keeps_one_slot(cast: Cast) -> None:
    stock(cast.campaign, 1)
    comparison = last(cast.campaign)

    for _ in range(2):
        keep(cast.campaign, comparison, cast.annotator, cast.annotator)

    assert slots(comparison) == (3, 2, 0)
    assert AuditEvent.objects.filter(action="comparison.directed").count() == 1


def test_whoever_holds_it_already_keeps_their_lease(cast: Cast) -> None:
    stock(cast.campaign, 1)
    held = claim(cast.campaign, cast.annotator)

    keep(cast.campaign, last(cast.campaign), cast.annotator)

    held.refresh_from_db()
    assert held.state == AssignmentState.LIVE
    assert slots(last(cast.campaign)) == (3, 2, 0)


def test_whoever_let_it_lapse_can_be_named_and_sees_the_same_order(cast: Cast) -> None:
    stock(cast.campaign, 1)
    held = claim(cast.campaign, cast.annotator)
    expire_leases(now=held.expires_at)

    keep(cast.campaign, last(cast.campaign), cast.annotator)

    again = claim(cast.campaign, cast.annotator)
    assert (again.pk, again.display_order) == (held.pk, held.display_order)
    assert again.token != held.token


def test_orders_of_what_is_kept_are_balanced_like_any(cast: Cast) -> None:
    stock(cast.campaign, 6)
    for comparison in Comparison.objects.order_by("pk"):
        keep(cast.campaign, comparison, cast.annotator)

    firsts = [order[0] for order in Assignment.objects.values_list("display_order", flat=True)]

    assert sorted(firsts) == [0, 0, 0, 1, 1, 1]


def test_people_who_may_not_judge_it_are_named_and_nothing_is_kept(cast: Cast) -> None:
    stock(cast.campaign, 1)
    comparison = last(cast.campaign)
    judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))
    bar(cast.campaign, [(comparison, cast.reviewer.pk)])

    with pytest.raises(Invalid) as refusal:
        keep(
            cast.campaign,
            comparison,
            cast.teammate,
            cast.annotator,
            cast.reviewer,
            cast.stranger,
        )

    assert sorted(reasons(refusal)) == [
        "annotator has judged it.",
        "reviewer wrote one of its responses.",
        "stranger is not a member of the campaign.",
    ]
    assert slots(comparison) == (3, 2, 1)
    assert not AuditEvent.objects.filter(action="comparison.directed").exists()


def test_retired_comparison_is_kept_for_nobody(cast: Cast) -> None:
    stock(cast.campaign, 1)
    comparison = last(cast.campaign)
    retire(**deciding(comparison))

    with pytest.raises(NotHandedOut):
        keep(cast.campaign, comparison, cast.annotator)
    restore(**deciding(comparison))
    keep(cast.campaign, comparison, cast.annotator)

    assert slots(comparison) == (3, 2, 0)


def test_comparison_with_a_known_answer_is_kept_for_nobody(cast: Cast) -> None:
    stock(cast.campaign, 1)
    comparison = last(cast.campaign)
    mark_gold(**deciding(comparison), ranks=[1, 2])

    with pytest.raises(NotHandedOut):
        keep(cast.campaign, comparison, cast.annotator)


def test_comparison_of_another_campaign_is_not_found(cast: Cast) -> None:
    stock(cast.foreign, 1)
    for act in (keep, take_back):
        with pytest.raises(NotFound):
            act(cast.campaign, last(cast.foreign), cast.annotator)


def test_withdraw_gives_the_slot_back_to_everybody() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    comparison, named, other = last(campaign), make_member(campaign), make_member(campaign)
    keep(campaign, comparison, named)

    for _ in range(2):
        take_back(campaign, comparison, named)

    assert slots(comparison) == (1, 1, 0)
    assert claim(campaign, other).comparison_id == comparison.pk
    assert AuditEvent.objects.filter(action="comparison.withdrawn").count() == 1


def test_withdraw_wants_no_more_than_the_policy_again() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    comparison, named = last(campaign), make_member(campaign)
    judge(campaign, first := make_member(campaign), claim(campaign, first))
    keep(campaign, comparison, named)

    take_back(campaign, comparison, named)

    assert slots(comparison) == (1, 0, 1)


def test_withdraw_is_refused_once_the_person_has_begun(cast: Cast) -> None:
    stock(cast.campaign, 1)
    comparison = keep(cast.campaign, last(cast.campaign), cast.annotator)
    claim(cast.campaign, cast.annotator)

    with pytest.raises(AlreadyBegun):
        take_back(cast.campaign, comparison, cast.annotator)
    assert slots(comparison) == (3, 2, 0)


def test_what_was_kept_for_somebody_who_left_goes_back(cast: Cast) -> None:
    stock(cast.campaign, 1)
    comparison = keep(cast.campaign, last(cast.campaign), cast.annotator, cast.teammate)
    Membership.objects.get(campaign=cast.campaign, user=cast.annotator).delete()

    assert free_departed(now=database_now()) == 1
    assert free_departed(now=database_now()) == 0

    assert slots(comparison) == (3, 2, 0)
    states = Assignment.objects.values_list("annotator", "state")
    assert dict(states) == {
        cast.annotator.pk: AssignmentState.RELEASED,
        cast.teammate.pk: AssignmentState.RESERVED,
    }


def test_directing_is_written_down(cast: Cast) -> None:
    stock(cast.campaign, 1)
    comparison = keep(cast.campaign, last(cast.campaign), cast.annotator)

    event = AuditEvent.objects.get(action="comparison.directed")
    assert (event.actor, event.target) == (cast.manager, f"comparison:{comparison.pk}")
    assert event.data == {"campaign": cast.campaign.pk, "people": [cast.annotator.pk]}

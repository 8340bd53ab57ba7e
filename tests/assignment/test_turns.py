"""Managers hand a comparison out before others or after them."""

import pytest

from labeling.accounts.models import AuditEvent
from labeling.assignment.enums import Turn
from labeling.assignment.models import Comparison
from labeling.assignment.services.lanes import advance_heads
from labeling.assignment.services.leases import expire_leases
from labeling.assignment.services.marking import mark_gold, restore, retire, set_turn, unmark_gold
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.errors import NotFound
from tests.assignment.deciding import deciding, only
from tests.factories import Cast, make_campaign, make_member
from tests.stock import claim, claims, stock

pytestmark = pytest.mark.django_db


def in_order(campaign: Campaign) -> list[Comparison]:
    """Return a campaign's comparisons in the order of their places."""
    return list(Comparison.objects.filter(campaign=campaign).order_by("position"))


def given_to_somebody_new(campaign: Campaign) -> list[int]:
    """Return what a new member is given, in order."""
    held = claims(campaign, make_member(campaign), hold=10).assignments
    return [each.comparison_id for each in held]


def test_set_turn_hands_out_before_others_after_all_others_and_as_usual_again(cast: Cast) -> None:
    stock(cast.campaign, 5)
    one, two, three, four, five = in_order(cast.campaign)

    set_turn(**deciding(four), turn=Turn.FIRST)
    set_turn(**deciding(one), turn=Turn.LAST)
    changed = given_to_somebody_new(cast.campaign)
    for each in (four, one):
        set_turn(**deciding(each), turn=Turn.USUAL)

    assert changed == [each.pk for each in (four, two, three, five, one)]
    assert given_to_somebody_new(cast.campaign) == [
        each.pk for each in (one, two, three, four, five)
    ]


def test_set_turn_is_found_before_the_head_of_its_new_lane(cast: Cast) -> None:
    stock(cast.campaign, 3)
    low, middle, high = in_order(cast.campaign)
    set_turn(**deciding(high), turn=Turn.FIRST)
    assert advance_heads(now=database_now()) == 2

    set_turn(**deciding(low), turn=Turn.FIRST)

    assert given_to_somebody_new(cast.campaign) == [low.pk, high.pk, middle.pk]


def test_what_was_begun_is_finished_first_whatever_its_turn() -> None:
    campaign = make_campaign(overlap=1)
    stock(campaign, 3)
    begun = claim(campaign, make_member(campaign))
    other = Comparison.objects.exclude(pk=begun.comparison_id)[0]

    set_turn(**deciding(begun.comparison), turn=Turn.LAST)
    set_turn(**deciding(other), turn=Turn.FIRST)
    expire_leases(now=begun.expires_at)

    assert given_to_somebody_new(campaign)[:2] == [begun.comparison_id, other.pk]


def test_set_turn_holds_through_retirement_and_a_known_answer(cast: Cast) -> None:
    stock(cast.campaign, 1)
    comparison = set_turn(**deciding(only(cast.campaign)), turn=Turn.FIRST)

    mark_gold(**deciding(comparison), ranks=[1, 2])
    unmark_gold(**deciding(comparison))
    retire(**deciding(comparison))
    restore(**deciding(comparison))

    assert only(cast.campaign).lane.priority == -1


def test_set_turn_is_in_the_audit_log_once(cast: Cast) -> None:
    stock(cast.campaign, 1)

    for _ in range(2):
        set_turn(**deciding(only(cast.campaign)), turn=Turn.LAST)

    event = AuditEvent.objects.get(action="comparison.turn_set")
    assert (event.actor, event.target) == (cast.manager, f"comparison:{only(cast.campaign).pk}")
    assert (event.data["before"], event.data["after"]) == ("usual", "last")


def test_set_turn_of_another_campaigns_comparison_is_not_found(cast: Cast) -> None:
    stock(cast.foreign, 1)

    with pytest.raises(NotFound):
        set_turn(**{**deciding(only(cast.foreign)), "campaign": cast.campaign}, turn=Turn.FIRST)

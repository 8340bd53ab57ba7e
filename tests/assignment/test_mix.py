"""What one person is given: balanced sides, hidden repeats, known answers, all at their rates."""

import math
from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest

from labeling.accounts.models import User
from labeling.assignment.draws import REPEAT_AFTER
from labeling.assignment.enums import AssignmentState, Kind
from labeling.assignment.models import Allocation, Assignment, Comparison
from labeling.assignment.services.leases import expire_leases, release_all
from labeling.assignment.services.marking import mark_gold
from labeling.assignment.services.taking import LOOK_AGAIN_AFTER
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from tests.assignment.groups import SURE
from tests.factories import add_person, make_campaign, make_user
from tests.stock import claims, stock

pytestmark = [pytest.mark.once, pytest.mark.django_db]
RESPONSES = ("a", "b", "c", "d")
SEED, FIRST_PERSON = 7, 1_000_000


def prepared(
    prompts: int, *, people: int, known: int = 0, size: int = 2, **rates: int
) -> tuple[Campaign, list[User]]:
    """Return a campaign with work for some people, who may do all of it, and these people.

    What people are given is drawn from the campaign's seed and their number, so both are fixed.
    """
    campaign = make_campaign(overlap=people, candidates_per_comparison=size)
    Campaign.objects.filter(pk=campaign.pk).update(shuffle_seed=SEED)
    campaign.refresh_from_db()
    stock(campaign, prompts, texts=RESPONSES[:size])
    for comparison in Comparison.objects.order_by("id")[:known]:
        mark_gold(
            campaign=campaign,
            comparison_id=comparison.pk,
            ranks=(1, 2),
            by=campaign.created_by,
            now=database_now(),
        )
    Allocation.objects.filter(campaign=campaign).update(share_limit=None, **rates)
    team = [make_user(id=FIRST_PERSON + number) for number in range(people)]
    for user in team:
        add_person(campaign, user)
    return campaign, team


def work_through(campaign: Campaign, annotator: User, leases: int) -> list[Assignment]:
    """Claim ten at a time and answer them all, until so many were given; return them in order."""
    given = Assignment.objects.filter(annotator=annotator)
    for _ in range(leases // 10):
        assert len(claims(campaign, annotator, hold=10).assignments) == 10
        given.filter(state=AssignmentState.LIVE).update(
            state=AssignmentState.SUBMITTED, ended_at=database_now()
        )
    return list(given.order_by("ordinal"))


def answer_one_of(
    hold: int, campaign: Campaign, annotator: User, *, turns: int
) -> list[Assignment]:
    """Claim so many each time, answer the first and give the others back or let them run out.

    Return all that were given, in the order in which the person saw them first.
    """
    given, now = Assignment.objects.filter(annotator=annotator), database_now()
    for _ in range(turns):
        now += 2 * LOOK_AGAIN_AFTER
        first, *others = claims(campaign, annotator, now, hold=hold).assignments
        given.filter(pk=first.pk).update(state=AssignmentState.SUBMITTED, ended_at=now, answers=1)
        tokens = {each.pk: each.token for each in others[1:]}
        release_all(campaign=campaign, annotator=annotator, tokens=tokens, now=now)
        expire_leases(now=first.expires_at)
    return list(given.order_by("pk"))


def leads(orders: list[list[int]]) -> Iterator[int]:
    """Yield, after each order, by how often the likeliest slot of a place leads the unlikeliest."""
    size = len(orders[0])
    stood = Counter(dict.fromkeys(product(range(size), repeat=2), 0))
    for order in orders:
        stood.update(enumerate(order))
        yield max(stood.values()) - min(stood.values())


def repeats_of(given: list[Assignment]) -> list[tuple[Assignment, Assignment]]:
    """Return each hidden repeat with the lease that it repeats."""
    work = {each.comparison_id: each for each in given if each.kind == Kind.WORK}
    return [(work[each.comparison_id], each) for each in given if each.kind == Kind.REPEAT]


def close_to(count: int, tries: int, chance: float) -> bool:
    """Tell whether a count is inside the binomial interval around its expectation."""
    return abs(count - tries * chance) <= SURE * math.sqrt(tries * chance * (1 - chance))


@pytest.mark.parametrize("size", [2, 3, 4])
def test_each_response_stands_at_each_place_equally_often_for_each_person(size: int) -> None:
    campaign, people = prepared(
        330, people=5, size=size, known=20 * (size == 2), gold_percent=5 * (size == 2)
    )
    for annotator in people:
        given = work_through(campaign, annotator, 300)
        lead = list(leads([each.display_order for each in given if each.kind != Kind.REPEAT]))

        assert max(lead) == 1
        assert set(lead[size - 1 :: size]) == {0}
    # Repeats came between, and known answers among pairs; they did not upset the balance.
    kinds = set(Assignment.objects.values_list("kind", flat=True))
    assert kinds == {Kind.WORK, Kind.REPEAT} | ({Kind.GOLD} if size == 2 else set())


def test_sides_stay_balanced_however_often_leases_come_back() -> None:
    campaign, people = prepared(60, people=3, repeat_percent=20)
    for annotator in people:
        given = answer_one_of(4, campaign, annotator, turns=40)
        orders = [each.display_order for each in given if each.kind != Kind.REPEAT]

        assert len(orders) >= 40
        assert max(leads(orders)) == 1


def test_sides_are_stored_as_they_were_given_and_drawn_for_each_person_anew() -> None:
    campaign, people = prepared(60, people=12)
    stored = Counter(
        (each.comparison_id, each.display_order[0])
        for annotator in people
        for each in work_through(campaign, annotator, 50)
    )
    given = claims(campaign, people[0], hold=3).assignments

    by_all = {pair for pair, _ in stored if stored[pair, 0] + stored[pair, 1] == len(people)}
    firsts = Counter(stored[pair, 0] for pair in by_all)
    assert len(by_all) >= 40
    assert firsts[0] + firsts[12] < 3  # nobody's sides follow another's
    assert close_to(sum(stored[pair, 0] for pair in by_all), 12 * len(by_all), 1 / 2)
    assert [each.display_order for each in given] == [
        Assignment.objects.get(pk=each.pk).display_order for each in given
    ]


def test_hidden_repeats_come_at_their_rate_long_after_and_with_sides_swapped() -> None:
    campaign, people = prepared(620, people=10)
    given = {annotator: work_through(campaign, annotator, 600) for annotator in people}
    repeats = [pair for leases in given.values() for pair in repeats_of(leases)]

    assert campaign.allocation.repeat_percent == 4
    assert 0.03 <= len(repeats) / (10 * (600 - REPEAT_AFTER)) <= 0.05
    assert min(again.ordinal - first.ordinal for first, again in repeats) >= 50
    assert all(again.display_order == first.display_order[::-1] for first, again in repeats)
    assert len({first.pk for first, _ in repeats}) == len(repeats)
    assert max(first.ordinal for first, _ in repeats) > 300  # not only what was done first


def test_leases_given_back_bring_no_hidden_repeat_nearer() -> None:
    campaign, (annotator,) = prepared(200, people=1, repeat_percent=20)
    repeats = repeats_of(answer_one_of(3, campaign, annotator, turns=170))

    answers = Assignment.objects.filter(kind=Kind.WORK, state=AssignmentState.SUBMITTED)
    assert len(repeats) > 10
    for first, again in repeats:
        between = answers.filter(ended_at__gt=first.ended_at, ended_at__lt=again.leased_at)
        assert between.count() >= REPEAT_AFTER


def test_work_answered_late_or_changed_is_not_repeated_before_as_much_came_after() -> None:
    campaign, (annotator,) = prepared(240, people=1, repeat_percent=0)
    work_through(campaign, annotator, 120)
    Assignment.objects.filter(ordinal__lt=70).update(ended_at=database_now())
    Allocation.objects.filter(campaign=campaign).update(repeat_percent=20)

    given = work_through(campaign, annotator, 120)

    changed = [again.ordinal for first, again in repeats_of(given) if first.ordinal < 70]
    assert changed
    assert min(changed) >= 120 + REPEAT_AFTER


def test_hidden_repeats_and_known_answers_take_no_slot_and_come_once() -> None:
    campaign, people = prepared(260, people=4, known=50, gold_percent=10)
    given = [each for annotator in people for each in work_through(campaign, annotator, 200)]
    open_slots = dict(Comparison.objects.values_list("pk", "open_slots"))
    taken = Counter(each.comparison_id for each in given if each.kind == Kind.WORK)
    gold = set(Comparison.objects.filter(gold__isnull=False).values_list("pk", flat=True))

    assert all(open_slots[pk] == (1 if pk in gold else 4 - taken[pk]) for pk in open_slots)
    assert {each.kind for each in given} == set(Kind)
    assert {each.comparison_id in gold for each in given if each.kind == Kind.GOLD} == {True}
    assert {each.comparison_id in gold for each in given if each.kind != Kind.GOLD} == {False}
    once = Counter((each.comparison_id, each.annotator_id, each.kind) for each in given)
    assert set(once.values()) == {1}


@pytest.mark.parametrize("percent", [0, 5, 20])
def test_known_answers_come_at_the_rate_that_the_campaign_sets(percent: int) -> None:
    campaign, people = prepared(440, people=5, known=110, gold_percent=percent, repeat_percent=0)
    kinds = Counter(
        each.kind for annotator in people for each in work_through(campaign, annotator, 300)
    )

    assert kinds.total() == 1500
    assert close_to(kinds[Kind.GOLD], 1500, percent / 100)
    assert kinds[Kind.REPEAT] == 0

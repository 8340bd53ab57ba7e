"""People answer while values are estimated: capacity stays exact, and no value is left stale."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection
from django.db.models import Count, F, Q

from labeling.accounts.models import User
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.policies import BEGIN_WITH, wanted
from labeling.assignment.services.capacity import rule_of
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.quality.services.valuing import estimate_vote_values
from labeling.quality.vote_value import value_of
from tests.assignment.valued import allocate
from tests.factories import make_campaign, make_member
from tests.stock import judge, next_for, stock

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, PROMPTS = 6, 30


def work(campaign: Campaign, person: User) -> None:
    """Claim and answer until nothing is left, and change every third answer."""
    drawn = random.Random(person.pk)
    try:
        while found := next_for(campaign, person):
            held = Assignment.objects.get(pk=found.pk)
            given = judge(campaign, person, held, ranks=drawn.choice([(1, 2), (2, 1)]))
            if drawn.random() < 1 / 3:
                judge(campaign, person, held, ranks=drawn.choice([(1, 2), (2, 1)]), revises=given)
    finally:
        connection.close()


def estimate(done: Event) -> int:
    """Sweep until everybody is done."""
    stored = 0
    try:
        while not done.is_set():
            stored += estimate_vote_values(clock=database_now)
    finally:
        connection.close()
    return stored


def stale() -> list[Comparison]:
    """Return the comparisons whose value is not that of their tally, or that want otherwise.

    One that was locked whenever somebody looked for work may be left with a single judgment, which
    has no value yet.
    """
    rule = rule_of(Campaign.objects.get().allocation, 1)
    return [
        each
        for each in Comparison.objects.all()
        if each.vote_value != (known_value(each) if each.judged >= BEGIN_WITH else None)
        or each.wanted != wanted(rule, key="", tally=each.tally, vote_value=each.vote_value)
    ]


def known_value(comparison: Comparison) -> float:
    return value_of(comparison.tally, size=2, tie_allowed=True, neither_allowed=True)


@pytest.mark.postgres
def test_capacity_and_values_hold_while_people_answer() -> None:
    campaign = make_campaign()
    allocate(campaign, policy="adaptive", share_percent=100)
    stock(campaign, PROMPTS)
    people, done = [make_member(campaign) for _ in range(PEOPLE)], Event()

    with ThreadPoolExecutor(PEOPLE + 2) as pool:
        sweeping = [pool.submit(estimate, done) for _ in range(2)]
        try:
            list(pool.map(lambda person: work(campaign, person), people))
        finally:
            done.set()
        assert sum(each.result() for each in sweeping) > PROMPTS / 2
    estimate_vote_values(clock=database_now)

    held = Count("assignments", filter=Q(assignments__state__in=("live", "reserved")))
    off = Comparison.objects.annotate(held=held).exclude(
        wanted=F("open_slots") + F("judged") + F("held")
    )
    assert list(off) == []
    assert stale() == []

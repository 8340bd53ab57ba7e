"""Managers decide while people work: capacity stays exact, and nobody waits in a circle."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Count, F, Q

from labeling.accounts.models import User
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.services.directing import AlreadyBegun, NotHandedOut, direct, withdraw
from labeling.assignment.services.marking import (
    ComparisonHeld,
    mark_gold,
    restore,
    retire,
    unmark_gold,
)
from labeling.assignment.services.withholding import Reported, review_prompt, withhold
from labeling.campaigns.models import Campaign
from labeling.errors import Invalid
from labeling.ranking.models import Judgment
from tests.assignment.deciding import deciding
from tests.factories import make_campaign, make_member
from tests.stock import judge, next_for, stock

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, PROMPTS, DECISIONS = 5, 30, 60
REFUSALS = (AlreadyBegun, NotHandedOut, ComparisonHeld, Invalid)


def work(campaign: Campaign, person: User) -> None:
    """Claim and answer until nothing is left."""
    try:
        while found := next_for(campaign, person):
            judge(campaign, person, Assignment.objects.get(pk=found.pk))
    finally:
        connection.close()


def decide(campaign: Campaign, people: list[User], seed: int) -> int:
    """Decide something at random of a comparison at random, many times; return how much held."""
    drawn, done = random.Random(seed), 0
    own = Comparison.objects.filter(campaign=campaign)
    comparisons = list(own.select_related("prompt__campaign", "campaign__created_by"))
    try:
        for _ in range(DECISIONS):
            given = deciding(drawn.choice(comparisons))
            named = drawn.sample(people, 2)
            prompt, now, by = drawn.choice(comparisons).prompt, given["now"], given["by"]
            reported = Reported(by=named[0], at=now, judgment_id=1)
            act = drawn.choice(
                [
                    lambda: direct(**given, people=named),  # noqa: B023 - called at once
                    lambda: withdraw(**given, people=named),  # noqa: B023
                    lambda: mark_gold(**given, ranks=[1, 2]),  # noqa: B023
                    lambda: unmark_gold(**given),  # noqa: B023
                    lambda: retire(**given),  # noqa: B023
                    lambda: restore(**given),  # noqa: B023
                    lambda: withhold(prompt=prompt, reported=reported, now=now),  # noqa: B023
                    lambda: review_prompt(prompt=prompt, hand_out=True, by=by, now=now),  # noqa: B023
                ]
            )
            try:
                act()
                done += 1
            except REFUSALS:
                continue
    finally:
        connection.close()
    return done


@pytest.mark.postgres
def test_capacity_stays_exact_while_managers_decide() -> None:
    campaign = make_campaign(overlap=2)
    stock(campaign, PROMPTS)
    people = [make_member(campaign) for _ in range(PEOPLE)]

    with ThreadPoolExecutor(PEOPLE + 2) as pool:
        working = [pool.submit(work, campaign, person) for person in people]
        deciding_ = [pool.submit(decide, campaign, people, seed) for seed in (1, 2)]
        held = sum(each.result() for each in deciding_)
        for each in working:
            each.result()

    assert held > DECISIONS / 2
    taken = Count("assignments", filter=Q(assignments__state__in=("live", "reserved")))
    off = Comparison.objects.annotate(held=taken).exclude(
        wanted=F("open_slots") + F("judged") + F("held")
    )
    assert list(off) == []
    counted = Count("judgments", filter=Q(judgments__counted=True))
    assert list(Comparison.objects.annotate(n=counted).exclude(judged=F("n"))) == []
    assert not Judgment.objects.filter(counted=True).exclude(assignment__kind="work").exists()

"""Many people at once: capacity stays exact on a database with real concurrency."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count, F, Q

from labeling.accounts.models import User
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.services.leases import expire_leases
from labeling.assignment.services.taking import LOOK_AGAIN_AFTER
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.ranking.models import Judgment
from tests.factories import make_campaign, make_member
from tests.stock import judge, next_for, stock

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, PROMPTS, OVERLAP = 8, 40, 3


def work(campaign: Campaign, person: User, after: timedelta = timedelta(0)) -> int:
    """Claim and answer until nothing is left, walking away from one lease in ten."""
    drawn = random.Random(person.pk)
    done = 0
    try:
        while found := next_for(campaign, person, database_now() + after):
            if drawn.random() < 0.1:
                expire_leases(now=database_now() + timedelta(days=1), campaign=campaign)
            judge(campaign, person, Assignment.objects.get(pk=found.pk))
            done += 1
    finally:
        connection.close()
    return done


@pytest.mark.postgres
def test_claims_and_answers_at_once_give_each_comparison_its_overlap_exactly() -> None:
    campaign = make_campaign(overlap=OVERLAP)
    stock(campaign, PROMPTS)
    people = [make_member(campaign) for _ in range(PEOPLE)]

    with ThreadPoolExecutor(PEOPLE) as pool:
        done = sum(pool.map(lambda person: work(campaign, person), people))
    # A claim passes over what another is just taking, so the last in a crowd may have been told
    # that nothing is left too soon. They ask again when they may look again.
    done += sum(work(campaign, person, 2 * LOOK_AGAIN_AFTER) for person in people)

    counted = Counter(Judgment.objects.filter(counted=True).values_list("comparison_id", flat=True))
    assert set(counted.values()) == {OVERLAP}
    assert len(counted) == PROMPTS
    assert Judgment.objects.count() == done
    assert not Comparison.objects.exclude(judged=OVERLAP, open_slots=0).exists()


@pytest.mark.postgres
def test_open_slots_are_wanted_less_live_less_counted_after_a_race() -> None:
    campaign = make_campaign(overlap=5)
    stock(campaign, PROMPTS)
    people = [make_member(campaign) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda person: work(campaign, person), people))

    off = Comparison.objects.annotate(
        live=Count("assignments", filter=Q(assignments__state="live"))
    ).exclude(wanted=F("open_slots") + F("judged") + F("live"))
    assert list(off) == []

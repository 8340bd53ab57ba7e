"""The policy is changed and carried out while an answer waits for its locks."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest
from django.db import connection, transaction

from labeling.assignment.models import Comparison
from labeling.assignment.services.desks import locked_desk
from labeling.assignment.services.fitting import campaigns_to_fit, fit_capacity
from tests.assignment.valued import allocate
from tests.factories import make_campaign, make_member
from tests.stock import claim, judge, stock

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WAITING = """SELECT EXISTS (SELECT FROM pg_locks
  WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"""
LONGEST_WAIT = 20


def elsewhere(act: Callable[[], object]) -> None:
    """Do something on a connection of its own."""
    with closing(connection):
        act()


def wait_until_somebody_waits() -> None:
    """Return when another connection waits for what this one has locked."""
    deadline = time.monotonic() + LONGEST_WAIT
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_answer_that_waited_while_the_policy_was_changed_follows_the_new_one() -> None:
    campaign = make_campaign()
    allocate(campaign, policy="lead")  # begins with two
    stock(campaign, 2)
    person = make_member(campaign)
    held = claim(campaign, person)

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            locked_desk(campaign.pk, person.pk)  # as another tab of theirs does
            answering = pool.submit(elsewhere, partial(judge, campaign, person, held))
            wait_until_somebody_waits()
            pool.submit(elsewhere, partial(allocate, campaign, policy="fixed")).result()
        answering.result()

    assert campaigns_to_fit() == [campaign.pk]
    fit_capacity(campaign_id=campaign.pk)
    assert campaigns_to_fit() == []
    assert set(Comparison.objects.values_list("wanted", flat=True)) == {campaign.overlap}

"""Two windows at once: what is begun, shown and answered is so exactly once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from labeling.clock import database_now
from labeling.training.enums import Use
from labeling.training.models import Attempt, Trial
from labeling.training.services.attempts import open_trial
from labeling.training.services.items import take_item_back
from tests.factories import make_campaign, make_member
from tests.training.setting import aside, begin, say, shown

pytestmark = pytest.mark.django_db(transaction=True)
WINDOWS = 4


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of these at the same moment, each over a connection of its own."""
    ready = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            ready.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_an_attempt_begun_in_several_windows_is_one() -> None:
    campaign = make_campaign()
    aside(campaign, 8)
    person = make_member(campaign)

    begun = at_once(*[lambda: begin(campaign, person)] * WINDOWS)

    assert len({attempt.pk for attempt in begun}) == 1
    assert Attempt.objects.count() == 1


def test_an_item_shown_in_several_windows_is_one() -> None:
    campaign = make_campaign()
    aside(campaign, 8)
    attempt = begin(campaign, make_member(campaign))

    found = at_once(*[lambda: open_trial(attempt=attempt, now=database_now())] * WINDOWS)

    assert len({trial.pk for trial in found}) == 1
    assert Trial.objects.count() == 1


def test_an_item_answered_in_several_windows_keeps_one_answer_that_all_are_told() -> None:
    campaign = make_campaign()
    aside(campaign, 8)
    trial = shown(begin(campaign, make_member(campaign)))

    def window(agrees: bool) -> Callable[[], Trial]:
        return lambda: say(trial, agrees=agrees)

    told = at_once(*[window(at % 2 == 0) for at in range(WINDOWS)])

    kept = Trial.objects.get()
    assert {tuple(each.ranks) for each in told} == {tuple(kept.ranks)}
    assert {each.agrees for each in told} == {kept.agrees}


def test_an_answer_beside_a_taking_back_counts_for_nobody() -> None:
    campaign = make_campaign()
    (item,) = aside(campaign, 1, Use.TRAINING)
    trials = [shown(begin(campaign, make_member(campaign), Use.TRAINING)) for _ in range(3)]

    def answer(trial: Trial) -> Callable[[], Trial]:
        return lambda: say(trial)

    at_once(
        *[answer(trial) for trial in trials],
        lambda: take_item_back(item=item, by=campaign.created_by, now=database_now()),
    )

    answered = Trial.objects.filter(answered_at__isnull=False)
    assert set(answered.values_list("agrees", flat=True)) <= {None}
    assert answered.count() == len(trials)

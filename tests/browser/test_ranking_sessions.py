"""Whatever happens to the network, the tabs and the session: each answer is stored once."""

import random

import pytest
from pytest_django.live_server_helper import LiveServer

from labeling.accounts.models import IdempotencyKey
from labeling.ranking.models import Judgment
from tests.browser.conftest import PageFor
from tests.browser.looks import USUAL, Look
from tests.browser.sessions import Session
from tests.browser.sheets import stocked
from tests.plugin import FULL

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]
SESSIONS = 200 if FULL else 4
# Two tabs show one comparison: the second answer to it is refused, and says so.
SAID = {"already_judged", "lease_replaced"}


@pytest.fixture
def look() -> Look:
    """What can go wrong does not go by how wide a page is."""
    return USUAL


@pytest.mark.parametrize("seed", range(SESSIONS))
def test_nothing_given_is_lost_sent_twice_or_called_saved_too_early(
    page_for: PageFor, live_server: LiveServer, faults: list[str], seed: int
) -> None:
    campaign, user = stocked(30)
    page = page_for(user)
    context = page.context
    page.close()

    session = Session(
        context,
        f"{live_server.url}/campaigns/{campaign.pk}/rank/",
        random.Random(seed),
        context.cookies(),
    )
    session.run()

    books, told = session.books(), session.done
    refused = dict(entry.split(" ") for entry in books["refused"])
    kept = IdempotencyKey.objects.filter(user=user, key__in=books["given"])
    stored = set(kept.values_list("key", flat=True))
    assert set(books["given"]) == stored | set(refused), told
    assert stored.isdisjoint(refused), told
    assert set(refused.values()) <= SAID, told
    assert Judgment.objects.filter(annotator=user).count() == len(stored), told
    assert books["early"] == [], told
    faults.clear()

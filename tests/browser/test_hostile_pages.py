"""Hostile text on the ranking pages: never run, even with one of the two defences switched off."""

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import PageFor
from tests.browser.trap import Trap, escape_nothing
from tests.factories import add_person, make_campaign, make_user
from tests.plugin import FULL
from tests.security.hostile import BEYOND_THE_POLICY, TEXTS
from tests.stock import stock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]
SIZE = 9
# ``make test-faults`` shows every text in each of the ways, the suite a third of them in each.
EVERY = 1 if FULL else 3


def see_all(page_for: PageFor, home: str, texts: Sequence[str], **context: Any) -> list[str]:
    """Open comparisons of all the texts, in guides too; return what was run or asked for."""
    user = make_user()
    trap = Trap(page_for(user, **context), home)
    for start in range(0, len(texts), SIZE):
        shown = [*texts[start : start + SIZE], *texts[: max(0, start + SIZE - len(texts))]]
        campaign = make_campaign(candidates_per_comparison=SIZE, guideline="\n\n".join(shown))
        stock(campaign, 1, texts=shown)
        add_person(campaign, user)
        trap.page.goto(f"/campaigns/{campaign.pk}/rank/")
        read(trap.page)
        trap.provoke()
    return trap.found


def read(page: Page) -> None:
    """Look at the source and back, and open the guide."""
    for key in ("KeyM", "KeyM", "KeyJ"):
        page.keyboard.press(key)


def test_hostile_texts_do_nothing_on_the_page(page_for: PageFor, live_server: LiveServer) -> None:
    assert see_all(page_for, live_server.url, TEXTS[::EVERY]) == []


def test_hostile_texts_do_nothing_without_the_policy(
    page_for: PageFor, live_server: LiveServer
) -> None:
    assert see_all(page_for, live_server.url, TEXTS[EVERY // 3 :: EVERY], bypass_csp=True) == []


def test_hostile_texts_do_nothing_without_the_renderer(
    page_for: PageFor,
    live_server: LiveServer,
    faults: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    escape_nothing(monkeypatch)
    within = [text for text in TEXTS[EVERY * 2 // 3 :: EVERY] if BEYOND_THE_POLICY not in text]

    assert see_all(page_for, live_server.url, within) == []
    assert any(fault.startswith("policy: ") for fault in faults)
    faults.clear()


def test_trap_catches_what_neither_defence_stops(
    page_for: PageFor,
    live_server: LiveServer,
    faults: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    escape_nothing(monkeypatch)
    texts = [text for text in TEXTS if text.startswith(("<script>", "<img"))]

    found = see_all(page_for, live_server.url, texts, bypass_csp=True)

    assert {"executed", "https://trap.invalid/pixel.gif"} <= set(found)
    faults.clear()

"""Hostile text on the ranking pages: never run, even with one of the two defences switched off."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, Request

from labeling.campaigns.models import Campaign
from tests.browser.conftest import PageFor
from tests.factories import make_campaign, make_member
from tests.stock import claim, judge, stock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CORPUS = json.loads((Path(__file__).parent.parent / "security/hostile_texts.json").read_text())
# PostgreSQL stores no NUL; the import refuses it.
TEXTS = [entry["text"].replace("\x00", "") for entry in CORPUS]
SIZE = 9
# Refused inside the browser: by our policy, or by its own rule for SVG from elsewhere.
STOPPED = ("csp", "origin")
# No policy stops a page from leading itself elsewhere; what the renderer removes, it must remove.
BEYOND_THE_POLICY = "http-equiv=refresh"


def see_all(page_for: PageFor, texts: list[str], **context: Any) -> list[str]:
    """Open every comparison of a campaign of hostile texts; return what was run or asked for."""
    found: list[str] = []
    for start in range(0, len(texts), SIZE):
        shown = [*texts[start : start + SIZE], *texts[: max(0, start + SIZE - len(texts))]]
        campaign = make_campaign(candidates_per_comparison=SIZE, guideline="\n\n".join(shown))
        stock(campaign, 1, texts=shown)
        found += see(page_for, campaign, **context)
    return found


def see(page_for: PageFor, campaign: Campaign, **context: Any) -> list[str]:
    user = make_member(campaign)
    page = page_for(user, **context)
    found: list[str] = []
    listen(page, found)
    for path in ("rank/", "rank/previous/"):
        page.goto(f"/campaigns/{campaign.pk}/{path}", wait_until="load")
        poke(page)
        found += page.evaluate("window.__pwned === 1 ? ['executed'] : []")
        if path == "rank/":
            judge(campaign, user, claim(campaign, user))
    page.close()
    return found


def listen(page: Page, found: list[str]) -> None:
    """Note dialogs, and requests to the trap unless the browser stopped them itself."""

    def hear(dialog: Dialog) -> None:
        found.append(dialog.message)
        dialog.dismiss()

    def see_request(request: Request) -> None:
        if "trap.invalid" in request.url and request.failure not in STOPPED:
            found.append(request.url)

    page.on("dialog", hear)
    page.on("requestfinished", see_request)
    page.on("requestfailed", see_request)


def poke(page: Page) -> None:
    """Do what a reader does: source and back, the guide, the pointer over everything."""
    for key in ("KeyM", "KeyM", "KeyJ"):
        page.keyboard.press(key)
    for element in page.locator(".read a, .read [title], .read button, .read summary").all()[:20]:
        element.dispatch_event("mouseover")
        element.dispatch_event("focus")
    page.wait_for_timeout(50)


def test_hostile_texts_do_nothing_on_the_page(page_for: PageFor) -> None:
    assert see_all(page_for, TEXTS) == []


def test_hostile_texts_do_nothing_without_the_policy(page_for: PageFor) -> None:
    assert see_all(page_for, TEXTS, bypass_csp=True) == []


def test_hostile_texts_do_nothing_without_the_renderer(
    page_for: PageFor, faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeling.ranking.queries.html_of", lambda text: text)
    within = [text for text in TEXTS if BEYOND_THE_POLICY not in text]

    assert see_all(page_for, within) == []
    assert any(fault.startswith("policy: ") for fault in faults)
    faults.clear()

"""Hostile text on the ranking pages: never run, even with one of the two defences switched off."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, Request

from tests.browser.conftest import PageFor
from tests.factories import add_person, make_campaign, make_user
from tests.stock import stock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]

CORPUS = json.loads((Path(__file__).parent.parent / "security/hostile_texts.json").read_text())
# PostgreSQL stores no NUL; the import refuses it.
TEXTS = [entry["text"].replace("\x00", "") for entry in CORPUS]
SIZE = 9
# Refused inside the browser: by our policy, or by its own rule for SVG from elsewhere.
STOPPED = ("csp", "origin")
# No policy stops a page from leading itself elsewhere; what the renderer removes, it must remove.
BEYOND_THE_POLICY = "http-equiv=refresh"

TOUCH_EVERYTHING = """
document.querySelectorAll('.read *').forEach((element) => {
  for (const kind of ['mouseover', 'mouseenter', 'focus', 'toggle', 'error', 'load']) {
    element.dispatchEvent(new Event(kind));
  }
});
"""


def see_all(page_for: PageFor, texts: list[str], **context: Any) -> list[str]:
    """Open comparisons of all the texts, in guides too; return what was run or asked for."""
    user = make_user()
    page = page_for(user, **context)
    found: list[str] = []
    listen(page, found)
    for start in range(0, len(texts), SIZE):
        shown = [*texts[start : start + SIZE], *texts[: max(0, start + SIZE - len(texts))]]
        campaign = make_campaign(candidates_per_comparison=SIZE, guideline="\n\n".join(shown))
        stock(campaign, 1, texts=shown)
        add_person(campaign, user)
        page.goto(f"/campaigns/{campaign.pk}/rank/")
        poke(page)
        found += page.evaluate("window.__pwned === 1 ? ['executed'] : []")
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
    """Do what a reader does: source and back, the guide, the pointer and focus on everything."""
    for key in ("KeyM", "KeyM", "KeyJ"):
        page.keyboard.press(key)
    page.evaluate(TOUCH_EVERYTHING)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


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


def test_trap_catches_what_neither_defence_stops(
    page_for: PageFor, faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeling.ranking.queries.html_of", lambda text: text)
    texts = [text for text in TEXTS if text.startswith(("<script>", "<img"))]

    found = see_all(page_for, texts, bypass_csp=True)

    assert {"executed", "https://trap.invalid/pixel.gif"} <= set(found)
    faults.clear()

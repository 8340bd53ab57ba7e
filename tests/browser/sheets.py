"""What tests do on the ranking pages, and what they read off them and out of the database."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.ranking.models import Judgment
from tests.factories import make_campaign, make_member
from tests.stock import stock


def stocked(prompts: int = 3, **fields: Any) -> tuple[Campaign, User]:
    """Make a campaign with pairs to judge, and somebody to judge them."""
    campaign = make_campaign(**fields)
    size = campaign.candidates_per_comparison
    stock(campaign, prompts, texts=("good", "fair", "poor", "bad", "worst")[:size])
    return campaign, make_member(campaign)


def open_rank(page: Page, campaign: Campaign) -> None:
    page.goto(f"/campaigns/{campaign.pk}/rank/")
    settle(page)


def open_stopped(page: Page, campaign: int) -> None:
    """Open the page under a clock that the test turns on."""
    page.goto(f"/campaigns/{campaign}/rank/")
    page.clock.run_for(1_000)
    settle(page)


def answer_stopped(page: Page, key: str) -> None:
    """Answer by key on a page whose clock the test turns on."""
    before = assignment(page)
    page.keyboard.press(key)
    page.clock.run_for(1_000)
    expect_another_task(page, before)


def settle(page: Page) -> None:
    """Wait until the page takes answers: it ignores keys for a moment after each task."""
    expect(page.locator("#main[data-ready]:not([aria-busy])")).to_be_attached()


def press(page: Page, *names: str) -> None:
    """Press keys, each on a task that is ready for it; in the end all answers have arrived."""
    for name in names:
        page.keyboard.press(name)
        settle(page)
    expect_saved(page)


def expect_saved(page: Page) -> None:
    """Wait until every answer given on the page has been taken by the server."""
    expect(page.locator("#save")).to_have_text("Saved")


def assignment(page: Page) -> str:
    return page.get_attribute("#main", "data-assignment") or ""


def expect_another_task(page: Page, before: str) -> None:
    expect(page.locator("#main")).not_to_have_attribute("data-assignment", before)


def expect_said(page: Page, what: str | re.Pattern[str]) -> None:
    """Wait until the page says this under its buttons."""
    expect(page.locator("#said")).to_have_text(what)


def latest(page: Page) -> Judgment:
    """Return the judgment stored last, once every answer given on the page has arrived."""
    expect_saved(page)
    return Judgment.objects.order_by("-id")[0]


def answers() -> int:
    return Judgment.objects.count()


def place_of(letter: str, judgment: Judgment) -> int:
    """Return the stored rank of the response that was shown under a letter."""
    return int(judgment.ranks[judgment.display_order["ABCDE".index(letter)]])

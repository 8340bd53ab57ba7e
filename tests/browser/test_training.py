"""Training and qualification with the keyboard alone, and without a script."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.training.enums import AttemptState, Use
from labeling.training.models import Attempt, Objection, Trial
from tests.browser.conftest import PageFor
from tests.browser.test_accessibility import violations
from tests.factories import make_campaign, make_member
from tests.training.setting import aside, begin, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def set_up(items: int, use: str = Use.TRAINING, **fields: Any) -> tuple[Campaign, User]:
    campaign = make_campaign(**fields)
    aside(campaign, items, use)
    return campaign, make_member(campaign)


def start(page: Page, campaign: Campaign, act: str) -> None:
    page.goto(f"/campaigns/{campaign.pk}/training/")
    page.get_by_role("button", name=act).press("Enter")
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page takes keys."""
    expect(page.locator("#main[data-ready]:not([aria-busy])")).to_be_attached()


def expect_item(page: Page, number: int) -> None:
    expect(page.locator("#progress b")).to_have_text(str(number))
    expect(page.locator("#answer")).to_be_attached()
    settle(page)


def expect_told(page: Page) -> None:
    expect(page.locator("#reference")).to_be_focused()
    settle(page)


def better(trial: Trial) -> str:
    """Return the key that says clearly what the reference says."""
    return "Digit1" if trial.display_order[0] == 0 else "Digit8"


def test_training_by_keyboard_moves_the_focus_there_and_back(page_for: PageFor) -> None:
    campaign, person = set_up(2)
    page = page_for(person)
    start(page, campaign, "Begin the training")

    expect(page.locator(".ask h1")).to_be_focused()
    page.keyboard.press(better(Trial.objects.get()))
    expect_told(page)
    expect(page.locator("#reference")).to_contain_text("Agrees")
    page.keyboard.press("Enter")
    expect_item(page, 2)
    expect(page.locator(".ask h1")).to_be_focused()
    page.keyboard.press("Digit0")
    expect_told(page)
    expect(page.locator("#reference")).to_contain_text("Differs")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="The training is done")).to_be_visible()
    assert Attempt.objects.get().state == AttemptState.ENDED


def test_objection_by_keyboard(page_for: PageFor) -> None:
    campaign, person = set_up(1)
    page = page_for(person)
    start(page, campaign, "Begin the training")
    page.keyboard.press("Digit0")
    expect_told(page)

    page.keyboard.press("KeyN")
    page.keyboard.type("B is false. 1 is not 2.")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Waits for a decision")).to_be_visible()
    assert Objection.objects.get().text == "B is false. 1 is not 2."


def test_qualification_goes_on_where_it_was_after_a_reload(page_for: PageFor) -> None:
    campaign, person = set_up(8, Use.QUALIFICATION)
    page = page_for(person)
    start(page, campaign, "Begin the qualification")
    page.keyboard.press("Digit2")
    expect_item(page, 2)
    before = page.locator(".shown").all_inner_texts()

    page.reload()

    expect_item(page, 2)
    assert page.locator(".shown").all_inner_texts() == before
    assert Trial.objects.filter(answered_at=None).count() == 1


def test_order_of_several_by_keyboard(page_for: PageFor) -> None:
    campaign, person = set_up(1, candidates_per_comparison=3)
    page = page_for(person)
    start(page, campaign, "Begin the training")

    for slot in Trial.objects.get().display_order:
        page.keyboard.press(f"Digit{slot + 1}")
    page.keyboard.press("Enter")

    expect_told(page)
    expect(page.locator("#reference")).to_contain_text("Agrees")


def test_without_a_script_the_form_leads_through(page_for: PageFor) -> None:
    campaign, person = set_up(1)
    page = page_for(person, java_script_enabled=False)
    page.goto(f"/campaigns/{campaign.pk}/training/")
    page.get_by_role("button", name="Begin the training").click()

    page.get_by_label("A is better", exact=True).check(force=True)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("link", name="To the result").click()

    expect(page.get_by_role("heading", name="The training is done")).to_be_visible()


@pytest.mark.once
@pytest.mark.parametrize("size", [2, 3])
def test_every_state_of_an_item_is_accessible(page_for: PageFor, size: int) -> None:
    campaign, person = set_up(1, candidates_per_comparison=size)
    page = page_for(person)
    start(page, campaign, "Begin the training")
    found = violations(page)

    for key in ("Digit1",) if size == 2 else ("Digit1",) * size + ("Enter",):
        page.keyboard.press(key)
    expect_told(page)
    page.keyboard.press("KeyN")
    found += violations(page)

    assert not found, found


@pytest.mark.once
def test_results_and_managers_pages_are_accessible(page_for: PageFor) -> None:
    campaign, person = set_up(30, Use.QUALIFICATION)
    attempt = take(begin(campaign, person), [True, False, False, False, False])
    page, where = page_for(person), f"/campaigns/{campaign.pk}/training/"
    found = ""
    for address in ("", f"attempts/{attempt.pk}/"):
        page.goto(where + address)
        found += violations(page)
    manager = page_for(campaign.created_by)
    for address in ("items/", "plan/", "people/", "objections/"):
        manager.goto(where + address)
        found += violations(manager)

    assert not found, found

"""Texts that are hard to bear: announced, veiled until opened, passed on with one key."""

import pytest
from playwright.sync_api import Page, expect

from labeling.ranking.models import Judgment
from tests.browser.conftest import PageFor
from tests.browser.sheets import (
    answers,
    assignment,
    expect_another_task,
    expect_said,
    latest,
    open_rank,
    settle,
    stocked,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]
WARNING = "Insults and threats."


def blur(page: Page) -> str:
    script = "getComputedStyle(document.querySelector('.resp .read')).filter"
    return str(page.evaluate(script))


def begun(page_for: PageFor, **fields: object) -> Page:
    campaign, user = stocked(3, content_warning=WARNING, **fields)
    page = page_for(user)
    page.goto(f"/campaigns/{campaign.pk}/rank/")
    expect(page.get_by_text(WARNING)).to_be_visible()
    page.get_by_role("button", name="I am ready to read it").click()
    settle(page)
    return page


def test_nothing_is_shown_before_the_warning_is_accepted_and_it_is_asked_once(
    page_for: PageFor,
) -> None:
    page = begun(page_for)

    page.reload()
    settle(page)

    expect(page.locator("#answer")).to_be_attached()


def test_texts_are_veiled_until_a_key_opens_them_and_again_with_the_next(page_for: PageFor) -> None:
    page = begun(page_for)
    assert blur(page) != "none"
    assert page.locator(".resp-b[inert]").count() == 2

    page.keyboard.press("Period")
    assert blur(page) == "none"
    assert page.locator("[inert]").count() == 0
    before = assignment(page)
    page.keyboard.press("Digit2")
    expect_another_task(page, before)

    assert blur(page) != "none"


def test_no_choice_is_saved_unseen_and_it_is_kept_until_the_texts_are_opened(
    page_for: PageFor,
) -> None:
    page = begun(page_for)

    page.keyboard.press("Digit2")
    expect_said(page, "Kept. Show the texts before you save it: press .")
    assert answers() == 0
    page.keyboard.press("Period")
    before = assignment(page)
    page.keyboard.press("Enter")
    expect_another_task(page, before)

    assert latest(page).strength == 3


def test_one_key_passes_on_a_text_unread(page_for: PageFor) -> None:
    page = begun(page_for)
    before = assignment(page)

    page.keyboard.press("Comma")
    expect_another_task(page, before)
    settle(page)

    assert [each.skip_reason for each in Judgment.objects.all()] == ["rather_not"]


def test_without_script_the_veil_lifts_with_the_pointer(page_for: PageFor) -> None:
    campaign, user = stocked(2, content_warning=WARNING)
    page = page_for(user, java_script_enabled=False)
    page.goto(f"/campaigns/{campaign.pk}/rank/")
    page.get_by_role("button", name="I am ready to read it").click()

    page.get_by_text("Show the texts", exact=True).click()

    expect(page.locator("#veil")).to_be_checked()
    expect(page.get_by_text("Veil the texts", exact=True)).to_be_visible()


def test_other_campaigns_have_no_veil_and_their_keys_do_nothing(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    page.keyboard.press("Period")
    page.keyboard.press("Comma")

    assert blur(page) == "none"
    assert answers() == 0

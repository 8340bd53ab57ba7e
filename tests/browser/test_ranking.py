"""Ranking by mouse, by touch and without script; orders of three and more."""

import pytest
from playwright.sync_api import expect

from labeling.ranking.models import Judgment
from tests.browser.conftest import PageFor
from tests.browser.sheets import (
    answers,
    expect_said,
    latest,
    open_rank,
    place_of,
    press,
    settle,
    stocked,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_click_on_the_scale_saves(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    page.locator("input[name=scale][value='8']").click()
    settle(page)

    assert (latest(page).strength, place_of("B", latest(page))) == (4, 1)


def test_arrow_keys_on_the_scale_select_only(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    page.locator("input[name=scale][value='1']").focus()
    press(page, "ArrowRight")
    assert answers() == 0
    press(page, "Enter")

    assert latest(page).strength == 3


def test_phone_shows_one_response_and_takes_two_taps(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user, **PHONE)
    open_rank(page, campaign)

    expect(page.locator(".resp[data-p=B]")).to_be_hidden()
    page.get_by_role("button", name="Response B").tap()
    expect(page.locator(".resp[data-p=B]")).to_be_visible()
    page.locator("input[name=scale][value='7']").tap()
    settle(page)
    assert answers() == 0
    page.get_by_role("button", name="Next").tap()
    settle(page)

    assert (latest(page).strength, place_of("B", latest(page))) == (3, 1)


def test_pairs_work_without_script(page_for: PageFor) -> None:
    campaign, user = stocked(2, criteria=["helpful"])
    page = page_for(user, java_script_enabled=False)
    page.goto(f"/campaigns/{campaign.pk}/rank/")

    page.locator("input[name=scale][value='2']").check()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_have_text("Still to judge: helpful.")
    expect(page.locator("input[name=scale]:checked")).to_have_attribute("value", "2")
    page.get_by_label("Helpful: A is better").check()
    page.get_by_role("button", name="Next").click()
    page.locator("#skip summary").click()
    page.get_by_role("button", name="Something is broken").click()

    expect(page.locator("h1")).to_have_text("All 2 are done")
    assert list(Judgment.objects.order_by("id").values_list("outcome", flat=True)) == [
        *("ranked", "skipped")
    ]


def test_order_works_without_script(page_for: PageFor) -> None:
    campaign, user = stocked(1, candidates_per_comparison=3)
    page = page_for(user, java_script_enabled=False)
    page.goto(f"/campaigns/{campaign.pk}/rank/")

    for letter, rank in zip("ABC", (2, 1, 3), strict=True):
        page.locator(f"input[name=rank-{letter}][value='{rank}']").check()
    page.get_by_role("button", name="Next").click()

    expect(page.locator("h1")).to_have_text("All 1 is done")
    judgment = Judgment.objects.get()
    assert [place_of(letter, judgment) for letter in "ABC"] == [2, 1, 3]


def test_order_takes_a_digit_each_and_enter(page_for: PageFor) -> None:
    campaign, user = stocked(2, candidates_per_comparison=5)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit1", "Digit5", "Digit3", "Digit2", "Digit5")
    assert page.locator("#expr").inner_text() == "A > D > C > B = E"
    press(page, "Enter")

    assert [place_of(letter, latest(page)) for letter in "ABCDE"] == [1, 4, 3, 2, 4]
    expect_said(page, "Saved: A > D > C > B = E Undo")


def test_order_by_mouse_alone(page_for: PageFor) -> None:
    campaign, user = stocked(2, candidates_per_comparison=3)
    page = page_for(user)
    open_rank(page, campaign)

    page.locator("input[name=rank-B][value='1']").click()
    page.locator(".tok[data-c=A]").drag_to(page.locator(".rung[data-r='3']"))
    page.locator(".tok[data-c=C]").click()
    page.locator(".rung[data-r='2']").click()
    assert page.locator("#expr").inner_text() == "B > C > A"
    page.get_by_role("button", name="Next").click()
    settle(page)

    assert [place_of(letter, latest(page)) for letter in "ABC"] == [3, 1, 2]


def test_order_on_the_ladder_by_arrow_keys(page_for: PageFor) -> None:
    campaign, user = stocked(2, candidates_per_comparison=3)
    page = page_for(user)
    open_rank(page, campaign)

    page.locator(".tok[data-c=A]").focus()
    press(page, "ArrowRight", "ArrowLeft")
    page.locator(".tok[data-c=B]").focus()
    press(page, "ArrowLeft")
    press(page, "KeyC", "Alt+ArrowDown")
    assert page.locator("#expr").inner_text() == "B > A > C"
    press(page, "Enter")

    assert [place_of(letter, latest(page)) for letter in "ABC"] == [2, 1, 3]


def test_order_sent_early_leads_to_the_first_one_open(page_for: PageFor) -> None:
    campaign, user = stocked(1, candidates_per_comparison=3)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit1", "Enter")

    expect_said(page, "2 not ranked yet. Starting at B")
    assert answers() == 0


def test_order_undo_takes_moves_back_then_the_last_answer(page_for: PageFor) -> None:
    campaign, user = stocked(2, candidates_per_comparison=3)
    page = page_for(user)
    open_rank(page, campaign)
    press(page, "Digit1", "Digit2", "Digit3", "Enter")
    press(page, "Digit3", "KeyU")
    assert page.locator(".ranks input:checked").count() == 0

    press(page, "KeyU", "Digit2", "KeyB", "Digit1", "Enter")

    assert list(Judgment.objects.order_by("id").values_list("outcome", flat=True)) == [
        *("ranked", "undone", "ranked")
    ]
    assert [place_of(letter, latest(page)) for letter in "ABC"] == [2, 1, 3]

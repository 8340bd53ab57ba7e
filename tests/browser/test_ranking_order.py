"""Putting responses in order without dragging, and saying which are acceptable."""

import pytest
from playwright.sync_api import Page, expect

from labeling.ranking.models import Judgment
from tests.browser.conftest import PageFor
from tests.browser.sheets import answers, expect_said, open_rank, press, settle, stocked

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]


def opened(page_for: PageFor, comparisons: int = 2, **fields: object) -> Page:
    campaign, user = stocked(comparisons, candidates_per_comparison=3, **fields)
    page = page_for(user)
    open_rank(page, campaign)
    return page


def test_buttons_move_the_current_response(page_for: PageFor) -> None:
    page = opened(page_for)

    page.get_by_role("button", name="Move A one rank down").click()
    expect_said(page, "A is 3rd. 2 to go")
    page.get_by_role("button", name="Move A one rank up").click()
    expect_said(page, "A is 2nd. 2 to go")
    page.locator(".card[data-c=B]").click()
    page.get_by_role("button", name="Move B one rank up").click()

    expect_said(page, "B is 1st. 1 to go")


def test_every_button_that_moves_can_be_reached_by_tab(page_for: PageFor) -> None:
    page = opened(page_for)
    page.locator("[data-act=up]").focus()

    page.keyboard.press("Enter")
    expect(page.locator(".rung[data-r='1'] .tok")).to_have_text("A")
    page.keyboard.press("Space")

    expect(page.locator("[data-act=up]")).to_be_focused()


def test_nothing_is_said_of_what_is_acceptable_unless_the_person_does(page_for: PageFor) -> None:
    page = opened(page_for)
    expect(page.locator("#acceptable")).to_have_value("")

    press(page, "Digit1", "Digit2", "Digit3", "Enter")

    assert Judgment.objects.get().acceptable_to is None


def test_brackets_say_which_responses_are_acceptable(page_for: PageFor) -> None:
    page = opened(page_for)
    press(page, "Digit1", "Digit2", "Digit3", "BracketLeft")
    expect_said(page, "Not acceptable: C")
    press(page, "BracketLeft")
    expect_said(page, "Not acceptable: B and C")
    expect(page.locator(".rung.refused")).to_have_count(2)

    press(page, "Enter")

    assert Judgment.objects.get().acceptable_to == 1
    expect_said(page, "Saved: A > B > C. Not acceptable: B and C. Undo")


@pytest.mark.parametrize(
    ("option", "stored", "said"),
    [
        ("All acceptable", 3, "All acceptable"),
        ("Acceptable to 2", 2, "Not acceptable: C"),
        ("None acceptable", 0, "None acceptable"),
    ],
)
def test_last_acceptable_rank_is_chosen_by_pointer(
    page_for: PageFor, option: str, stored: int, said: str
) -> None:
    page = opened(page_for)
    press(page, "Digit1", "Digit2", "Digit3")

    page.get_by_label("The last rank that is acceptable").select_option(option)
    expect_said(page, said)
    page.get_by_role("button", name="Next").click()
    settle(page)

    assert Judgment.objects.get().acceptable_to == stored


@pytest.mark.parametrize(
    ("ranks", "option", "stored"),
    [
        (("Digit2", "Digit3", "Digit3"), "All acceptable", 2),
        (("Digit2", "Digit3", "Digit3"), "Acceptable to 2", 1),
        (("Digit3", "Digit3", "Digit3"), "Acceptable to 2", 0),
        (("Digit3", "Digit3", "Digit3"), "All acceptable", 1),
    ],
)
def test_last_acceptable_rank_follows_the_gaps_that_are_closed(
    page_for: PageFor, ranks: tuple[str, ...], option: str, stored: int
) -> None:
    page = opened(page_for)
    press(page, *ranks)

    page.locator("#acceptable").select_option(option)
    press(page, "Enter")

    assert Judgment.objects.get().acceptable_to == stored


def test_undo_takes_the_line_back_like_any_move(page_for: PageFor) -> None:
    page = opened(page_for)
    press(page, "Digit1", "BracketLeft", "BracketLeft", "KeyU")
    expect(page.locator("#acceptable")).to_have_value("2")

    press(page, "KeyU")

    expect(page.locator("#acceptable")).to_have_value("")
    expect(page.locator(".rung.refused")).to_have_count(0)
    assert answers() == 0


def test_what_is_acceptable_survives_a_reload(page_for: PageFor) -> None:
    page = opened(page_for)
    press(page, "Digit1", "BracketLeft")

    page.reload()
    settle(page)

    expect(page.locator("#acceptable")).to_have_value("2")
    expect(page.locator(".rung.refused")).to_have_count(1)


def test_campaign_without_neither_does_not_ask_what_is_acceptable(page_for: PageFor) -> None:
    page = opened(page_for, neither_allowed=False)

    press(page, "BracketLeft")

    expect(page.locator("#acceptable")).to_have_count(0)
    expect(page.locator(".rung.refused")).to_have_count(0)

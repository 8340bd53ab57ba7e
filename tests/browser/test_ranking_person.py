"""The person at the screen: their own keys, their time, their pauses, their changes of mind."""

import re

import pytest
from playwright.sync_api import Page, expect

from labeling.clock import database_now
from labeling.ranking.services.reporting import withhold_reported
from tests.browser.conftest import PageFor
from tests.browser.sheets import (
    answer_stopped,
    answers,
    assignment,
    expect_another_task,
    expect_said,
    latest,
    open_rank,
    open_stopped,
    press,
    settle,
    stocked,
)
from tests.factories import make_member

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]
HOUR = 3_600_000


def change_key(page: Page, what: str, key: str) -> None:
    """Give an act of the dialog another key."""
    page.keyboard.press("?")
    page.get_by_role("button", name="Change keys").click()
    page.get_by_role("button", name=f"{what}: ").click()
    page.keyboard.press(key)


def test_a_key_can_be_changed_and_its_caps_follow(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    change_key(page, "Skip", "KeyF")
    expect(page.locator("#keys-said")).to_have_text("Skip: F.")
    page.keyboard.press("Escape")
    expect(page.locator("#skip summary kbd")).to_have_text("F")
    page.keyboard.press("KeyK")
    expect(page.locator("#skip")).not_to_have_attribute("open", "")
    page.keyboard.press("KeyF")

    expect(page.locator("#skip .pop")).to_be_visible()


def test_a_key_in_use_changes_places(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    change_key(page, "Skip", "KeyR")
    expect(page.locator("#keys-said")).to_have_text("Skip: R. Report a problem: K.")
    page.keyboard.press("Escape")
    page.reload()
    settle(page)
    page.keyboard.press("KeyK")
    expect(page.locator("#report .pop")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("KeyR")

    expect(page.locator("#skip .pop")).to_be_visible()


def test_answers_follow_keys_that_were_changed(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    open_rank(page, campaign)
    change_key(page, "Neither is acceptable", "KeyF")
    page.keyboard.press("Escape")

    press(page, "KeyF")

    assert latest(page).outcome == "both_bad"
    expect(page.locator(".knot kbd").last).to_have_text("F")


def test_keys_go_back_to_what_they_were(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)
    change_key(page, "Skip", "KeyF")

    page.get_by_role("button", name="As they were").click()
    page.keyboard.press("Escape")
    page.keyboard.press("KeyK")

    expect(page.locator("#skip .pop")).to_be_visible()


def test_a_key_that_cannot_be_used_is_named_and_escape_leaves_it(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    change_key(page, "Skip", "F7")
    expect(page.locator("#keys-said")).to_contain_text("Letters and digits can be used")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("KeyK")

    expect(page.locator("#skip .pop")).to_be_visible()


def test_time_away_from_the_page_is_not_active(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    page.clock.install()
    open_stopped(page, campaign.pk)
    page.clock.run_for(20_000)
    page.evaluate(LEAVE)
    page.clock.run_for(HOUR)
    page.evaluate(RETURN)
    page.clock.run_for(10_000)

    answer_stopped(page, "Digit1")

    judgment = latest(page)
    assert 30_000 <= judgment.active_ms < 60_000
    assert judgment.client["wall_ms"] > HOUR


def test_long_still_reading_counts_whole_for_who_is_still_there(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    page.clock.install()
    open_stopped(page, campaign.pk)

    page.clock.run_for(70_000)
    expect_said(page, "Still reading?")
    page.clock.run_for(110_000)
    answer_stopped(page, "Digit1")

    assert 180_000 <= latest(page).active_ms < 200_000


def test_a_page_left_lying_counts_no_more_than_reading_takes(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    page.clock.install()
    open_stopped(page, campaign.pk)

    page.clock.run_for(HOUR)
    answer_stopped(page, "Digit1")

    assert 60_000 <= latest(page).active_ms < 65_000


def test_a_pause_is_suggested_once_after_fifty_minutes_of_work(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    page.add_init_script(
        "localStorage.setItem('annotate.worked', JSON.stringify({active: 49.99 * 60000, told: 0,"
        " last: Date.now()}))"
    )
    page.clock.install()
    open_stopped(page, campaign.pk)
    page.clock.run_for(30_000)

    answer_stopped(page, "Digit1")

    expect(page.locator("#said")).to_contain_text("50 minutes since your last pause")


def test_changes_of_mind_are_counted(page_for: PageFor) -> None:
    campaign, user = stocked(2, criteria=["helpful"])
    page = page_for(user)
    open_rank(page, campaign)

    for key in ("Digit1", "Digit7", "Digit3"):
        page.keyboard.press(key)
    before = assignment(page)
    page.keyboard.press("KeyQ")
    expect_another_task(page, before)

    assert latest(page).client["changes"] == 2
    assert answers() == 1


def test_ranks_given_by_key_survive_a_reload(page_for: PageFor) -> None:
    campaign, user = stocked(2, candidates_per_comparison=3)
    page = page_for(user)
    open_rank(page, campaign)
    page.keyboard.press("Digit2")
    page.keyboard.press("Digit1")

    page.reload()
    settle(page)

    expect(page.locator(".rung[data-r='1'] .tok")).to_have_text("B")
    expect(page.locator(".rung[data-r='2'] .tok")).to_have_text("A")


LEAVE = "document.hasFocus = () => false; dispatchEvent(new Event('blur'))"
RETURN = "delete document.hasFocus; dispatchEvent(new Event('focus'))"


def test_usual_time_stands_beside_next_and_one_click_hides_it(page_for: PageFor) -> None:
    campaign, user = stocked(8)
    page = page_for(user, viewport={"width": 1440, "height": 900})
    open_rank(page, campaign)
    expect(page.locator("#pace")).to_be_hidden()

    press(page, *["Digit1"] * 5)
    expect(page.locator("#pace")).to_have_text(re.compile(r"^\d+ s each$"))
    page.locator("#pace").click()
    expect(page.locator("#pace")).to_be_hidden()
    page.reload()
    settle(page)
    expect(page.locator("#pace")).to_be_hidden()

    page.keyboard.press("?")
    page.get_by_label("My usual time for one").check()
    expect(page.locator("#pace")).to_be_visible()


def test_reported_personal_data_is_shown_to_nobody_else_until_a_manager_decides(
    page_for: PageFor,
) -> None:
    campaign, user = stocked(1)
    page = page_for(user)
    open_rank(page, campaign)
    page.keyboard.press("KeyR")
    expect(page.locator("#report")).to_contain_text("nobody else is shown this until a manager")
    page.get_by_label("Personal data").check()
    page.keyboard.press("Escape")
    press(page, "Digit1")
    assert latest(page).flags == ["personal_data"]
    withhold_reported(now=database_now())

    other = page_for(make_member(campaign))
    other.goto(f"/campaigns/{campaign.pk}/rank/")
    expect(other.locator("#answer")).to_have_count(0)
    desk = page_for(campaign.created_by)
    desk.goto(f"/campaigns/{campaign.pk}/progress/")
    desk.get_by_role("link", name="Review it").click()
    desk.get_by_role("link", name="Review comparison").click()
    desk.get_by_role("button", name="Hand out again").click()
    expect(desk.locator(".notice.success")).to_contain_text("is handed out again")
    open_rank(other, campaign)

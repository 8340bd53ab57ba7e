"""Answers on their way: without network, without reply, without session; each arrives once."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Route, expect

from tests.browser.conftest import PageFor
from tests.browser.sheets import (
    answers,
    assignment,
    expect_another_task,
    expect_said,
    expect_saved,
    latest,
    open_rank,
    press,
    settle,
    stocked,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]


def test_answer_given_offline_is_kept_and_sent_once(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)
    before = assignment(page)

    page.context.set_offline(True)
    page.keyboard.press("Digit1")
    expect(page.locator("#save")).to_have_text("Offline, 1 kept here")
    assert answers() == 0
    page.context.set_offline(False)
    expect_another_task(page, before)

    expect(page.locator("#save")).to_have_text("Saved")
    assert answers() == 1


# Presses 1 in the very moment in which the page begins to take keys.
PRESS_WHEN_READY = """
    const press = new MutationObserver(() => {
        press.disconnect();
        document.body.dispatchEvent(
            new KeyboardEvent('keydown', {key: '1', code: 'Digit1', bubbles: true}));
    });
    press.observe(document, {subtree: true, attributeFilter: ['data-ready']});
"""


def test_next_one_is_asked_for_before_the_first_key_is_taken(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    page.add_init_script(PRESS_WHEN_READY)
    page.route("**/rank/*/", lambda route: None)  # the reply, which brings the next, never comes

    opened = page.goto(f"/campaigns/{campaign.pk}/rank/")

    assert opened is not None
    first = re.search(r'data-assignment="(\d+)"', opened.text())
    assert first is not None
    expect_another_task(page, first[1])


def test_rest_counts_the_last_answer_however_late_the_one_before_it_is(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    held: list[Route] = []
    page.route("**/rank/*/", lambda route: route.continue_() if held else held.append(route))
    open_rank(page, campaign)
    page.keyboard.press("Digit1")
    settle(page)

    page.keyboard.press("Digit8")
    expect(page.locator("#main[aria-busy]")).to_be_visible()
    held[0].continue_()

    expect(page.locator("h1")).to_have_text("All 2 are done")
    assert answers() == 2


def test_late_reply_brings_no_task_back_that_is_answered(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    held: dict[str, Route] = {}

    def hold_first(route: Route) -> None:
        is_page = route.request.is_navigation_request() or route.request.method in held
        route.continue_() if is_page else held.update({route.request.method: route})

    page.route(re.compile(r"/rank/(\d+/)?$"), hold_first)
    with page.expect_request(lambda request: "x-fragment" in request.headers):
        open_rank(page, campaign)
    page.keyboard.press("Digit1")
    expect(page.locator("#main[aria-busy]")).to_be_visible()
    held["GET"].continue_()
    settle(page)

    page.keyboard.press("Digit8")
    expect(page.locator("#main[aria-busy]")).to_be_visible()
    held["POST"].continue_()

    expect(page.locator("h1")).to_have_text("All 2 are done")
    assert answers() == 2


def test_kept_answer_survives_a_reload(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    page.route("**/rank/*/", lambda route: route.abort())
    open_rank(page, campaign)
    before = assignment(page)
    page.keyboard.press("Digit1")
    expect(page.locator("#save")).not_to_have_text("Saved")
    page.unroute("**/rank/*/")

    page.reload()
    expect_another_task(page, before)
    expect_saved(page)

    assert answers() == 1


def test_answer_whose_reply_was_lost_is_stored_once(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    lost: list[str] = []

    def lose_first_reply(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().headers["x-saved"])
            route.abort()
            return
        route.continue_()

    # Before the page opens: an interception that begins later may miss a first request.
    page.route("**/rank/*/", lose_first_reply)
    open_rank(page, campaign)
    before = assignment(page)
    page.keyboard.press("Digit1")
    expect_another_task(page, before)
    expect_saved(page)

    assert lost == [str(latest(page).pk)]
    assert answers() == 1


def test_answer_given_signed_out_waits_for_the_sign_in(
    page_for: PageFor, faults: list[str]
) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)
    before = assignment(page)
    cookies = page.context.cookies()
    page.context.clear_cookies()

    page.keyboard.press("Digit1")
    expect(page.locator("#save")).to_have_text("Sign in, 1 kept here")
    expect(page.locator("#said a")).to_have_text("Sign in")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # as they were read
    expect_another_task(page, before)
    expect_saved(page)

    assert answers() == 1
    assert {fault[:4] for fault in faults} <= {"401:", "403:"}
    faults.clear()


def test_page_stays_where_it_is_when_the_session_ends_while_the_next_is_fetched(
    page_for: PageFor,
) -> None:
    campaign, user = stocked(4)
    page = page_for(user)
    held: list[Route] = []
    page.route("**/rank/", lambda route: hold_fragments(route, held))
    open_rank(page, campaign)
    shown = assignment(page)
    Session.objects.all().delete()

    with page.expect_response("**/account/sign-in/**"):
        held[0].continue_()
    settle(page)

    assert assignment(page) == shown
    assert page.url.endswith("/rank/")


def hold_fragments(route: Route, held: list[Route]) -> None:
    if "x-fragment" in route.request.headers:
        held.append(route)
    else:
        route.continue_()


def test_undo_without_a_session_says_so_and_leads_to_the_sign_in(
    page_for: PageFor, faults: list[str]
) -> None:
    campaign, user = stocked(4)
    page = page_for(user)
    open_rank(page, campaign)
    press(page, "Digit1")
    shown = assignment(page)
    page.wait_for_load_state("networkidle")
    Session.objects.all().delete()

    page.keyboard.press("KeyU")

    expect_said(page, "You are signed out. Sign in, then try again: nothing is lost. Sign in")
    expect(page.locator("#said a")).to_have_attribute("target", "_blank")
    assert assignment(page) == shown
    assert {fault[:4] for fault in faults} == {"401:"}
    faults.clear()


def test_no_tab_says_saved_while_another_has_an_answer_to_send(page_for: PageFor) -> None:
    campaign, user = stocked(4)
    page = page_for(user)
    open_rank(page, campaign)
    other = page.context.new_page()
    open_rank(other, campaign)
    held: list[Route] = []
    page.route("**/rank/*/", lambda route: held.append(route))

    page.keyboard.press("Digit1")
    expect(other.locator("#save")).to_have_text("Saving")
    assert answers() == 0
    held[0].continue_()

    expect_saved(other)
    assert answers() == 1


def test_what_a_closed_tab_could_not_send_another_one_sends(page_for: PageFor) -> None:
    campaign, user = stocked(4)
    page = page_for(user)
    open_rank(page, campaign)
    other = page.context.new_page()
    open_rank(other, campaign)
    page.route("**/rank/*/", lambda route: None)

    page.keyboard.press("Digit1")
    expect(other.locator("#save")).to_have_text("Saving")
    page.close()

    expect_saved(other)
    assert answers() == 1


def test_device_keeps_no_prompt_and_no_response(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    page.route("**/rank/*/", lambda route: route.abort())
    open_rank(page, campaign)

    page.keyboard.press("Digit1")
    expect(page.locator("#save")).not_to_have_text("Saved")
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage])")

    assert "scale=1" in kept
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert not any(word in kept for word in ("Question", "good", "fair"))
    page.unroute("**/rank/*/")


def test_sign_out_wipes_what_the_device_kept(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)
    page.keyboard.press("KeyN")
    page.keyboard.type("draft")
    assert "draft" in page.evaluate("JSON.stringify(localStorage)")

    page.keyboard.press("Escape")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/**")

    assert "draft" not in page.evaluate("JSON.stringify(localStorage)")


def test_refusal_is_said_in_words(page_for: PageFor, faults: list[str]) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)
    page.evaluate("document.querySelector('[name=token]').value = 'x'")

    press(page, "Digit1")

    expect_said(page, "This page is damaged. Load it again.")
    assert [fault[:4] for fault in faults] == ["400:"]
    faults.clear()

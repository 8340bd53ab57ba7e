"""What the page holds: ready before it is asked for, kept while looked at, given back after."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Request, Route, expect

from labeling.assignment.models import Assignment, Comparison
from labeling.clock import database_now
from labeling.ranking.models import Judgment
from tests.browser.conftest import PageFor
from tests.browser.sheets import (
    answers,
    assignment,
    expect_saved,
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
TIMERS = """
const beats = [];
window.setInterval = (run) => beats.push(run);
window.beat = () => beats.forEach((run) => run());
"""


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again and again until something holds, for ten seconds at most."""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    assert holds()


def expect_held(page: Page, number: int) -> None:
    """Wait until the page holds so many leases."""
    wait_until(page, lambda: len(ends()) == number)


def ends() -> list[timedelta]:
    """Return for how long the live leases run yet."""
    now = database_now()
    return [each.expires_at - now for each in Assignment.objects.filter(state="live")]


def test_next_comparisons_are_painted_without_the_network(page_for: PageFor) -> None:
    campaign, user = stocked(6)
    page = page_for(user)
    open_rank(page, campaign)
    expect_held(page, 3)
    page.wait_for_load_state("networkidle")
    seen = [assignment(page)]

    page.context.set_offline(True)
    for _ in range(2):
        page.keyboard.press("Digit1")
        settle(page)
        seen.append(assignment(page))
    expect(page.locator("#save")).to_have_text("Offline, 2 kept here")
    assert (len(set(seen)), answers()) == (3, 0)
    page.context.set_offline(False)

    expect_saved(page)
    assert answers() == 2
    assert sorted(Judgment.objects.values_list("assignment_id", flat=True)) == sorted(
        int(one) for one in seen[:2]
    )


def test_every_comparison_comes_once_however_fast_the_answers(page_for: PageFor) -> None:
    campaign, user = stocked(8)
    page = page_for(user)
    open_rank(page, campaign)

    for _ in range(8):
        page.keyboard.press("Digit1")
        settle(page)

    expect(page.locator("h1")).to_have_text("All 8 are done")
    assert answers() == 8
    assert Comparison.objects.filter(judged=1).count() == 8


def test_answer_refused_after_the_next_was_painted_comes_back(
    page_for: PageFor, faults: list[str]
) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    open_rank(page, campaign)
    expect_held(page, 3)
    page.wait_for_load_state("networkidle")
    before = assignment(page)
    page.evaluate("document.querySelector('[name=token]').value = 'x'")

    page.keyboard.press("Digit1")

    expect(page.locator("#main")).to_have_attribute("data-assignment", before)
    expect(page.locator("#said")).to_have_text("This page is damaged. Load it again.")
    expect(page.locator("input[name=scale]:checked")).to_have_attribute("value", "1")
    assert answers() == 0
    assert [fault[:4] for fault in faults] == ["400:"]
    faults.clear()


def test_page_that_is_looked_at_keeps_all_it_holds(page_for: PageFor) -> None:
    campaign, user = stocked(4)
    page = page_for(user)
    page.add_init_script(TIMERS)
    open_rank(page, campaign)
    expect_held(page, 3)
    page.wait_for_load_state("networkidle")
    Assignment.objects.update(expires_at=database_now() + timedelta(seconds=5))

    with page.expect_response("**/assignments/heartbeat/"):
        page.evaluate("beat()")

    assert min(ends()) > timedelta(minutes=1)


def test_lost_lease_is_said_in_words_and_the_answer_is_taken(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    page = page_for(user)
    page.add_init_script(TIMERS)
    open_rank(page, campaign)
    page.keyboard.press("KeyN")
    page.keyboard.type("half a thought")
    page.keyboard.press("Escape")
    Assignment.objects.update(state="expired", ended_at=database_now())
    Comparison.objects.update(open_slots=0, wanted=1)

    page.evaluate("beat()")
    expect(page.locator("#said")).to_contain_text("your answer is still taken")
    assert page.locator("#note-t").input_value() == "half a thought"
    press(page, "Digit1")

    assert (answers(), Judgment.objects.get().rationale) == (1, "half a thought")


def test_closing_the_page_gives_back_what_it_holds(page_for: PageFor) -> None:
    campaign, user = stocked(4)
    page = page_for(user)
    open_rank(page, campaign)
    expect_held(page, 3)
    page.wait_for_load_state("networkidle")

    page.goto("/")

    wait_until(page, lambda: max(ends()) <= timedelta(seconds=30))
    assert (len(ends()), answers()) == (3, 0)


def test_a_reload_finds_the_same_comparison(page_for: PageFor) -> None:
    campaign, user = stocked(4)
    page = page_for(user)
    open_rank(page, campaign)
    before = assignment(page)

    page.reload()
    settle(page)

    assert assignment(page) == before


def test_comparison_that_is_begun_waits_for_its_person(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    page = page_for(user)
    open_rank(page, campaign)
    page.keyboard.press("KeyN")
    page.keyboard.type("half a thought")

    page.goto("/")

    assert min(ends()) > timedelta(minutes=1)


def test_answer_on_its_way_is_not_given_back(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    page = page_for(user)
    released: list[str] = []

    def note(request: Request) -> None:
        if "release" in request.url:
            released.append(request.url)

    page.on("request", note)

    def never(route: Route) -> None:
        route.abort()

    page.route("**/rank/*/", never)
    open_rank(page, campaign)
    page.keyboard.press("Digit1")
    expect(page.locator("#save")).not_to_have_text("Saved")

    page.goto("/")

    assert released == []
    assert min(ends()) > timedelta(minutes=1)

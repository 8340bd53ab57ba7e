"""What is asked beside the choice: reasons, the ideal response; and the guide when it changes."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from labeling.campaigns.queries import membership_of
from labeling.campaigns.services import mark_read, publish_guideline
from labeling.ranking.models import Judgment
from tests.browser.conftest import PageFor
from tests.browser.sheets import (
    answers,
    assignment,
    expect_another_task,
    expect_said,
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


def text_of(page: Page, letter: str) -> str:
    return page.locator(f".resp[data-p={letter}] .src").text_content() or ""


def test_ticked_reason_goes_with_the_answer(page_for: PageFor) -> None:
    campaign, user = stocked(2, reason_tags=["false", "too long"])
    page = page_for(user)
    open_rank(page, campaign)

    page.keyboard.press("KeyN")
    page.get_by_label("too long").check()
    page.keyboard.press("KeyR")  # typed beside the field: not a shortcut
    expect(page.locator("#report")).not_to_have_attribute("open", "")
    page.keyboard.press("Escape")
    press(page, "Digit1")

    assert latest(page).reason_tags == ["too long"]


def test_required_length_is_asked_for_and_counted_as_it_is_typed(page_for: PageFor) -> None:
    campaign, user = stocked(2, rationale="required", rationale_min=10)
    page = page_for(user)
    open_rank(page, campaign)

    page.keyboard.press("Digit1")
    expect_said(page, "Kept. Now say why in 10 characters or more, then press Ctrl Enter")
    page.keyboard.type("B is")
    expect(page.locator("#note-n")).to_have_text("4 of 10")
    page.keyboard.press("Control+Enter")
    assert answers() == 0
    page.keyboard.type(" plainly wrong")
    before = assignment(page)
    page.keyboard.press("Control+Enter")
    expect_another_task(page, before)

    assert latest(page).rationale == "B is plainly wrong"


def test_ideal_response_begins_with_the_better_one_and_shows_what_was_changed(
    page_for: PageFor,
) -> None:
    campaign, user = stocked(2, ideal="required")
    page = page_for(user)
    open_rank(page, campaign)
    original = text_of(page, "B")

    page.keyboard.press("Digit8")
    expect(page.locator("#ideal-t")).to_have_value(original)
    page.locator("#ideal-t").fill(f"{original}, and more")
    expect(page.locator("#ideal-d ins")).to_have_text(", and more")
    before = assignment(page)
    page.keyboard.press("Control+Enter")
    expect_another_task(page, before)

    judgment = latest(page)
    assert judgment.ideal == f"{original}, and more"
    assert judgment.ideal_slot == judgment.display_order[1]


def test_draft_of_an_ideal_response_survives_a_reload_and_keeps_no_text_of_the_response(
    page_for: PageFor,
) -> None:
    campaign, user = stocked(2, ideal="optional")
    page = page_for(user)
    open_rank(page, campaign)
    original = text_of(page, "A")
    page.keyboard.press("KeyY")
    page.get_by_label("Start from response A").check()
    page.locator("#ideal-t").fill(f"Surely {original}")

    page.reload()
    settle(page)

    assert page.locator("#ideal-t").input_value() == f"Surely {original}"
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "Surely" in kept
    assert original.split()[0] not in kept


def test_looking_at_the_other_response_loses_no_edit(page_for: PageFor) -> None:
    campaign, user = stocked(2, ideal="optional")
    page = page_for(user)
    open_rank(page, campaign)
    page.keyboard.press("KeyY")
    page.get_by_label("Start from response A").check()
    page.locator("#ideal-t").fill("Mine")

    page.get_by_label("Start from response B").check()
    expect(page.locator("#ideal-t")).to_have_value(text_of(page, "B"))
    page.get_by_label("Start from response A").check()

    expect(page.locator("#ideal-t")).to_have_value("Mine")


def test_edits_of_both_responses_survive_a_reload(page_for: PageFor) -> None:
    campaign, user = stocked(2, ideal="optional")
    page = page_for(user)
    open_rank(page, campaign)
    page.keyboard.press("KeyY")
    for letter in "AB":
        page.get_by_label(f"Start from response {letter}").check()
        page.locator("#ideal-t").fill(f"Mine of {letter}")

    page.reload()
    settle(page)

    expect(page.locator("#ideal-t")).to_have_value("Mine of B")
    page.keyboard.press("KeyY")
    page.get_by_label("Start from response A").check()
    expect(page.locator("#ideal-t")).to_have_value("Mine of A")


def test_opened_and_left_as_it_is_sends_no_ideal_response(page_for: PageFor) -> None:
    campaign, user = stocked(2, ideal="optional")
    page = page_for(user)
    open_rank(page, campaign)
    page.keyboard.press("KeyY")
    page.get_by_label("Start from response A").check()
    page.keyboard.press("Escape")

    press(page, "Digit1")

    assert latest(page).ideal == ""


def test_order_takes_an_ideal_response_too(page_for: PageFor) -> None:
    campaign, user = stocked(2, candidates_per_comparison=3, ideal="required")
    page = page_for(user)
    open_rank(page, campaign)
    for key in ("Digit2", "Digit1", "Digit3", "Enter"):
        page.keyboard.press(key)

    expect(page.get_by_label("Start from response B")).to_be_checked()
    page.locator("#ideal-t").fill("As it should be.")
    before = assignment(page)
    page.keyboard.press("Control+Enter")
    expect_another_task(page, before)

    assert latest(page).ideal == "As it should be."


def test_new_guide_opens_once_and_counts_as_read(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    mark_read(membership=membership_of(user, campaign.pk), version=1)
    page = page_for(user)
    open_rank(page, campaign)
    expect(page.locator("#guide")).to_be_hidden()
    publish_guideline(campaign=campaign, text="Prefer what is kind.", by=campaign.created_by)

    page.reload()
    settle(page)

    expect(page.locator("#guide")).to_be_visible()
    expect(page.locator("#guide .changes")).to_have_text(re.compile("What changed since version 1"))
    page.keyboard.press("Escape")
    page.reload()
    settle(page)
    expect(page.locator("#guide")).to_be_hidden()
    assert membership_of(user, campaign.pk).guideline_read == 2


def test_guide_that_must_be_read_stands_before_the_work(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    publish_guideline(
        campaign=campaign, text="Prefer what is kind.", by=campaign.created_by, must_be_read=True
    )
    page = page_for(user)
    page.goto(f"/campaigns/{campaign.pk}/rank/")
    expect(page.locator("h1")).to_have_text("First the judging guide")

    page.get_by_role("button", name="I have read version 2").press("Enter")
    settle(page)

    press(page, "Digit1")
    assert latest(page).guideline_version == 2


def test_refused_answer_is_never_called_saved(page_for: PageFor, faults: list[str]) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    held: list[Route] = []
    open_rank(page, campaign)
    refused = assignment(page)
    page.route(f"**/rank/{refused}/", lambda route: _hold_reads(route, held))
    page.evaluate("document.querySelector('[name=token]').value = 'x'")
    said = page.evaluate_handle(WATCH_SAVE)

    page.keyboard.press("Digit1")
    expect(page.locator("#save")).to_have_text("Not accepted")
    held[0].continue_()
    expect(page.locator("#main")).to_have_attribute("data-assignment", refused)
    expect_said(page, "This page is damaged. Load it again.")

    expect(page.locator("#save")).to_have_text("Saved")
    assert said.evaluate("words => words.join()") == "Saving,Not accepted,Saved"
    assert Judgment.objects.count() == 0
    faults.clear()


WATCH_SAVE = """() => {
    const words = [];
    new MutationObserver(() => {
        const word = document.querySelector('#save').textContent;
        if (words.at(-1) !== word) words.push(word);
    }).observe(document.querySelector('#save'), {subtree: true, childList: true});
    return words;
}"""


def _hold_reads(route: Route, held: list[Route]) -> None:
    if route.request.method == "GET":
        held.append(route)
    else:
        route.continue_()

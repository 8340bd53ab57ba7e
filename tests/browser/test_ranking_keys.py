"""Pairs by keyboard alone: one key each, criteria, note, skip, report, undo."""

import re

import pytest
from playwright.sync_api import expect

from labeling.ranking.enums import Outcome
from labeling.ranking.models import Judgment
from tests.browser.conftest import PageFor
from tests.browser.sheets import (
    answers,
    assignment,
    expect_said,
    expect_saved,
    latest,
    open_rank,
    place_of,
    press,
    settle,
    stocked,
)

# Two keys in one moment, which no slow machine can draw out beyond the moment of a bounce.
BOUNCE = """() => ['1', '2'].forEach((key) => document.body.dispatchEvent(
    new KeyboardEvent('keydown', {key, code: `Digit${key}`, bubbles: true})))"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]


def test_pairs_take_one_key_each_until_all_are_done(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit1", "Digit8", "Digit4")

    expect(page.locator("h1")).to_have_text("All 3 are done")
    found = Judgment.objects.order_by("id").values_list("outcome", "strength")
    assert list(found) == [("ranked", 4), ("ranked", 4), ("ranked", 1)]


def test_digit_means_the_side_it_lies_on(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit2")
    first = latest(page)
    press(page, "Digit7")

    assert (place_of("A", first), place_of("B", first)) == (1, 2)
    assert (place_of("A", latest(page)), place_of("B", latest(page))) == (2, 1)


@pytest.mark.parametrize(
    ("key", "outcome"),
    [
        ("Digit0", Outcome.TIE),
        ("KeyT", Outcome.TIE),
        ("Digit9", Outcome.BOTH_BAD),
        ("Numpad9", Outcome.BOTH_BAD),
    ],
)
def test_tie_and_neither_are_one_key(page_for: PageFor, key: str, outcome: str) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, key)

    assert latest(page).outcome == outcome


def test_tie_is_not_taken_where_the_campaign_has_none(page_for: PageFor) -> None:
    campaign, user = stocked(1, tie_allowed=False)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit0", "KeyT")

    assert page.locator(".knot input").evaluate_all("them => them.map(it => it.value)") == ["9"]
    assert answers() == 0


def test_saving_is_told_in_words_with_a_way_back(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit3")

    expect_said(page, "Saved: A is slightly better. Undo")
    expect(page.locator("#save")).to_have_text("Saved")
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_criteria_pad_saves_with_its_last_key(page_for: PageFor) -> None:
    campaign, user = stocked(2, criteria=["helpful", "honest", "harmless"])
    page = page_for(user)
    open_rank(page, campaign)
    before = assignment(page)

    press(page, "Digit2")
    expect_said(page, "Kept. Still to judge: Helpful, Honest, Harmless")
    press(page, "KeyQ", "KeyS")
    assert (assignment(page), answers()) == (before, 0)
    press(page, "KeyC")

    a, b = latest(page).display_order
    assert latest(page).criteria == {"helpful": a, "honest": None, "harmless": b}
    assert assignment(page) != before


def test_untouched_sheet_cannot_be_sent(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Enter")
    expect_said(page, re.compile("^Choose on the scale first"))
    page.get_by_role("button", name="Next").click()

    assert page.locator("#main input:checked").count() == 0
    assert answers() == 0


def test_keys_are_bound_to_places_not_letters(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent("
        "'keydown', { code: 'Digit1', key: '&', bubbles: true }))"
    )
    settle(page)

    assert place_of("A", latest(page)) == 1


def test_held_key_answers_once(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    open_rank(page, campaign)

    page.keyboard.down("Digit1")
    settle(page)
    page.keyboard.down("Digit1")  # what a held key sends: a repeat
    page.keyboard.up("Digit1")

    expect_saved(page)
    assert answers() == 1


def test_key_that_bounces_answers_once(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    open_rank(page, campaign)

    page.evaluate(BOUNCE)
    settle(page)

    expect_saved(page)
    assert answers() == 1


def test_typing_a_note_is_not_a_shortcut_and_is_kept(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    page.keyboard.press("KeyN")
    page.keyboard.type("k 1 is clearer")
    page.reload()
    settle(page)
    assert page.input_value("#note-t") == "k 1 is clearer"
    press(page, "Digit1")

    assert latest(page).rationale == "k 1 is clearer"
    assert page.input_value("#note-t") == ""


def test_required_note_opens_after_the_choice(page_for: PageFor) -> None:
    campaign, user = stocked(2, rationale="required")
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit1")
    assert page.evaluate("document.activeElement.id") == "note-t"
    page.keyboard.type("shorter")
    press(page, "Control+Enter")

    assert latest(page).rationale == "shorter"


def test_skip_asks_why_and_goes_on(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)
    before = assignment(page)

    press(page, "KeyK")
    page.get_by_role("button", name="I would rather not read this").click()
    settle(page)

    assert (latest(page).outcome, latest(page).skip_reason) == (Outcome.SKIPPED, "rather_not")
    expect_said(page, "Skipped: I would rather not read this. Undo")
    assert assignment(page) != before


def test_escape_closes_a_panel_and_gives_focus_back(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    page = page_for(user)
    open_rank(page, campaign)

    page.keyboard.press("KeyK")
    page.keyboard.press("Escape")

    assert page.locator("#skip[open]").count() == 0
    assert page.evaluate("document.activeElement.parentElement.id") == "skip"


def test_report_is_sent_with_the_answer(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    page.keyboard.press("KeyR")
    page.get_by_label("Cut off").check()
    page.keyboard.press("Escape")
    press(page, "Digit1")

    assert latest(page).flags == ["cut_off"]


def test_undo_takes_the_last_answer_back_as_it_was(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    open_rank(page, campaign)
    press(page, "Digit1")
    waiting = assignment(page)

    press(page, "KeyU")
    expect(page.locator("input[name=scale]:checked")).to_have_attribute("value", "1")
    expect_said(page, "Taken back. Change it, or save it again.")
    press(page, "Digit6")

    assert list(Judgment.objects.order_by("id").values_list("outcome", "counted")) == [
        ("ranked", True),
        ("undone", False),
        ("ranked", True),
    ]
    assert (latest(page).strength, place_of("B", latest(page))) == (2, 1)
    assert assignment(page) == waiting


def test_undo_steps_back_answer_by_answer(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    open_rank(page, campaign)
    press(page, "Digit1", "Digit2")

    press(page, "KeyU", "KeyU")
    expect(page.locator("input[name=scale]:checked")).to_have_attribute("value", "1")
    press(page, "KeyU")

    expect_said(page, "There is no earlier answer of yours to take back.")
    assert Judgment.objects.filter(outcome="undone").count() == 2


def test_undo_works_by_its_button_and_without_script(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user, java_script_enabled=False)
    page.goto(f"/campaigns/{campaign.pk}/rank/")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.locator("input[name=scale][value='3']").check()
    page.get_by_role("button", name="Next").click()

    page.get_by_role("button", name="Undo").click()

    expect(page.locator("input[name=scale]:checked")).to_have_attribute("value", "3")
    assert list(Judgment.objects.order_by("id").values_list("outcome", flat=True)) == [
        *("ranked", "undone")
    ]

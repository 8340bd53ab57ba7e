"""Ranking in a real browser: keys, mouse, touch, no script, no network, and what it looks like."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.ranking.enums import Outcome
from labeling.ranking.models import Judgment
from tests.browser.conftest import PageFor
from tests.factories import make_campaign, make_member
from tests.stock import stock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def stocked(prompts: int = 3, **fields: Any) -> tuple[Campaign, User]:
    """Make a campaign with pairs to judge, and somebody to judge them."""
    campaign = make_campaign(**fields)
    size = campaign.candidates_per_comparison
    stock(campaign, prompts, texts=("good", "fair", "poor", "bad", "worst")[:size])
    return campaign, make_member(campaign)


def open_rank(page: Page, campaign: Campaign) -> None:
    page.goto(f"/campaigns/{campaign.pk}/rank/")
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page takes answers: it ignores keys for a moment after each task."""
    expect(page.locator("#main:not([aria-busy])")).to_be_attached()
    page.evaluate("() => new Promise((done) => setTimeout(done, 240))")


def press(page: Page, *names: str) -> None:
    """Press keys, each on a task that is ready for it."""
    for name in names:
        page.keyboard.press(name)
        settle(page)


def assignment(page: Page) -> str:
    return page.get_attribute("#main", "data-assignment") or ""


def expect_another_task(page: Page, before: str) -> None:
    expect(page.locator("#main")).not_to_have_attribute("data-assignment", before)


def said(page: Page) -> str:
    return page.locator("#said").inner_text()


def latest() -> Judgment:
    return Judgment.objects.order_by("-id")[0]


def answers() -> int:
    return Judgment.objects.count()


def place_of(letter: str, judgment: Judgment) -> int:
    """Return the stored rank of the response that was shown under a letter."""
    return int(judgment.ranks[judgment.display_order["ABCDE".index(letter)]])


# --- pairs by keyboard -----------------------------------------------------------------


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
    first = latest()
    press(page, "Digit7")

    assert (place_of("A", first), place_of("B", first)) == (1, 2)
    assert (place_of("A", latest()), place_of("B", latest())) == (2, 1)


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

    assert latest().outcome == outcome


def test_tie_is_not_taken_where_the_campaign_has_none(page_for: PageFor) -> None:
    campaign, user = stocked(1, tie_allowed=False)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit0", "KeyT")

    assert page.locator(".knot label").all_inner_texts() == ["Neither\n9"]
    assert answers() == 0


def test_saving_is_told_in_words_with_a_way_back(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit3")

    assert said(page) == "Saved: A is slightly better. Undo"
    expect(page.locator("#save")).to_have_text("Saved")
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_criteria_pad_saves_with_its_last_key(page_for: PageFor) -> None:
    campaign, user = stocked(2, criteria=["helpful", "honest", "harmless"])
    page = page_for(user)
    open_rank(page, campaign)
    before = assignment(page)

    press(page, "Digit2")
    assert said(page) == "Kept. Still to judge: Helpful, Honest, Harmless"
    press(page, "KeyQ", "KeyS")
    assert (assignment(page), answers()) == (before, 0)
    press(page, "KeyC")

    a, b = latest().display_order
    assert latest().criteria == {"helpful": a, "honest": None, "harmless": b}
    assert assignment(page) != before


def test_untouched_sheet_cannot_be_sent(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Enter")
    assert said(page).startswith("Choose on the scale first")
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

    assert place_of("A", latest()) == 1


def test_held_key_and_bounce_answer_once(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    open_rank(page, campaign)

    page.keyboard.down("Digit1")
    page.keyboard.down("Digit1")  # what a held key sends: a repeat
    page.keyboard.press("Digit2")
    page.keyboard.up("Digit1")
    settle(page)

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

    assert latest().rationale == "k 1 is clearer"
    assert page.input_value("#note-t") == ""


def test_required_note_opens_after_the_choice(page_for: PageFor) -> None:
    campaign, user = stocked(2, rationale="required")
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit1")
    assert page.evaluate("document.activeElement.id") == "note-t"
    page.keyboard.type("shorter")
    press(page, "Control+Enter")

    assert latest().rationale == "shorter"


def test_skip_asks_why_and_goes_on(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)
    before = assignment(page)

    press(page, "KeyK")
    page.get_by_role("button", name="I would rather not read this").click()
    settle(page)

    assert (latest().outcome, latest().skip_reason) == (Outcome.SKIPPED, "rather_not")
    assert said(page) == "Skipped: I would rather not read this. Undo"
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

    assert latest().flags == ["cut_off"]


def test_undo_changes_the_last_answer(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    open_rank(page, campaign)
    press(page, "Digit1")
    waiting = assignment(page)

    press(page, "KeyU")
    expect(page.locator("input[name=scale]:checked")).to_have_attribute("value", "1")
    press(page, "Digit6")

    assert latest().supersedes_id == Judgment.objects.order_by("id")[0].pk
    assert (latest().strength, place_of("B", latest())) == (2, 1)
    assert assignment(page) == waiting


def test_undo_steps_back_answer_by_answer(page_for: PageFor) -> None:
    campaign, user = stocked(3)
    page = page_for(user)
    open_rank(page, campaign)
    press(page, "Digit1", "Digit2")

    press(page, "KeyU", "KeyU")
    expect(page.locator("input[name=scale]:checked")).to_have_attribute("value", "1")
    press(page, "KeyU")

    assert page.locator("input[name=scale]:checked").count() == 0
    assert said(page) == "There is no earlier answer of yours to change."


# --- mouse, touch, no script --------------------------------------------------------------


def test_click_on_the_scale_saves(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    page.locator("input[name=scale][value='8']").click()
    settle(page)

    assert (latest().strength, place_of("B", latest())) == (4, 1)


def test_arrow_keys_on_the_scale_select_only(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    page.locator("input[name=scale][value='1']").focus()
    press(page, "ArrowRight")
    assert answers() == 0
    press(page, "Enter")

    assert latest().strength == 3


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

    assert (latest().strength, place_of("B", latest())) == (3, 1)


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

    assert [place_of(letter, latest()) for letter in "ABC"] == [2, 1, 3]


# --- orders of three to nine --------------------------------------------------------------


def test_order_takes_a_digit_each_and_enter(page_for: PageFor) -> None:
    campaign, user = stocked(2, candidates_per_comparison=5)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit1", "Digit5", "Digit3", "Digit2", "Digit5")
    assert page.locator("#expr").inner_text() == "A > D > C > B = E"
    press(page, "Enter")

    assert [place_of(letter, latest()) for letter in "ABCDE"] == [1, 4, 3, 2, 4]
    assert said(page) == "Saved: A > D > C > B = E Undo"


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

    assert [place_of(letter, latest()) for letter in "ABC"] == [3, 1, 2]


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

    assert [place_of(letter, latest()) for letter in "ABC"] == [2, 1, 3]


def test_order_sent_early_leads_to_the_first_one_open(page_for: PageFor) -> None:
    campaign, user = stocked(1, candidates_per_comparison=3)
    page = page_for(user)
    open_rank(page, campaign)

    press(page, "Digit1", "Enter")

    assert said(page) == "2 not ranked yet. Starting at B"
    assert answers() == 0


def test_order_undo_takes_moves_back_then_the_last_answer(page_for: PageFor) -> None:
    campaign, user = stocked(2, candidates_per_comparison=3)
    page = page_for(user)
    open_rank(page, campaign)
    press(page, "Digit1", "Digit2", "Digit3", "Enter")
    press(page, "Digit3", "KeyU")
    assert page.locator(".ranks input:checked").count() == 0

    press(page, "KeyU", "Digit2", "KeyB", "Digit1", "Enter")

    assert latest().supersedes_id == Judgment.objects.order_by("id")[0].pk
    assert [place_of(letter, latest()) for letter in "ABC"] == [2, 1, 3]


# --- sending --------------------------------------------------------------------------------


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


def test_kept_answer_survives_a_reload(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)
    before = assignment(page)
    page.route("**/rank/*/", lambda route: route.abort())
    page.keyboard.press("Digit1")
    expect(page.locator("#save")).not_to_have_text("Saved")
    page.unroute("**/rank/*/")

    page.reload()
    expect_another_task(page, before)

    assert answers() == 1


def test_answer_whose_reply_was_lost_is_stored_once(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)
    before = assignment(page)
    lost: list[str] = []

    def lose_first_reply(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().headers["x-saved"])
            route.abort()
            return
        route.continue_()

    page.route("**/rank/*/", lose_first_reply)
    page.keyboard.press("Digit1")
    expect_another_task(page, before)

    assert lost == [str(latest().pk)]
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

    assert answers() == 1
    assert {fault[:4] for fault in faults} <= {"401:", "403:"}
    faults.clear()


def test_device_keeps_no_prompt_and_no_response(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)
    page.route("**/rank/*/", lambda route: route.abort())

    page.keyboard.press("Digit1")
    expect(page.locator("#save")).not_to_have_text("Saved")
    kept = page.evaluate("JSON.stringify(localStorage)")

    assert "scale=1" in kept
    assert not any(word in kept for word in ("Question", "good", "bad"))
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

    assert said(page) == "This page is damaged. Load it again."
    assert [fault[:4] for fault in faults] == ["400:"]
    faults.clear()


# --- what it looks like ---------------------------------------------------------------------


def test_dock_stays_where_it_is_from_task_to_task(page_for: PageFor) -> None:
    campaign = make_campaign(criteria=[])
    stock(campaign, 2, texts=("short", "a word " * 900))
    stock(campaign, 2, texts=("# Head\n\n- a\n- b", "|a|b|\n|-|-|\n|1|2|"))
    page = page_for(make_member(campaign))
    open_rank(page, campaign)

    places = set()
    for _ in range(4):
        places.add(tuple(page.locator("#dock").bounding_box().values()))  # type: ignore[union-attr]  # visible
        press(page, "Digit1")

    assert len(places) == 1


@pytest.mark.parametrize("size", [2, 5])
def test_task_never_scrolls_sideways(page_for: PageFor, size: int) -> None:
    campaign = make_campaign(candidates_per_comparison=size)
    wide = "```\n" + "x" * 400 + "\n```\n\n|" + "wide |" * 30 + "\n|" + "-|" * 30
    stock(campaign, 1, texts=[f"{at} " + "unbroken" * 60 + "\n\n" + wide for at in range(size)])
    page = page_for(make_member(campaign))
    open_rank(page, campaign)

    found = {}
    for width in (320, 390, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert {width: more for width, more in found.items() if more > 0} == {}


def test_link_in_a_response_does_not_open_by_a_stray_click(page_for: PageFor) -> None:
    campaign = make_campaign()
    stock(campaign, 1, texts=("[here](https://example.com/a)", "there"))
    page = page_for(make_member(campaign))
    open_rank(page, campaign)

    page.get_by_role("link", name="here").click()

    assert said(page) == "Hold Ctrl or ⌘ to open https://example.com/a in a new tab"
    assert len(page.context.pages) == 1


def test_differences_are_marked_without_touching_the_text(page_for: PageFor) -> None:
    campaign = make_campaign()
    stock(
        campaign,
        1,
        texts=("The tower was built in 1887 of iron", "The tower was built in 1889 of iron"),
    )
    page = page_for(make_member(campaign))
    open_rank(page, campaign)
    before = page.locator("#pair").inner_html()

    press(page, "KeyV")

    assert page.evaluate("[...CSS.highlights.get('differs')].map(String).sort()") == [
        "1887",
        "1889",
    ]
    assert said(page).startswith("Close texts: 1 places in A and 1 in B")
    assert page.locator("#pair").inner_html() == before


def test_source_shows_what_was_written(page_for: PageFor) -> None:
    campaign = make_campaign()
    stock(campaign, 1, texts=("**bold**", "plain"))
    page = page_for(make_member(campaign))
    open_rank(page, campaign)

    press(page, "KeyM")

    assert any("**bold**" in text for text in page.locator(".read.src").all_inner_texts())


def test_single_keys_can_be_switched_off(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user)
    open_rank(page, campaign)

    page.keyboard.press("?")
    page.get_by_label("Single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    press(page, "Digit1")
    assert answers() == 0
    page.reload()
    settle(page)
    press(page, "Digit1")

    assert answers() == 0

"""Keys as a whole: laid out for the other hand, for each kind of screen, and not shown at all."""

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from labeling.accounts.models import User
from labeling.campaigns.enums import Role
from labeling.campaigns.models import Campaign
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
from tests.browser.states import PAIR
from tests.browser.test_accessibility import violations
from tests.browser.test_training import set_up
from tests.browser.test_training import start as start_training
from tests.factories import add_person
from tests.stock import stock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]
WIDE: ViewportSize = {"width": 1440, "height": 900}  # a phone shows no caps at all
CRITERIA = ["helpful", "honest", "harmless"]
SAID = "Keys of the criteria: Y U I, H J K, B N M. What was there changed places with them."
SHOWN = "Show the keys on the buttons"
CAPS = ".tri kbd, .dock-f kbd, .scale kbd, .ask-tools kbd, .topbar kbd"
PLACES = """() => [...document.querySelectorAll('#dock, .scale, .seg, .seg .w, .knot label, .rung')]
  .map((it) => it.getBoundingClientRect()).map(({x, y, width, height}) => [x, y, width, height])"""
PAINTED = """() => new Promise((done) => {
  new PerformanceObserver(done).observe({ type: 'paint', buffered: true });
}).then(() => true)"""
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
"""


def opened(page_for: PageFor, **fields: object) -> tuple[Page, Campaign, User]:
    campaign, user = stocked(3, **fields)
    page = page_for(user)
    open_rank(page, campaign)
    return page, campaign, user


def change_hands(page: Page) -> None:
    """Lay the pad out for the right hand, and leave the dialog open."""
    page.keyboard.press("?")
    page.get_by_role("button", name="Mouse in the left hand").click()


def turn_off(page: Page, what: str) -> None:
    """Clear one of the check boxes of the dialog."""
    page.keyboard.press("?")
    page.get_by_label(what).uncheck()
    page.keyboard.press("Escape")


def caps(page: Page, where: str) -> list[str]:
    return page.locator(f"{where} kbd").all_inner_texts()


def places(page: Page) -> dict[int, list[list[float]]]:
    """Return where the dock is, with the scale or the ladder in it, at several widths."""
    found = {}
    for width in (1440, 1181, 1024, 761, 390):
        page.set_viewport_size({"width": width, "height": 844})
        found[width] = page.evaluate(PLACES)
    return found


def test_pad_of_criteria_goes_to_the_right_half_of_the_keyboard(page_for: PageFor) -> None:
    page, _, _ = opened(page_for, criteria=CRITERIA)

    change_hands(page)
    page.keyboard.press("Escape")
    assert caps(page, ".tri") == [*"YUIHJKBNM"]
    before = assignment(page)
    press(page, "Digit2", "KeyY", "KeyJ", "KeyM")

    expect_another_task(page, before)
    a, b = latest(page).display_order
    assert latest(page).criteria == {"helpful": a, "honest": None, "harmless": b}


def test_laying_it_out_says_where_the_keys_are(page_for: PageFor) -> None:
    page, _, _ = opened(page_for, criteria=CRITERIA)

    change_hands(page)

    expect(page.locator("#keys-said")).to_have_text(SAID)
    expect(page.locator("body > .sr[role=status]")).to_have_text(SAID)


def test_what_lay_on_the_right_is_where_the_pad_was(page_for: PageFor) -> None:
    page, _, _ = opened(page_for)

    change_hands(page)
    page.keyboard.press("Escape")
    press(page, "Digit2")
    expect(page.locator("#undo kbd")).to_have_text("W")
    press(page, "KeyW")

    expect_said(page, "Taken back. Change it, or save it again.")


def test_laying_it_out_twice_is_laying_it_out_once(page_for: PageFor) -> None:
    page, _, _ = opened(page_for, criteria=CRITERIA)

    change_hands(page)
    page.get_by_role("button", name="Mouse in the left hand").click()

    assert caps(page, ".tri") == [*"YUIHJKBNM"]


def test_single_keys_are_changed_before_and_after_the_pad(page_for: PageFor) -> None:
    page, _, _ = opened(page_for)
    page.keyboard.press("?")
    page.get_by_role("button", name="Change keys").click()
    page.get_by_role("button", name="Skip: ").click()
    page.keyboard.press("KeyF")

    page.get_by_role("button", name="Mouse in the left hand").click()
    page.get_by_role("button", name="Report a problem: ").click()
    page.keyboard.press("KeyG")
    page.keyboard.press("Escape")

    shown = [caps(page, f"#{panel}")[0] for panel in ("skip", "report", "note")]
    assert shown == ["F", "G", "X"]


def test_pad_goes_back_with_all_other_keys(page_for: PageFor) -> None:
    page, _, _ = opened(page_for, criteria=CRITERIA)
    change_hands(page)

    page.get_by_role("button", name="As they were").click()

    expect(page.locator("#keys-said")).to_have_text("All keys are as they were.")
    expect(page.get_by_role("button", name="As they were")).to_be_disabled()
    assert caps(page, ".tri") == [*"QWEASDZXC"]


def test_keys_of_pairs_are_not_those_of_cards(page_for: PageFor) -> None:
    page, campaign, user = opened(page_for)
    cards, _ = stocked(1, candidates_per_comparison=3)
    add_person(cards, user, Role.ANNOTATOR)
    change_hands(page)

    open_rank(page, cards)
    assert caps(page, "#skip") == ["K"]
    page.keyboard.press("?")
    expect(page.get_by_role("button", name="Mouse in the left hand")).to_have_count(0)
    page.get_by_role("button", name="Change keys").click()
    page.get_by_role("button", name="Skip: ").click()
    page.keyboard.press("KeyX")
    open_rank(page, campaign)

    assert caps(page, "#skip") == ["D"]


def test_training_has_the_keys_of_its_screen(page_for: PageFor) -> None:
    campaign, person = set_up(1)
    stock(campaign, 1)
    page = page_for(person)
    open_rank(page, campaign)
    change_hands(page)

    start_training(page, campaign, "Begin the training")
    page.keyboard.press("KeyC")

    expect(page.locator("[data-act=source]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-act=source] kbd")).to_have_text("C")


def test_training_hides_caps_as_well(page_for: PageFor) -> None:
    campaign, person = set_up(1, candidates_per_comparison=3)
    stock(campaign, 1, texts=("good", "fair", "poor"))
    page = page_for(person)
    open_rank(page, campaign)

    turn_off(page, SHOWN)
    start_training(page, campaign, "Begin the training")

    expect(page.locator("#save-next kbd")).to_be_hidden()


def test_caps_can_be_hidden_and_stay_hidden(page_for: PageFor) -> None:
    page, _, _ = opened(page_for, **PAIR)
    page.set_viewport_size(WIDE)

    turn_off(page, SHOWN)
    page.reload()
    settle(page)

    assert page.locator(CAPS).locator("visible=true").count() == 0
    page.keyboard.press("KeyN")
    expect(page.locator("#note .pop")).to_contain_text("Ctrl ↵ saves and goes on, Esc closes.")
    expect(page.locator("#note p kbd").first).to_be_visible()


def test_dialog_names_the_keys_that_buttons_do_not(page_for: PageFor) -> None:
    page, _, _ = opened(page_for)
    page.set_viewport_size(WIDE)
    page.keyboard.press("?")
    shown = caps(page, "#keys")

    page.get_by_label(SHOWN).uncheck()

    assert page.locator("#keys kbd").locator("visible=true").all_inner_texts() == shown
    page.get_by_label(SHOWN).check()
    expect(page.locator("#skip summary kbd")).to_be_visible()


def test_keys_that_are_not_shown_still_work(page_for: PageFor) -> None:
    page, _, _ = opened(page_for)
    turn_off(page, SHOWN)

    press(page, "Digit1")

    assert answers() == 1


@pytest.mark.parametrize("what", [SHOWN, "Single-key shortcuts"])
@pytest.mark.parametrize("size", [2, 4])
def test_dock_and_scale_stay_where_they_are_without_caps(
    page_for: PageFor, size: int, what: str
) -> None:
    page, _, _ = opened(page_for, candidates_per_comparison=size, **PAIR)
    before = places(page)

    turn_off(page, what)

    assert places(page) == before


def test_page_is_painted_without_caps_from_the_start(page_for: PageFor) -> None:
    page, _, _ = opened(page_for, **PAIR)
    turn_off(page, SHOWN)
    page.add_init_script(SHIFTS)
    held: list[Route] = []
    page.route("**/ranking/pair*.js", lambda route: held.append(route))

    page.reload(wait_until="commit")
    page.evaluate(PAINTED)
    assert page.locator(CAPS).locator("visible=true").count() == 0
    held[0].continue_()
    settle(page)

    assert page.evaluate("shifted") < 0.001


def test_dialog_is_accessible_with_everything_set(page_for: PageFor) -> None:
    page, _, _ = opened(page_for, **PAIR)

    change_hands(page)
    page.get_by_label(SHOWN).uncheck()

    assert violations(page) == ""

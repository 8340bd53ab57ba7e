"""How two responses are read, at work and in training alike: linked, and A above B by choice."""

from typing import Any

import pytest
from playwright.sync_api import FloatRect, Page, expect

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.training.enums import Use
from tests.browser.conftest import PageFor
from tests.browser.sheets import latest, press, settle
from tests.factories import make_campaign, make_member
from tests.stock import stock
from tests.training.setting import aside, begin

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]

LONG = ("a word " * 1500, "another word " * 3000)
PLACES = ("work", "training")
STACK = "[data-act=stack]"
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts.push(entry.value);
}).observe({ type: 'layout-shift', buffered: true });
"""
# Told once what scrolled has been followed: on the frame after the next.
SHARES = """async () => {
  for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
  return [...document.querySelectorAll('.resp-b')].map(
    (pane) => Math.round(100 * pane.scrollTop / (pane.scrollHeight - pane.clientHeight)));
}"""
SCROLL = """() => [...document.querySelectorAll('.resp-b'), document.documentElement].map(
  (box) => box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth)"""
WIDE = {"width": 1440, "height": 900}  # a phone shows one response, and has nothing to link
TO_HALF = "pane => { pane.scrollTop = (pane.scrollHeight - pane.clientHeight) / 2; }"


def prepared(place: str) -> tuple[Campaign, User, str]:
    """Return a campaign with long pairs, somebody to read them, and where they do."""
    campaign = make_campaign(criteria=[])
    person = make_member(campaign)
    address = f"/campaigns/{campaign.pk}/"
    if place == "work":
        stock(campaign, 4, texts=LONG)
        return campaign, person, f"{address}rank/"
    aside(campaign, 2, Use.TRAINING, texts=LONG)
    attempt = begin(campaign, person, Use.TRAINING)
    return campaign, person, f"{address}training/attempts/{attempt.pk}/"


def opened(page_for: PageFor, place: str, width: int = 1440, **context: Any) -> Page:
    _, person, address = prepared(place)
    page = page_for(person, viewport={"width": width, "height": 900}, **context)
    page.add_init_script(WATCH_SHIFTS)
    page.goto(address)
    settle(page)
    return page


def box(page: Page, what: str) -> FloatRect:
    found = page.locator(what).bounding_box()
    assert found is not None
    return found


def responses(page: Page) -> tuple[FloatRect, FloatRect]:
    return box(page, ".resp[data-p=A]"), box(page, ".resp[data-p=B]")


def expect_stacked(page: Page) -> None:
    """Expect A above B, of one size, each scrolling for itself, and nothing else to scroll."""
    a, b = responses(page)
    assert (a["x"], a["width"], round(a["height"])) == (b["x"], b["width"], round(b["height"]))
    assert a["y"] + a["height"] < b["y"]
    assert page.evaluate(SCROLL) == [True, True, False]


@pytest.mark.parametrize("place", PLACES)
def test_linked_panes_scroll_to_the_same_share(page_for: PageFor, place: str) -> None:
    page = opened(page_for, place)
    pane = page.locator(".resp[data-p=A] .resp-b")

    pane.evaluate(TO_HALF)
    assert page.evaluate(SHARES) == [50, 0]
    page.keyboard.press("KeyL")
    pane.evaluate("pane => { pane.scrollTop = 0; }")
    assert page.evaluate(SHARES) == [0, 0]
    pane.evaluate(TO_HALF)

    assert page.evaluate(SHARES) == [50, 50]


def test_linked_scrolling_is_remembered_from_training_to_work(page_for: PageFor) -> None:
    campaign, person, address = prepared("training")
    stock(campaign, 1, texts=LONG)
    page = page_for(person, viewport=WIDE)
    page.goto(address)
    settle(page)
    page.get_by_role("button", name="Link scroll").press("Enter")

    page.goto(f"/campaigns/{campaign.pk}/rank/")
    settle(page)

    expect(page.locator("[data-act=link]")).to_have_attribute("aria-pressed", "true")
    page.locator(".resp[data-p=B] .resp-b").evaluate(TO_HALF)
    assert page.evaluate(SHARES) == [50, 50]


def test_training_has_the_reading_aids_of_work(page_for: PageFor) -> None:
    tools = ".ask-tools button"
    work = opened(page_for, "work").locator(tools)
    training = opened(page_for, "training").locator(tools)

    assert work.count() == 6
    assert training.all_inner_texts() == work.all_inner_texts()


@pytest.mark.parametrize("width", [1440, 1024])
@pytest.mark.parametrize("place", PLACES)
def test_stacked_puts_a_above_b_and_leaves_the_dock(
    page_for: PageFor, place: str, width: int
) -> None:
    page = opened(page_for, place, width)
    dock, side = box(page, "#dock"), responses(page)

    page.locator(STACK).press("Enter")

    expect(page.locator("#said")).to_have_text("A is above B")
    expect_stacked(page)
    assert box(page, "#dock") == dock
    page.locator(STACK).press("Enter")
    expect(page.locator("#said")).to_have_text("A and B are side by side")
    assert (box(page, "#dock"), responses(page)) == (dock, side)


def test_stacked_holds_from_right_to_left_too(page_for: PageFor) -> None:
    page = opened(page_for, "work", locale="ar")
    dock = box(page, "#dock")

    page.locator(STACK).press("Enter")

    assert page.evaluate("document.dir") == "rtl"
    expect_stacked(page)
    assert box(page, "#dock") == dock


def test_stacked_text_keeps_its_measure(page_for: PageFor) -> None:
    page = opened(page_for, "work")
    page.locator(STACK).press("Enter")

    widths = set()
    for width in (1024, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        widths |= {box(page, f".resp[data-p={letter}] .shown")["width"] for letter in "AB"}

    assert len(widths) == 1


def test_place_in_the_text_is_kept_as_the_panes_change(page_for: PageFor) -> None:
    page = opened(page_for, "work")
    page.locator(".resp[data-p=A] .resp-b").evaluate(TO_HALF)

    page.locator(STACK).press("Enter")

    assert page.evaluate(SHARES) == [50, 0]


def test_layout_in_force_is_stored_with_each_answer(page_for: PageFor) -> None:
    page = opened(page_for, "work")

    press(page, "Digit1")
    stored = [latest(page).client["layout"]]
    page.locator(STACK).press("Enter")
    press(page, "Digit1")
    stored.append(latest(page).client["layout"])
    page.set_viewport_size({"width": 390, "height": 844})
    press(page, "Digit1")
    stored.append(latest(page).client["layout"])

    assert stored == ["side", "stacked", "one"]


@pytest.mark.parametrize("place", PLACES)
def test_stacked_is_there_again_before_anything_is_painted(page_for: PageFor, place: str) -> None:
    page = opened(page_for, place)
    page.locator(STACK).press("Enter")

    page.reload()
    settle(page)

    expect(page.locator(STACK)).to_have_attribute("aria-pressed", "true")
    expect_stacked(page)
    page.evaluate(SHARES)
    assert page.evaluate("window.shifts") == []


def test_nothing_shifts_from_task_to_task_while_stacked(page_for: PageFor) -> None:
    page = opened(page_for, "work")
    page.locator(STACK).press("Enter")
    page.reload()
    settle(page)
    before = responses(page)

    press(page, "Digit1", "Digit8")

    assert responses(page) == before
    page.evaluate(SHARES)
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("place", PLACES)
def test_phones_keep_one_pane_with_a_switch(page_for: PageFor, place: str) -> None:
    page = opened(page_for, place)
    page.locator(STACK).press("Enter")

    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Response B").click()

    expect(page.locator(STACK)).to_be_hidden()
    expect(page.locator(".resp[data-p=A]")).to_be_hidden()
    expect(page.locator(".resp[data-p=B]")).to_be_visible()
    a, b = page.locator(".resp").evaluate_all("all => all.map((one) => one.offsetTop)")
    assert a == b

"""What the ranking pages look like: steady, never sideways, with their reading aids."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageFor
from tests.browser.sheets import answers, expect_said, open_rank, press, settle, stocked
from tests.factories import make_campaign, make_member
from tests.stock import stock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]


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


def test_formula_is_drawn_in_its_own_font_and_scrolls_for_itself(page_for: PageFor) -> None:
    campaign = make_campaign()
    wide = "$$" + "+".join(r"\frac{a}{b}" for _ in range(60)) + "$$"
    stock(campaign, 1, texts=(r"so $x$ and $\frac{a}{b}$", wide))
    page = page_for(make_member(campaign))
    open_rank(page, campaign)

    drawn = page.evaluate("""() => ({
      letter: document.querySelector('.read mi').getBoundingClientRect().height,
      fraction: document.querySelector('.read mfrac').getBoundingClientRect().height,
      font: getComputedStyle(document.querySelector('.read mi')).fontFamily.split(',')[0],
      scrolls: [...document.querySelectorAll('.dm')].map((dm) => dm.scrollWidth > dm.clientWidth),
      sideways: document.documentElement.scrollWidth - innerWidth,
    })""")

    assert drawn["fraction"] > 1.3 * drawn["letter"]
    assert (drawn["font"], drawn["scrolls"], drawn["sideways"]) == ("STM", [True], 0)


def test_long_responses_are_read_to_their_end(page_for: PageFor) -> None:
    campaign = make_campaign()
    long = "\n\n".join(f"{at}. " + "so many words " * 30 for at in range(220))
    stock(campaign, 1, texts=(long, "short"))
    page = page_for(make_member(campaign))
    open_rank(page, campaign)
    pane = page.locator(".resp-b", has_text="0. so many words")
    letter = pane.evaluate("pane => pane.closest('.resp').dataset.p")
    if page.locator(".ab").is_visible():
        page.locator(f".ab [data-p={letter}]").click()

    for _ in range(3):  # what comes near is measured, and moves the end
        pane.evaluate("pane => { pane.scrollTop = pane.scrollHeight; }")
        settle(page)

    expect(page.locator(f".resp[data-p={letter}] progress")).to_have_js_property("value", 100)
    expect(pane.locator(".shown").get_by_text("219. so many words")).to_be_in_viewport()


def test_link_in_a_response_does_not_open_by_a_stray_click(page_for: PageFor) -> None:
    campaign = make_campaign()
    stock(campaign, 1, texts=("[here](https://example.com/a)", "[here](https://example.com/a) too"))
    page = page_for(make_member(campaign))
    open_rank(page, campaign)

    page.get_by_role("link", name="here").first.click()

    expect_said(page, "Hold Ctrl or ⌘ to open https://example.com/a in a new tab")
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
    expect_said(page, re.compile("^Close texts: 1 places in A and 1 in B"))
    assert page.locator("#pair").inner_html() == before


def test_source_shows_what_was_written(page_for: PageFor) -> None:
    campaign = make_campaign()
    stock(campaign, 1, texts=("**bold**", "**bold** too"))
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


@pytest.mark.parametrize("height", [700, 900, 1400])
def test_long_cards_use_the_free_height_and_leave_the_dock_in_place(
    page_for: PageFor, height: int
) -> None:
    campaign = make_campaign(candidates_per_comparison=3)
    stock(campaign, 1, texts=["a word " * length for length in (20, 900, 2000)])
    page = page_for(make_member(campaign), viewport={"width": 1440, "height": height})
    open_rank(page, campaign)
    cards, dock = page.locator("#cards"), page.locator("#dock")
    before = dock.bounding_box()

    free = cards.evaluate("cards => cards.clientHeight - cards.lastElementChild.offsetHeight")
    page.get_by_role("button", name="Read all of response").first.click()

    assert 24 <= free < 40  # the grid's own padding, and a rounded line at most
    assert dock.bounding_box() == before


def test_everything_in_the_dock_of_cards_is_there_on_a_phone(page_for: PageFor) -> None:
    campaign = make_campaign(candidates_per_comparison=4)
    stock(campaign, 1, texts=("good", "fair", "poor", "bad"))
    page = page_for(make_member(campaign), viewport={"width": 390, "height": 844})
    open_rank(page, campaign)

    words = page.locator(
        ".dock-f > .btn:visible, .dock-f > form > .btn:visible, .dock-f summary:visible"
    ).all_inner_texts()
    page.click("#report summary")

    assert words == ["Undo", "Skip", "Report", "Note", "Next"]
    assert page.is_visible("text=Sent with your answer")

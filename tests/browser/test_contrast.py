"""High contrast: in forced colours and where more contrast is asked for, all can be told apart."""

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import PageFor
from tests.browser.sheets import open_rank, press, settle, stocked
from tests.browser.states import PAIR, STATES
from tests.browser.test_accessibility import online_afterwards, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]
# What is painted of an element, forced colours included: what is clear shows what lies below.
LOOK = """element => {
  const { color, outlineStyle, outlineWidth } = getComputedStyle(element);
  const backgrounds = [];
  for (let at = element; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (!/, 0\\)$/.test(backgroundColor)) backgrounds.push(backgroundColor);
  }
  return [backgrounds[0], color, outlineStyle, outlineWidth];
}"""
# What is chosen, and another of its kind that is not.
OPTIONS = {
    "segment": (".side.a .seg:first-child .w", ".side.b .seg:last-child .w"),
    "criterion": (".crit label:has(:checked)", ".crit label:not(:has(:checked))"),
    "response": (".resp[data-lean]", ".resp:not([data-lean])"),
    "letter": (".resp[data-lean] .letter", ".resp:not([data-lean]) .letter"),
    "reason": (".tick input:checked + span", ".tick input:not(:checked) + span"),
    "panel": ("#note > summary", "#skip > summary"),
    "reading aid": ("[data-act=source]", "[data-act=differ]"),
}
CARDS = {
    "rank": (".ranks label:has(:checked)", ".ranks label:not(:has(:checked))"),
    "token": (".tok:not(.un)", ".tok.un"),
    "card": (".card.cur", ".card:not(.cur)"),
}


def look(place: Locator) -> list[str]:
    """Return the colours and the outline of an element."""
    return list(place.first.evaluate(LOOK))


def alike(page: Page, options: dict[str, tuple[str, str]]) -> list[str]:
    """Return the kinds of which a chosen one looks like one that is not."""
    return [
        kind
        for kind, (chosen, other) in options.items()
        if look(page.locator(chosen)) == look(page.locator(other))
    ]


def test_what_is_chosen_is_told_apart_in_forced_colours(page_for: PageFor) -> None:
    campaign, user = stocked(1, **PAIR)
    page = page_for(user, forced_colors="active")
    open_rank(page, campaign)

    for key in ("KeyQ", "Digit1", "KeyM", "KeyN"):
        page.keyboard.press(key)
    page.get_by_label("too long").check()
    page.evaluate("document.activeElement.blur()")

    assert alike(page, OPTIONS) == []


def test_tie_is_told_apart_in_forced_colours(page_for: PageFor) -> None:
    campaign, user = stocked(1, **PAIR)
    page = page_for(user, forced_colors="active")
    open_rank(page, campaign)

    page.keyboard.press("Digit0")

    knot = {"tie": (".knot label:has(:checked)", ".knot label:not(:has(:checked))")}
    assert alike(page, knot) == []


def test_ranks_are_told_apart_in_forced_colours(page_for: PageFor) -> None:
    campaign, user = stocked(1, candidates_per_comparison=3)
    page = page_for(user, forced_colors="active")
    open_rank(page, campaign)

    page.keyboard.press("Digit2")

    assert alike(page, CARDS) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_focus_is_drawn_around_every_control_in_forced_colours(
    page_for: PageFor, width: int
) -> None:
    campaign, user = stocked(1, **PAIR)
    page = page_for(user, forced_colors="active", viewport={"width": width, "height": 844})
    open_rank(page, campaign)

    missing, seen = set(), set()
    for _ in range(40):
        page.keyboard.press("Tab")
        name, shown = page.evaluate(FOCUSED)
        seen.add(name)
        if not shown:
            missing.add(name)

    assert len(seen) > 15
    assert missing == set()


# A control may leave its ring to what lies around it, as the segments of the scale do.
FOCUSED = """() => {
  const focused = document.activeElement;
  const drawn = [focused, focused.parentElement, focused.nextElementSibling].filter(Boolean);
  const ringed = drawn.some((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  });
  const name = [focused.localName, focused.id, focused.name, focused.value, focused.textContent];
  return [name.join(' ').slice(0, 80), focused === document.body || ringed];
}"""


def test_what_cannot_be_used_is_told_apart_in_forced_colours(page_for: PageFor) -> None:
    campaign, user = stocked(2)
    page = page_for(user, forced_colors="active")
    open_rank(page, campaign)
    undo = page.locator("#undo button")
    before = look(undo), undo.evaluate("undo => getComputedStyle(undo).borderTopStyle")

    press(page, "Digit1")
    settle(page)

    after = look(undo), undo.evaluate("undo => getComputedStyle(undo).borderTopStyle")
    assert before[0][1] != after[0][1]
    assert (before[1], after[1]) == ("dashed", "solid")


@pytest.mark.parametrize("state", ["as it opens", "chosen", "note", "guide", "ideal", "offline"])
def test_more_contrast_breaks_nothing(page_for: PageFor, state: str) -> None:
    campaign, user = stocked(3, **PAIR)
    page = page_for(user, contrast="more")
    open_rank(page, campaign)

    STATES[state](page)

    with online_afterwards(page):
        assert not (found := violations(page)), found


def test_more_contrast_gives_more(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    lines = []
    for wish in ("no-preference", "more"):
        page = page_for(user, contrast=wish)
        open_rank(page, campaign)
        lines.append(page.locator(".resp").first.evaluate(BORDER))

    assert lines[0] != lines[1]


BORDER = "pane => getComputedStyle(pane).borderTopColor"

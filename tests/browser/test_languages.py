"""The interface in Arabic and Japanese: it fits, it ranks by keyboard, and places do not turn."""

import logging

import pytest
from playwright.sync_api import Locator, Page, expect

from labeling.ranking.models import Judgment
from tests.browser.conftest import PageFor
from tests.browser.looks import SIZES
from tests.browser.places import visitors, without_reference
from tests.browser.sheets import (
    assignment,
    expect_another_task,
    open_rank,
    settle,
    stocked,
)
from tests.browser.states import PAIR
from tests.browser.test_accessibility import violations
from tests.browser.test_shell import overflows
from tests.languages.catalogs import LANGUAGES, kept
from tests.plugin import FULL
from tests.security.world import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def in_words(text: str, language: str, domain: str = "djangojs") -> str:
    """Return what a catalogue says for a text."""
    return str(kept(language, domain)[text].string)


def left_edges(page: Page, places: str) -> list[float]:
    script = "places => places.map(place => place.getBoundingClientRect().left)"
    edges: list[float] = page.locator(places).evaluate_all(script)
    return edges


@in_every_language
def test_pair_is_judged_by_key_and_saved(page_for: PageFor, language: str) -> None:
    campaign, user = stocked(3)
    page = page_for(user, locale=language)
    open_rank(page, campaign)
    before = assignment(page)

    page.keyboard.press("Digit2")
    expect_another_task(page, before)

    expect(page.locator("#save")).to_have_text(in_words("Saved", language))
    assert Judgment.objects.get().strength == 3


@in_every_language
def test_cards_are_ranked_by_key_and_saved(page_for: PageFor, language: str) -> None:
    campaign, user = stocked(2, candidates_per_comparison=3)
    page = page_for(user, locale=language)
    open_rank(page, campaign)
    before = assignment(page)

    for key in ("Digit1", "Digit3", "Digit2", "Enter"):
        page.keyboard.press(key)
    expect_another_task(page, before)

    expect(page.locator("#save")).to_have_text(in_words("Saved", language))
    assert Judgment.objects.count() == 1


def test_places_do_not_turn_with_the_language(page_for: PageFor) -> None:
    campaign, user = stocked(1, **PAIR)
    page = page_for(user, locale="ar")
    open_rank(page, campaign)

    sides, scale = left_edges(page, ".resp"), left_edges(page, ".scale .seg")

    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert sides == sorted(sides)
    assert scale == sorted(scale)
    assert len(scale) == 8


def test_cards_and_arrows_do_not_turn_with_the_language(page_for: PageFor) -> None:
    campaign, user = stocked(1, candidates_per_comparison=3)
    page = page_for(user, locale="ar")
    open_rank(page, campaign)
    settle(page)

    cards, rungs = left_edges(page, ".card")[:2], left_edges(page, ".rung")
    page.keyboard.press("ArrowRight")

    assert cards == sorted(cards)  # of the first row, however many there are in one
    assert rungs == sorted(rungs)
    expect(page.locator(".card.cur")).to_have_attribute("data-c", "B")


def test_text_in_a_response_follows_its_own_script(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    page = page_for(user, locale="ar")
    open_rank(page, campaign)

    assert direction(page.locator(".resp .read.shown").first) == "ltr"
    assert direction(page.locator(".resp").first) == "rtl"


def direction(place: Locator) -> str:
    return str(place.evaluate("place => getComputedStyle(place).direction"))


@in_every_language
def test_no_page_of_a_manager_scrolls_sideways_or_breaks_a_rule(
    page_for: PageFor, language: str
) -> None:
    logging.disable()
    with built() as world:
        (visitor,) = visitors(world, ["manager"])
        page = page_for(visitor.user, locale=language)
        wide, found = {}, ""
        seen = without_reference(visitor)
        for at, address in enumerate(seen if FULL else seen[list(LANGUAGES).index(language) :: 5]):
            page.goto(address)
            if over := overflows(page):
                wide[address] = over
            size = SIZES[at % len(SIZES)]
            found += violations(page, [(*size, "light")])
    logging.disable(logging.NOTSET)

    assert wide == {}
    assert not found, found


@in_every_language
def test_language_is_chosen_in_the_menu_and_stays(page_for: PageFor, language: str) -> None:
    campaign, user = stocked(1)
    page = page_for(user)
    page.goto(f"/campaigns/{campaign.pk}/")
    page.locator("details.menu summary").press("Enter")

    page.locator(f".menu button[lang={language}]").press("Enter")

    expect(page.locator(f"html[lang={language}]")).to_be_attached()
    assert page.url.endswith(f"/campaigns/{campaign.pk}/")
    page.goto("/")
    expect(page.locator(f"html[lang={language}]")).to_be_attached()

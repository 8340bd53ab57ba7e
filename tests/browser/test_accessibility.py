"""No page and no state of a page breaks a rule of WCAG 2.2 A or AA that axe-core can check."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from labeling.campaigns.services import publish_guideline
from labeling.clock import database_now
from labeling.ranking.services.reporting import withhold_reported
from tests.browser.conftest import PageFor
from tests.browser.looks import LOOKS, USUAL, Look
from tests.browser.places import ROLES, visitors, without_reference
from tests.browser.sheets import open_rank, press, settle, stocked
from tests.browser.states import PAIR, STATES
from tests.factories import make_campaign, make_member
from tests.plugin import FULL
from tests.security.world import built
from tests.stock import claim, judge, stock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]

# ``make test-faults`` looks at every width in both themes.
SEEN = LOOKS if FULL else [LOOKS[0], LOOKS[-1]]
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS = {"runOnly": list(RULES), "resultTypes": ["violations"]}


@pytest.fixture
def look() -> Look:
    """Where a page opens; it is looked at in the others then."""
    return USUAL


def violations(page: Page, looks: Sequence[Look] = SEEN) -> str:
    """Return what axe-core finds on the page as it now stands, in these widths and themes."""
    found = []
    for width, height, theme in looks:
        page.set_viewport_size({"width": width, "height": height})
        # Without motion, so that no colour is met on its way to another.
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{width} {theme} {page.url}: {what}\n" for what in _broken(page)]
    return "".join(found)


def _broken(page: Page) -> Iterator[str]:
    for rule in Axe().run(page, options=OPTIONS).response["violations"]:
        for node in rule["nodes"]:
            yield f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:250]!r}"


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_every_role(page_for: PageFor, role: str) -> None:
    logging.disable()
    with built() as world:
        (visitor,) = [one for one in visitors(world) if one.name == role]
        page = page_for(visitor.user)
        found = ""
        for at, address in enumerate(without_reference(visitor, only="anonymous")):
            page.goto(address)
            found += violations(page, SEEN if FULL else [SEEN[at % 2]])
    logging.disable(logging.NOTSET)

    assert len(visitor.addresses) > 3
    assert not found, found


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_the_page_of_pairs(page_for: PageFor, state: str) -> None:
    campaign, user = stocked(3, **PAIR)
    page = page_for(user)
    open_rank(page, campaign)

    STATES[state](page)

    with online_afterwards(page):
        assert not (found := violations(page)), found


@pytest.mark.parametrize(
    "ranks", [(), ("Digit1", "Digit3"), ("Digit1", "Digit2", "Digit3", "BracketLeft")]
)
def test_every_state_of_the_page_of_cards(page_for: PageFor, ranks: tuple[str, ...]) -> None:
    campaign, user = stocked(2, candidates_per_comparison=3, ideal="optional")
    page = page_for(user)
    open_rank(page, campaign)

    for key in ranks:
        page.keyboard.press(key)

    assert not (found := violations(page)), found


def test_formulas_tables_and_code_in_responses(page_for: PageFor) -> None:
    campaign = make_campaign()
    texts = (
        r"so $\frac{a}{b}$ and $$" + "+".join([r"\sqrt{x}"] * 60) + "$$",
        "| a | b |\n|-|-|\n| 1 | 2 |\n\n```python\nprint('x' * 400)\n```",
    )
    stock(campaign, 1, texts=texts)
    page = page_for(make_member(campaign))
    open_rank(page, campaign)

    assert not (found := violations(page)), found


def test_a_warning_and_veiled_texts(page_for: PageFor) -> None:
    campaign, user = stocked(
        2, content_warning="Insults and threats.", pay=Decimal(1), currency="EUR"
    )
    page = page_for(user)
    page.goto(f"/campaigns/{campaign.pk}/rank/")
    found = violations(page)
    page.get_by_role("button", name="I am ready to read it").click()
    settle(page)
    found += violations(page)
    page.keyboard.press("Period")
    found += violations(page)

    assert not found, found


def test_the_end_of_the_work_and_ones_own_answers(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    page = page_for(user)
    open_rank(page, campaign)
    press(page, "Digit1")

    found = violations(page)
    page.goto(f"/campaigns/{campaign.pk}/rank/history/")

    found += violations(page)
    assert not found, found


def test_what_is_withheld_since_a_report(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    held = claim(campaign, user)
    judge(campaign, user, held, flags=("personal_data",), rationale="An address.")
    withhold_reported(now=database_now())
    page, found = page_for(campaign.created_by), ""

    for place in ("progress/", "comparisons/?which=withheld", f"comparisons/{held.comparison_id}/"):
        page.goto(f"/campaigns/{campaign.pk}/{place}")
        found += violations(page)

    assert not found, found


def test_the_guide_that_must_be_read(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    publish_guideline(
        campaign=campaign, text="# Be kind\n\nAnd brief.", by=campaign.created_by, must_be_read=True
    )
    page = page_for(user)
    page.goto(f"/campaigns/{campaign.pk}/rank/")

    assert not (found := violations(page)), found


def test_axe_finds_what_is_wrong(page_for: PageFor) -> None:
    campaign, user = stocked(1)
    page = page_for(user)
    open_rank(page, campaign)
    settle(page)

    page.evaluate("document.querySelector('#said').innerHTML = '<button></button><input>'")

    found = violations(page)
    assert "button-name: " in found
    assert " label: " in found


@contextmanager
def online_afterwards(page: Page) -> Iterator[None]:
    yield
    page.context.set_offline(False)
    settle(page)

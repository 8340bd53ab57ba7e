"""The shell in a real browser: keyboard, themes, widths, and the content security policy."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.factories import PASSWORD, make_cast, make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]

OPEN_PAGES = ("/account/sign-in/", "/account/password/reset/", "/api/", "/nowhere/")
WIDTHS = (320, 390, 1024, 1440)


def overflows(page: Page) -> dict[int, int]:
    """Return, by width of the window, by how many pixels the page is wider."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return {width: pixels for width, pixels in found.items() if pixels > 0}


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_page_never_scrolls_sideways(page_for: PageFor, path: str) -> None:
    page = page_for()

    page.goto(path)

    assert overflows(page) == {}


def test_refusal_fits_with_navigation_and_open_menu(page_for: PageFor) -> None:
    cast = make_cast()
    page = page_for(cast.annotator)

    page.goto(f"/campaigns/{cast.foreign.pk}/")
    page.click("details.menu summary")

    assert page.inner_text("h1") == "Not found"
    assert page.is_visible("text=Sign out")
    assert overflows(page) == {}


def test_every_place_a_manager_is_led_to_fits(page_for: PageFor) -> None:
    cast = make_cast(name="A campaign whose name is longer than any bar of navigation is wide")
    page = page_for(cast.manager)
    page.goto(f"/campaigns/{cast.campaign.pk}/")
    places = page.locator(".nav a").evaluate_all("links => links.map((link) => link.pathname)")

    found = {}
    for place in [*places, "/campaigns/new/", "/account/tokens/"]:
        page.goto(place)
        found[place] = (page.locator("h1:visible").count(), overflows(page))

    assert len(places) > 5
    assert {place: what for place, what in found.items() if what != (1, {})} == {}


def test_sign_in_works_by_keyboard_alone(page_for: PageFor) -> None:
    user = make_user()
    page = page_for()
    page.goto("/account/sign-in/")

    for _ in range(4):  # skip link, mark, theme, then the first field
        page.keyboard.press("Tab")
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "/account/" not in page.url
    assert page.locator("details.menu summary").get_attribute("aria-label") == (
        f"Menu of {user.email}"
    )


def test_sign_in_says_why_it_refuses_and_keeps_the_address(page_for: PageFor) -> None:
    user = make_user()
    page = page_for()
    page.goto("/account/sign-in/")

    page.fill("[name=login]", user.email)
    page.fill("[name=password]", "something else")
    page.keyboard.press("Enter")

    page.wait_for_selector("[role=alert]")
    assert "not correct" in page.inner_text("[role=alert]")
    assert page.input_value("[name=login]") == user.email


def test_skip_link_is_first_and_leads_to_the_content(page_for: PageFor) -> None:
    page = page_for()
    page.goto("/api/")

    page.keyboard.press("Tab")
    assert focused(page) == "skip"
    page.keyboard.press("Enter")

    assert focused(page) == "main"


def test_theme_follows_the_system_until_switched_and_is_remembered(page_for: PageFor) -> None:
    page = page_for(color_scheme="dark")
    page.goto("/account/sign-in/")
    dark = background(page)

    page.click("[data-act=theme]")
    light = background(page)
    page.reload()

    assert (dark, light, background(page)) == (
        "rgb(16, 20, 22)",
        "rgb(233, 237, 236)",
        "rgb(233, 237, 236)",
    )


def test_theme_switch_is_announced(page_for: PageFor) -> None:
    page = page_for(color_scheme="light")
    page.goto("/account/sign-in/")

    page.click("[data-act=theme]")

    expect(page.locator("[role=status]")).to_have_text("Dark theme")


def test_menu_closes_with_escape_and_gives_focus_back(page_for: PageFor) -> None:
    page = page_for(make_user())
    page.goto("/api/")
    page.focus("details.menu summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    page.keyboard.press("Escape")

    assert page.locator("details.menu").get_attribute("open") is None
    assert page.evaluate("document.activeElement.localName") == "summary"


def test_signing_out_ends_the_session(page_for: PageFor) -> None:
    page = page_for(make_user())
    page.goto("/api/")

    page.click("details.menu summary")
    page.click("text=Sign out")

    page.wait_for_url("**/account/sign-in/")
    assert page.inner_text(".messages") == "You are signed out."


def test_pages_work_without_script(page_for: PageFor) -> None:
    user = make_user()
    page = page_for(java_script_enabled=False)
    page.goto("/account/sign-in/")

    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.goto("/api/")
    page.click("details.menu summary")

    assert page.is_visible("text=Sign out")


def test_policy_stops_inline_script_and_the_watch_sees_it(
    page_for: PageFor, faults: list[str]
) -> None:
    page = page_for()
    page.goto("/account/sign-in/")

    page.evaluate(
        "document.body.append(Object.assign("
        "document.createElement('script'), {textContent: 'window.ran = true'}))"
    )

    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
    assert "policy: script-src-elem inline" in faults
    faults.clear()


@pytest.mark.parametrize("width", [768, 1024, 1200, 1440])
def test_navigation_shows_every_place_whole(page_for: PageFor, width: int) -> None:
    cast = make_cast(name="A campaign whose name is longer than any bar of navigation is wide")
    page = page_for(cast.manager, viewport={"width": width, "height": 800})

    page.goto(f"/campaigns/{cast.campaign.pk}/")

    hidden = page.locator(".nav").evaluate("nav => nav.scrollWidth - nav.clientWidth")
    assert hidden <= 1  # pixels, by rounding

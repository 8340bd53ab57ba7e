"""A real Chromium on a live server; any fault the browser sees on the way fails the test."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response
from pytest_django.live_server_helper import LiveServer

from labeling.accounts.models import User
from tests.browser.looks import CHOSEN, Look, name_of
from tests.factories import signed_in

TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) => {
  window.tellViolation(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


OTHERS_AT_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


class PageFor(Protocol):
    """How tests get a page."""

    def __call__(self, user: User | None = None, **context: Any) -> Page:
        """Open a page in which ``user`` is signed in; ``context`` goes to the browser."""


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What the browser complained about; a test that expects a fault takes it out."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture(params=CHOSEN, ids=name_of)
def look(request: pytest.FixtureRequest) -> Look:
    """The width, height and theme of pages that ask for no other."""
    found: Look = request.param
    return found


@pytest.fixture
def page_for(
    chromium: Browser, live_server: LiveServer, faults: list[str], look: Look
) -> Iterator[PageFor]:
    """Return the way to open pages; addresses are relative to the live server."""
    contexts: list[BrowserContext] = []
    width, height, theme = look

    def open_page(user: User | None = None, **context: Any) -> Page:
        viewport = {"width": width, "height": height}
        given: dict[str, Any] = {"viewport": viewport, "color_scheme": theme, **context}
        opened = chromium.new_context(base_url=live_server.url, **given)
        contexts.append(opened)
        if user is not None:
            name = settings.SESSION_COOKIE_NAME
            session = signed_in(user).cookies[name].value
            opened.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        opened.set_default_timeout(10_000)
        opened.set_default_navigation_timeout(30_000)  # a machine may be busy
        page = opened.new_page()
        _watch(page, live_server.url, faults.append)
        return page

    yield open_page
    for opened in contexts:
        opened.close()
    _wait_until_served()


def _wait_until_served() -> None:
    """Let the server finish what pages sent as they went, before the tables are emptied."""
    if connection.vendor != "postgresql":  # SQLite's writers wait for one another
        return
    quiet, deadline = 0, time.monotonic() + 10
    while quiet < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
        with connection.cursor() as cursor:
            cursor.execute(OTHERS_AT_WORK)
            quiet = quiet + 1 if cursor.fetchone() == (0,) else 0


def _watch(page: Page, home: str, tell: Callable[[str], None]) -> None:
    def hear(message: ConsoleMessage) -> None:
        # Failed requests are told below, where pages that refuse on purpose can be told apart.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            tell(f"console: {message.text}")

    def see_request(request: Request) -> None:
        if not request.url.startswith((home, "data:", "blob:")):
            tell(f"off-origin: {request.url}")

    def see_response(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            tell(f"{response.status}: {response.url}")

    page.expose_function("tellViolation", lambda what: tell(f"policy: {what}"))
    page.add_init_script(TELL_VIOLATIONS)
    page.on("pageerror", lambda error: tell(f"script: {error}"))
    page.on("console", hear)
    page.on("request", see_request)
    page.on("response", see_response)

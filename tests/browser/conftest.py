"""A real Chromium on a live server; any fault the browser sees on the way fails the test."""

import os
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from labeling.accounts.models import User
from tests.factories import signed_in
from tests.plugin import browser_path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) => {
  window.tellViolation(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


class PageFor(Protocol):
    """How tests get a page."""

    def __call__(self, user: User | None = None, **context: Any) -> Page:
        """Open a page in which ``user`` is signed in; ``context`` goes to the browser."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of the session."""
    path = browser_path()
    if path is None:
        assert os.environ.get("REQUIRE_SERVICES") != "1", "REQUIRE_SERVICES=1 and no Chromium"
        pytest.skip("no Chromium on this machine")
    patch = pytest.MonkeyPatch()
    # Playwright keeps an event loop in this thread, and the tests use the database from it.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    patch.undo()


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What the browser complained about; a test that expects a fault takes it out."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def page_for(chromium: Browser, live_server: LiveServer, faults: list[str]) -> Iterator[PageFor]:
    """Return the way to open pages; addresses are relative to the live server."""
    contexts: list[BrowserContext] = []

    def open_page(user: User | None = None, **context: Any) -> Page:
        given = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light", **context}
        opened = chromium.new_context(base_url=live_server.url, **given)
        contexts.append(opened)
        if user is not None:
            name = settings.SESSION_COOKIE_NAME
            session = signed_in(user).cookies[name].value
            opened.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        opened.set_default_timeout(10_000)
        page = opened.new_page()
        _watch(page, live_server.url, faults.append)
        return page

    yield open_page
    for opened in contexts:
        opened.close()


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

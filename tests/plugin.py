"""Which tests run where: none without its service, none twice for nothing, one browser."""

import gc
import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect, sync_playwright

FIGURES = "figures"  # the property of a test that is printed at the end of the run
Record = Callable[[str, object], None]
FULL = os.environ.get("FAULTS") == "full"  # as make test-faults runs it
# The first is Chromium without the windows that nobody sees here: a third less processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def browser_path() -> str | None:
    """Return the browser that the tests drive: CHROMIUM, else the first one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def has_postgres() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def has_redis() -> bool:
    return urlsplit(settings.CELERY_BROKER_URL).scheme in {"redis", "rediss"}


def has_local_models() -> bool:
    return all(map(importlib.util.find_spec, ("torch", "transformers")))


NEEDS = {
    "browser": (browser_path, "no Chromium on this machine"),
    "local_model": (has_local_models, "the `local` extra is not installed"),
    "postgres": (has_postgres, "this run is not on PostgreSQL"),
    "redis": (has_redis, "this run is not on Redis"),
}

# One worker alone starts a browser, and one loads torch and the models that its tests share.
TOGETHER = ("browser", "local_model")


def needs_database(item: pytest.Item) -> bool:
    """Tell whether a test may touch the database at all; pytest-django stops it otherwise."""
    fixtures = {"db", "transactional_db", "live_server"}
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(
        getattr(item, "fixturenames", ())
    )


@pytest.hookimpl(tryfirst=True)  # before `-m "not once"` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = {
        marker: pytest.mark.skip(reason=reason)
        for marker, (present, reason) in NEEDS.items()
        if not present()
    }
    for item in items:
        services = any(item.get_closest_marker(name) for name in ("postgres", "redis"))
        if not (services or needs_database(item)):
            item.add_marker("once")
        for marker in NEEDS:
            if item.get_closest_marker(marker) is None:
                continue
            if marker in TOGETHER:
                item.add_marker(pytest.mark.xdist_group(marker))
            if marker in absent:
                item.add_marker(absent[marker])


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end: thousands of tests and all of Django."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have measured, whichever worker they ran in."""
    reports = [
        report for name in ("passed", "failed") for report in terminalreporter.getreports(name)
    ]
    found = [
        str(figures)
        for report in reports
        for name, figures in getattr(report, "user_properties", ())
        if name == FIGURES
    ]
    if found:
        terminalreporter.section(FIGURES)
        terminalreporter.write_line("\n".join(found))


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
    # How long a page may take to show what is expected; a loaded machine is slow, not wrong.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    patch.undo()

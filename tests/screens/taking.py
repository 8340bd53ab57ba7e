"""Bring the installation into each state and photograph it in every look."""

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from bench.ui import browser
from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from tests.factories import signed_in
from tests.screens.index import FOLDER, LOOKS, Look, picture_of, write_index
from tests.screens.pictures import Packer
from tests.screens.places import every_screen
from tests.screens.screen import Screen

PATIENCE_MS = 20_000
HIGHEST = 3_200  # the reference of the API goes on for much longer
FIXED_WORDS = Path(__file__).with_name("fixed_words.js").read_text(encoding="utf-8")


def take_all(url: str, only: Sequence[str]) -> int:
    """Photograph every screen, or those whose name holds one of the words; return 1 on trouble.

    Each begins with the empty database, so that none depends on what was shown before it.
    """
    screens = [one for one in every_screen() if not only or any(w in one.name for w in only)]
    expect.set_options(timeout=PATIENCE_MS)
    broken = []
    with browser() as chromium, _emptied() as empty:
        packer = Packer(chromium)
        for screen in screens:
            empty(crc32(screen.name.encode()) % 1000)
            try:
                _take(chromium, url, screen, packer)
            except Exception as error:  # noqa: BLE001 - told, and the next ones are taken
                broken.append(screen.name)
                print(f"{screen.name}: {error}", file=sys.stderr)
    if not only:
        _remove_others(screens)
    write_index()
    print(f"{len(screens) - len(broken)} of {len(screens)} pages and states are in {FOLDER}")
    return int(bool(broken))


def _take(chromium: Browser, url: str, screen: Screen, packer: Packer) -> None:
    contexts: list[BrowserContext] = []

    def visit(user: User | None = None, **context: Any) -> Page:
        return _open(chromium, contexts, url, user, context)

    try:
        screen.show(visit)
        page = contexts[-1].pages[-1]
        for look in LOOKS:
            picture = picture_of(screen, look)
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(packer.pack(_photograph(page, look)))
    finally:
        for opened in contexts:
            opened.close()


def _open(
    chromium: Browser,
    contexts: list[BrowserContext],
    url: str,
    user: User | None,
    context: dict[str, Any],
) -> Page:
    given = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **context}
    opened = chromium.new_context(base_url=url, color_scheme="light", **given)
    contexts.append(opened)
    opened.set_default_timeout(PATIENCE_MS)
    opened.route("**/tokens*.css", _wait_for_fonts)
    if user is not None:
        name = settings.SESSION_COOKIE_NAME
        session = signed_in(user).cookies[name].value
        opened.add_cookies([{"name": name, "value": session, "url": url}])
    return opened.new_page()


def _wait_for_fonts(route: Route) -> None:
    """Let no picture depend on whether the font came in time."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("optional", "block"))


def _photograph(page: Page, look: Look) -> bytes:
    page.wait_for_load_state()  # a page that a form has led to may still be coming
    page.set_viewport_size({"width": look.width, "height": look.height})
    height = page.evaluate("document.documentElement.scrollHeight")
    # As high as the page, so that what is fixed to the window's edge is at the picture's.
    page.set_viewport_size({"width": look.width, "height": min(max(height, look.height), HIGHEST)})
    page.emulate_media(color_scheme=look.theme, reduced_motion="reduce")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate(FIXED_WORDS)
    return page.screenshot(animations="disabled")


@contextmanager
def _emptied() -> Iterator[Any]:
    """Give the way back to the database as it is now, but for the number of the next campaign.

    The server remembers figures of a campaign for a while, by its number.
    """
    live = settings.DATABASES["default"]["NAME"]
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "empty.sqlite3"
        _copy(live, kept)
        yield lambda number: _restore(kept, live, number)


def _restore(kept: Path, live: str | Path, number: int) -> None:
    connection.close()
    _copy(kept, live)
    with connection.cursor() as cursor:
        table = Campaign._meta.db_table
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])


def _copy(source: str | Path, target: str | Path) -> None:
    with sqlite3.connect(source) as one, sqlite3.connect(target, timeout=60) as other:
        one.backup(other)
    one.close()
    other.close()


def _remove_others(screens: Sequence[Screen]) -> None:
    """Take away pictures of what is no longer shown."""
    places = {screen.place for screen in screens}
    pictures = {picture_of(screen, look) for screen in screens for look in LOOKS}
    for folder in filter(Path.is_dir, FOLDER.iterdir()):
        if folder.name not in places:
            shutil.rmtree(folder)
    for picture in set(FOLDER.glob("*/*.png")) - pictures:
        picture.unlink()

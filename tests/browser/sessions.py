"""A session in which everything goes wrong that can, drawn from a seed, and its books."""

import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route
from playwright.sync_api import TimeoutError as TooLate

READY = "#main[data-ready]:not([aria-busy])"
PATIENCE_MS = 30_000
MOMENT_MS = 1_500
STEPS = 14

BOOKS = Path(__file__).with_name("books.js").read_text()


@dataclass
class Session:
    """One person at one campaign, with one tab or two."""

    context: BrowserContext
    address: str
    drawn: random.Random
    cookies: list[Any]
    mood: str = ""  # what becomes of the next requests that carry an answer
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.add_init_script(BOOKS)
        self.context.route("**/rank/*/", self._meet)
        self.page = self._open()

    def run(self) -> None:
        """Do what is drawn, then let everything be well and wait until all is sent."""
        acts = [self.answer] * 8 + [
            self.go_offline,
            self.come_online,
            self.reload,
            self.kill_tab,
            self.fail,
            self.stall,
            self.lose_reply,
            self.expire,
            self.sign_in,
            self.other_tab,
        ]
        for _ in range(STEPS):
            act = self.drawn.choice(acts)
            self.done.append(act.__name__)
            act()
        self.recover()

    def books(self) -> dict[str, list[str]]:
        """Return what the browser took down."""
        names = ["given", "stored", "refused", "early"]
        return dict(zip(names, self.page.evaluate("names => names.map(books)", names), strict=True))

    def answer(self) -> None:
        try:
            self.page.locator(READY).wait_for(state="attached", timeout=MOMENT_MS)
        except TooLate:  # nothing to answer for now, which the page says
            return
        self.page.keyboard.press(f"Digit{self.drawn.randint(1, 8)}")

    def go_offline(self) -> None:
        self.context.set_offline(True)

    def come_online(self) -> None:
        self.context.set_offline(False)

    def reload(self) -> None:
        self.come_online()
        self.sign_in()
        self.page.reload(wait_until="commit")

    def kill_tab(self) -> None:
        self.come_online()
        self.sign_in()
        self.page.close()
        self.page = self._open()

    def fail(self) -> None:
        self.mood = "fail"

    def stall(self) -> None:
        self.mood = "stall"

    def lose_reply(self) -> None:
        self.mood = "lose"

    def expire(self) -> None:
        self.context.clear_cookies()

    def sign_in(self) -> None:
        self.context.add_cookies(self.cookies)

    def other_tab(self) -> None:
        self.come_online()
        self.sign_in()
        mine, self.page = self.page, self._open()
        self.answer()
        self.page, other = mine, self.page
        if self.drawn.random() < 0.5:
            other.close()

    def recover(self) -> None:
        self.mood = ""
        self.reload()
        self.page.wait_for_load_state("load")
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < deadline:
            waits = self.page.evaluate("Object.keys(localStorage).join()")
            said = self.page.locator("#save").text_content()
            if "annotate.outbox." not in waits and said == "Saved":
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"not all was sent: {self.done}")

    def _open(self) -> Page:
        page = self.context.new_page()
        page.goto(self.address)
        return page

    def _meet(self, route: Route) -> None:
        mood, self.mood = self.mood, "" if self.drawn.random() < 0.5 else self.mood
        if route.request.method != "POST" or not mood:
            route.continue_()
        elif mood == "fail":
            route.fulfill(status=self.drawn.choice((500, 502, 503)), body="no")
        elif mood == "lose":
            route.fetch()
            route.abort()
        else:
            time.sleep(0.4)
            route.continue_()

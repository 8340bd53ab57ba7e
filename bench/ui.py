"""Measure the ranking page in a browser: from a key to the next comparison, weight, movement.

Run with ``make bench-ui``; ``ARGS="--answers 50"`` for a first impression. Every figure is the
browser's own: event and paint times, resource sizes, layout shifts.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, Page, StorageState, ViewportSize, sync_playwright

from annotate.launch import LaunchError
from bench.client import Counter, Person
from bench.stack import Stack, running
from bench.votes import FOLDER, import_row, load_pairs
from tests.plugin import FLAGS, browser_path

ANSWERS, PREFETCH_PAUSE_MS = 200, 400
MOST_MEDIAN_MS, MOST_P95_MS, MOST_COLD_KB = 50, 100, 150
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
# What is only loaded where it is needed counts apart.
APART = (".woff2",)

# Times a key from the event to the frame in which another comparison stands on the page.
WATCH = """
window.timings = [];
window.shifts = [];
let pressed = 0;
addEventListener('keydown', (event) => { pressed = event.timeStamp; }, true);
new MutationObserver((found) => {
  const isNew = found.some(({ addedNodes }) => [...addedNodes].some((node) => node.id === 'main'));
  if (!isNew || !pressed) return;
  const since = pressed;
  pressed = 0;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    window.timings.push(performance.now() - since);
  }));
}).observe(document, { childList: true, subtree: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts.push(entry.value);
}).observe({ type: 'layout-shift', buffered: true });
"""
LOADED = """() => [...performance.getEntriesByType('navigation'),
  ...performance.getEntriesByType('resource')]
  .map((entry) => ({ url: entry.name, bytes: entry.transferSize }))"""


@dataclass(frozen=True)
class Seen:
    """What the browser measured on one visit."""

    timings: list[float]
    shift: float
    loads: list[dict[str, Any]]

    @property
    def weight(self) -> float:
        """Return the kilobytes that the page itself took, fonts apart."""
        return sum(load["bytes"] for load in self.loads if not load["url"].endswith(APART)) / 1000

    @property
    def fonts(self) -> float:
        """Return the kilobytes of fonts."""
        return sum(load["bytes"] for load in self.loads if load["url"].endswith(APART)) / 1000


def prepare(stack: Stack, pairs: int) -> tuple[str, str]:
    """Make a campaign of recorded pairs; return its address and an annotator's sign-in link."""
    manager = Person(stack.url, Counter())
    manager.become_administrator(stack)
    made = manager.ask(
        "POST", "campaigns/", json={"name": "Pairs", "guideline": "Which is better?", "overlap": 1}
    )
    campaign = f"campaigns/{made['id']}"
    plain = {"version": 1, "repeat_percent": 0, "share_percent": 100}
    manager.ask("PATCH", f"{campaign}/allocation/", json=plain)
    manager.ask("POST", f"{campaign}/state/", json={"state": "active"})
    rows = (json.dumps(import_row(pair)).encode() for pair in load_pairs()[:pairs])
    manager.import_rows(campaign, rows)
    people = {"members": [{"email": "annotator@annotate.localhost"}]}
    link = manager.ask("POST", f"{campaign}/members/", json=people)["results"][0]["link"]
    return f"{stack.url}/campaigns/{made['id']}/rank/", link


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser that the tests drive, too."""
    path = browser_path()
    if path is None:
        raise LaunchError("No Chromium was found: install it, or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


def wait_until_ready(page: Page) -> None:
    """Wait until the page takes keys."""
    page.locator("#main[data-ready]:not([aria-busy])").wait_for(state="attached")


def visit(page: Page, place: str, answers: int) -> Seen:
    """Open the ranking page, answer so many comparisons by key, and return what was measured."""
    page.goto(place)
    wait_until_ready(page)
    page.wait_for_load_state("networkidle")
    loads = page.evaluate(LOADED)
    for number in range(answers):
        wait_until_ready(page)
        page.keyboard.press(f"Digit{number % 8 + 1}")
        page.wait_for_timeout(PREFETCH_PAUSE_MS)
    return Seen(page.evaluate("timings"), sum(page.evaluate("shifts")), loads)


def measure(stack: Stack, answers: int) -> tuple[Seen, Seen]:
    """Return what a first visit loads, and a later one with all its answers."""
    place, link = prepare(stack, answers + 5)
    with browser() as opened:
        context = opened.new_context(viewport=VIEWPORT, storage_state=_signed_in(opened, link))
        page = context.new_page()
        page.add_init_script(WATCH)
        cold = visit(page, place, 0)
        return cold, visit(page, place, answers)


def _signed_in(opened: Browser, link: str) -> StorageState:
    """Accept the invitation elsewhere, so that the measured visit finds nothing in the cache."""
    context = opened.new_context()
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Your name").fill("annotator")
    for field in page.locator("input[type=password]").all():
        field.fill("a long enough passphrase")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    return context.storage_state()


def show(cold: Seen, warm: Seen) -> bool:
    """Print the table; tell whether every bar is held."""
    p95 = quantiles(warm.timings, n=20)[-1]
    rows = [
        ("key to next comparison painted, median, ms", median(warm.timings), MOST_MEDIAN_MS),
        ("key to next comparison painted, p95, ms", p95, MOST_P95_MS),
        ("cold page, KB without fonts", cold.weight, MOST_COLD_KB),
        ("layout shift, all answers together", warm.shift, 0),
    ]
    print(f"comparisons answered by key{len(warm.timings):>24}")
    print(f"slowest of them, ms{max(warm.timings):>32.1f}")
    print(f"cold page, KB of fonts{cold.fonts:>29.1f}")
    print(f"cold page, requests{len(cold.loads):>32}")
    print(f"warm page, KB{warm.weight + warm.fonts:>38.1f}")
    for name, value, most in rows:
        print(f"  {'ok  ' if value <= most else 'MISS'} {name:<44}{value:>8.2f} (bar {most})")
    return all(value <= most for _, value, most in rows)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench-ui", description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=ANSWERS)
    parser.add_argument("--setup", choices=("services", "embedded"), default="services")
    given = parser.parse_args(arguments)
    if not FOLDER.exists():
        print(f"The recorded votes are not here: {FOLDER}", file=sys.stderr)
        return 1
    try:
        with running(given.setup) as stack:
            cold, warm = measure(stack, given.answers)
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if show(cold, warm) and len(warm.timings) == given.answers else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

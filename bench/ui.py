"""Measure the ranking page in a browser: from a key to the next comparison, weight, movement.

Answers as they were recorded, and answers of 100 kB, which are scrolled through as well.

Run with ``make bench-ui``; ``ARGS="--answers 50"`` for a first impression. Every figure is the
browser's own: event and paint times, resource sizes, layout shifts.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, Page, StorageState, ViewportSize, sync_playwright

from annotate.launch import LaunchError
from bench.client import Counter, Person
from bench.stack import Stack, running
from bench.votes import FOLDER, Pair, import_row, load_pairs
from tests.plugin import FLAGS, browser_path

ANSWERS, PREFETCH_PAUSE_MS = 200, 400
LONG_ANSWERS, LONG, LONG_FORMATTED = 40, 100_000, 60_000  # characters
SCROLLS, SCROLL_PX = 100, 400
MOST_MEDIAN_MS, MOST_P95_MS, MOST_COLD_KB = 50, 100, 150
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
# What is only loaded where it is needed counts apart.
APART = (".woff2",)

# Times a key from the event to the frame in which another comparison stands on the page.
WATCH = """
window.timings = [];
window.shifts = [];
window.slowFrames = []; // the browser reports those over 50 ms
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
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.slowFrames.push(entry.duration);
}).observe({ type: 'long-animation-frame' });
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
    slow_frames: list[float]

    @property
    def weight(self) -> float:
        """Return the kilobytes that the page itself took, fonts apart."""
        return sum(load["bytes"] for load in self.loads if not load["url"].endswith(APART)) / 1000

    @property
    def fonts(self) -> float:
        """Return the kilobytes of fonts."""
        return sum(load["bytes"] for load in self.loads if load["url"].endswith(APART)) / 1000


def prepare(stack: Stack, answers: int) -> tuple[Sequence[str], str]:
    """Make campaigns of usual, long and longest answers; return their addresses and a link."""
    manager = Person(stack.url, Counter())
    manager.become_administrator(stack)
    pairs = load_pairs()
    usual, link = campaign_of(manager, "Pairs", map(import_row, pairs[: answers + 5]))
    others = [
        campaign_of(manager, f"Answers of {length} characters", long_rows(pairs, length))[0]
        for length in (LONG_FORMATTED, LONG)
    ]
    return [f"{stack.url}/{place}/rank/" for place in (usual, *others)], link


def campaign_of(manager: Person, name: str, rows: Iterable[Any]) -> tuple[str, str]:
    """Make a campaign that runs; return its address and, at first, the annotator's link."""
    made = manager.ask(
        "POST", "campaigns/", json={"name": name, "guideline": "Which is better?", "overlap": 1}
    )
    campaign = f"campaigns/{made['id']}"
    plain = {"version": 1, "repeat_percent": 0, "share_percent": 100}
    manager.ask("PATCH", f"{campaign}/allocation/", json=plain)
    manager.ask("POST", f"{campaign}/state/", json={"state": "active"})
    manager.import_rows(campaign, (json.dumps(row).encode() for row in rows))
    people = {"members": [{"email": "annotator@annotate.localhost"}]}
    (added,) = manager.ask("POST", f"{campaign}/members/", json=people)["results"]
    return campaign, added.get("link") or ""


def long_rows(pairs: Sequence[Pair], length: int) -> Iterator[dict[str, Any]]:
    """Yield pairs whose answers are recorded ones, one after another, up to a length."""
    texts = [text for pair in pairs for text in pair.texts]
    for number in range(LONG_ANSWERS + 5):
        long = [cut(texts, start, length) for start in (number * 40, number * 40 + 20)]
        candidates = [{"text": text, "model": f"model-{at}"} for at, text in enumerate(long)]
        yield {"prompt": f"Tell me everything, {number}.", "candidates": candidates}


def cut(texts: Sequence[str], start: int, length: int) -> str:
    """Return so many characters of the texts, from one of them on and round again."""
    found, at = "", start
    while len(found) < length:
        found += texts[at % len(texts)] + "\n\n"
        at += 1
    return found[:length]


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


def visit(page: Page, place: str, answers: int, *, scrolls: bool = False) -> Seen:
    """Open the ranking page, answer so many comparisons by key, and return what was measured."""
    page.goto(place)
    wait_until_ready(page)
    page.wait_for_load_state("networkidle")
    loads = page.evaluate(LOADED)
    for number in range(answers):
        wait_until_ready(page)
        page.keyboard.press(f"Digit{number % 8 + 1}")
        page.wait_for_timeout(PREFETCH_PAUSE_MS)
    slow = scrolled(page) if scrolls else []
    return Seen(page.evaluate("timings"), sum(page.evaluate("shifts")), loads, slow)


def scrolled(page: Page) -> list[float]:
    """Scroll through a response with the wheel; return the frames over 50 ms, in ms."""
    wait_until_ready(page)
    page.locator(".resp-b").first.hover()
    page.evaluate("slowFrames.length = 0")
    for _ in range(SCROLLS):
        page.mouse.wheel(0, SCROLL_PX)
    page.wait_for_timeout(PREFETCH_PAUSE_MS)
    found: list[float] = page.evaluate("slowFrames")
    return found


def measure(stack: Stack, answers: int) -> list[Seen]:
    """Return a first visit, a later one with all its answers, and those to the long answers."""
    places, link = prepare(stack, answers)
    with browser() as opened:
        context = opened.new_context(viewport=VIEWPORT, storage_state=_signed_in(opened, link))
        page = context.new_page()
        page.add_init_script(WATCH)
        cold, warm = visit(page, places[0], 0), visit(page, places[0], answers)
        return [cold, warm, *(visit(page, each, LONG_ANSWERS, scrolls=True) for each in places[1:])]


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


def show(cold: Seen, warm: Seen, long: Sequence[Seen]) -> bool:
    """Print the table; tell whether every bar is held."""
    print(f"comparisons answered by key{len(warm.timings):>24}")
    print(f"slowest of them, ms{max(warm.timings):>32.1f}")
    print(f"cold page, KB of fonts{cold.fonts:>29.1f}")
    print(f"cold page, requests{len(cold.loads):>32}")
    print(f"warm page, KB{warm.weight + warm.fonts:>38.1f}")
    rows = [
        *speed(warm, ""),
        ("cold page, KB without fonts", cold.weight, MOST_COLD_KB),
        ("layout shift, all answers together", warm.shift, 0),
    ]
    for length, seen in zip((LONG_FORMATTED, LONG), long, strict=True):
        said = f", {length // 1000} kB answers"
        slow = (f"frames over 50 ms while scrolling{said}", len(seen.slow_frames), 0)
        rows += [*speed(seen, said), (f"layout shift{said}", seen.shift, 0), slow]
    for name, value, most in rows:
        print(f"  {'ok  ' if value <= most else 'MISS'} {name:<64}{value:>8.2f} (bar {most})")
    return all(value <= most for _, value, most in rows)


def speed(seen: Seen, said: str) -> list[tuple[str, float, float]]:
    """Return the rows that tell how soon the next comparison stood on the page."""
    p95 = quantiles(seen.timings, n=20)[-1]
    return [
        (f"key to next comparison painted, median, ms{said}", median(seen.timings), MOST_MEDIAN_MS),
        (f"key to next comparison painted, p95, ms{said}", p95, MOST_P95_MS),
    ]


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
            cold, warm, *long = measure(stack, given.answers)
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if show(cold, warm, long) and len(warm.timings) == given.answers else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

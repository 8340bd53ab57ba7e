"""Replay recorded human votes through the HTTP API, export, and recount everything sent.

Run with ``make journey``; ``ARGS="--setup embedded --pairs 200"`` for a part of it.
"""

import argparse
import json
import secrets
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotate.launch import LaunchError
from bench.client import Counter, Person
from bench.recount import Check, Sent, recount
from bench.stack import SETUPS, Stack, running
from bench.votes import FOLDER, Pair, Voters, import_row, load_pairs

OVERLAP, SEED = 3, 20
PATIENCE_SECONDS = 600
MOST_WAITS = 120


@dataclass
class Journey:
    """One replay on one running installation."""

    stack: Stack
    pairs: list[Pair]
    counter: Counter
    campaign: str = ""

    def __post_init__(self) -> None:
        self.voters = Voters(self.pairs, SEED)
        self.manager = Person(self.stack.url, self.counter)
        self.sent: list[Sent] = []
        self.lock = threading.Lock()

    def open_campaign(self) -> None:
        """Sign a first administrator in and make the campaign."""
        self.manager.become_administrator(self.stack)
        body = {
            "name": "Recorded votes",
            "guideline": "Which answer is better?",
            "overlap": OVERLAP,
            "candidates_per_comparison": 2,
        }
        self.campaign = f"campaigns/{self.manager.ask('POST', 'campaigns/', json=body)['id']}"
        plain = {"version": 1, "repeat_percent": 0}  # the recount is of judgments that count
        self.manager.ask("PATCH", f"{self.campaign}/allocation/", json=plain)
        self.manager.ask("POST", f"{self.campaign}/state/", json={"state": "active"})

    def import_pairs(self) -> dict[str, Any]:
        """Upload every pair as one file and wait until all of it can be compared."""
        rows = (json.dumps(import_row(pair)).encode() for pair in self.pairs)
        found = self.manager.import_rows(self.campaign, rows)
        wanted = found["stored_rows"] * OVERLAP
        self._until(lambda: self.progress()["wanted"] >= wanted, "comparisons")
        return found

    def progress(self) -> dict[str, Any]:
        """Return the campaign's counts."""
        return dict(self.manager.ask("GET", f"{self.campaign}/progress/"))

    def invite(self) -> dict[int, Person]:
        """Invite everyone who voted and let each accept and sign in; return them by number."""
        numbers = sorted({worker for pair in self.pairs for worker in pair.votes})
        body = {"members": [{"email": f"annotator{n}@annotate.localhost"} for n in numbers]}
        added = self.manager.ask("POST", f"{self.campaign}/members/", json=body)["results"]
        with ThreadPoolExecutor(8) as pool:
            people = pool.map(self._accept, numbers, [one["link"] for one in added])
            return dict(zip(numbers, people, strict=True))

    def _accept(self, number: int, link: str) -> Person:
        person = Person(self.stack.url, self.counter)
        person.accept(link, secrets.token_urlsafe(16), f"annotator {number}")
        return person

    def rank(self, people: dict[int, Person]) -> None:
        """Let everyone claim and answer at the same time until no judgment is wanted any more."""
        with ThreadPoolExecutor(len(people)) as pool:
            for done in [pool.submit(self._work, *one) for one in people.items()]:
                done.result()

    def _work(self, number: int, person: Person) -> None:
        """Answer until nothing is wanted; others may be holding the last slots for a moment."""
        for _ in range(MOST_WAITS):
            found = person.ask("POST", f"{self.campaign}/assignments/next/")
            while found["assignment"] is not None:
                found = self._answer(number, person, found["assignment"])
            if found["open"] == 0:
                return
            time.sleep(0.5)

    def _answer(self, number: int, person: Person, shown: dict[str, Any]) -> dict[str, Any]:
        """Answer a comparison and claim the next in the same request; return what comes next."""
        texts = tuple(one["text"] for one in shown["responses"])
        prompt = shown["prompt"][-1]["content"]
        better, own = self.voters.vote(number, prompt, texts)
        body: dict[str, Any] = {"token": shown["token"], "outcome": "tie", "hold": 1}
        if better is not None:
            ranks = [1 if text == better else 2 for text in texts]
            body |= {"outcome": "ranked", "ranks": ranks}
        elif self.voters.finds_bad(number, prompt, texts):
            own, body["outcome"] = False, "both_bad"
        receipt = person.ask(
            "POST",
            f"{self.campaign}/assignments/{shown['id']}/judgment/",
            headers={"Idempotency-Key": secrets.token_hex(16)},
            json=body,
        )
        with self.lock:
            self.sent.append(
                Sent(receipt["judgment"], number, prompt, body["outcome"], better, texts, own)
            )
        return dict(receipt["next"])

    def export(self) -> Path:
        """Request an export, wait for it and download every file; return the folder."""
        made = self.manager.ask("POST", f"{self.campaign}/exports/", json={})
        where = f"{self.campaign}/exports/{made['id']}/"
        self._until(
            lambda: self.manager.ask("GET", where)["state"] not in {"requested", "running"},
            "the export",
        )
        made = self.manager.ask("GET", where)
        if made["state"] != "ready":
            raise RuntimeError(f"the export failed: {made['error']}")
        folder = self.stack.folder / "downloaded"
        for file in made["files"]:
            target = folder / file["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.manager.send("GET", file["url"], headers={}).content)
        return folder

    def judgments(self) -> list[dict[str, Any]]:
        """Return every judgment in force, as the manager sees them."""
        rows, address = [], f"/api/v1/{self.campaign}/judgments/?limit=200"
        while address:
            page = self.manager.send("GET", address, headers={}).json()
            rows += page["results"]
            address = page["next"]
        return rows

    def _until(self, done: Any, what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done():
            if time.monotonic() > deadline:
                raise RuntimeError(f"gave up waiting for {what}")
            time.sleep(0.5)


def travel(setup: str, pairs: list[Pair]) -> list[Check]:
    """Make the whole journey on one set-up, print its table, and return the checks."""
    counter, clock = Counter(), Clock()
    with running(setup) as stack:
        journey = Journey(stack, pairs, counter)
        journey.open_campaign()
        clock.lap("start")
        imported = journey.import_pairs()
        clock.lap("import and plan")
        people = journey.invite()
        clock.lap("invite and accept")
        before = len(counter.seconds)
        journey.rank(people)
        ranking = clock.lap("rank")
        ranked_requests = len(counter.seconds) - before
        folder = journey.export()
        clock.lap("export and download")
        stored, pairs_in = journey.judgments(), imported["stored_rows"]
        checks = recount(journey.sent, stored, folder, overlap=OVERLAP, pairs=pairs_in)
        clock.lap("recount")
    rows = [
        ("pairs imported", imported["stored_rows"]),
        ("rows refused", imported["refused_rows"]),
        ("people", len(people)),
        ("judgments acknowledged", len(journey.sent)),
        ("of them the person's own recorded vote", sum(one.own for one in journey.sent)),
        ("requests, all", len(counter.seconds)),
        ("requests a second while ranking", f"{ranked_requests / ranking:.0f}"),
        ("judgments a second while ranking", f"{len(journey.sent) / ranking:.1f}"),
        (
            "request p50 / p95 / p99, ms",
            " / ".join(f"{counter.percentile(share):.0f}" for share in (0.5, 0.95, 0.99)),
        ),
        *((f"seconds: {name}", f"{seconds:.1f}") for name, seconds in clock.laps),
    ]
    expected = Check("every pair was imported", imported["stored_rows"] == len(pairs))
    _print_table(setup, rows, [expected, *checks])
    return [expected, *checks]


class Clock:
    """Name the seconds between one point and the next."""

    def __init__(self) -> None:
        self.laps: list[tuple[str, float]] = []
        self.last = time.perf_counter()

    def lap(self, name: str) -> float:
        """End a lap; return its seconds."""
        now = time.perf_counter()
        self.laps.append((name, now - self.last))
        self.last = now
        return self.laps[-1][1]


def _print_table(setup: str, rows: list[tuple[str, Any]], checks: list[Check]) -> None:
    print(f"\n== {setup} ==")
    for name, value in rows:
        print(f"  {name:<44} {value}")
    for check in checks:
        print(f"  {'ok  ' if check.holds else 'FAIL'} {check.name} {check.detail}".rstrip())


def main() -> int:
    """Run the journey on the set-ups named; return 1 when any check does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--setup", choices=SETUPS, action="append", help="default: both")
    parser.add_argument("--pairs", type=int, default=None, help="only the first so many")
    given = parser.parse_args()
    if not FOLDER.is_dir():
        print(f"journey: the recorded votes are not at {FOLDER}", file=sys.stderr)
        return 1
    pairs = load_pairs()[: given.pairs]
    try:
        checks = [one for setup in given.setup or SETUPS for one in travel(setup, pairs)]
    except LaunchError as error:
        print(f"journey: {error}", file=sys.stderr)
        return 1
    return 0 if all(check.holds for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())

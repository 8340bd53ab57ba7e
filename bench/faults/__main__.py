"""Make candidates while workers and their children are killed, Redis is emptied and is away.

Run with ``make generate-faults``; ``ARGS="--prompts 100 --kills 6 --away 10"`` for a part of it,
``ARGS=--careless`` for Celery as it comes without any sweep, which must lose some.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import bench.stack
from annotate import launch
from bench.client import Counter as Requests
from bench.client import Person
from bench.faults.books import MADE, Books, Kill, recoveries
from bench.faults.broker import Broker, own_broker
from bench.faults.fleet import POOLS, Fleet
from bench.generate.model import prompts, save_model
from bench.stack import Stack, running

EACH, MODEL = 4, "random"
RECIPE = {"temperature": 0.8, "top_p": 0.95, "max_new_tokens": 64}
PATIENCE_SECONDS, QUIET_SECONDS = 3_000, 150
SLOWEST_SECONDS = 120
PRODUCT, CARELESS = "annotate.settings", "bench.faults.careless"


@dataclass
class Trial:
    """One run of candidates, and what is done to those who make them."""

    books: Books
    fleet: Fleet
    broker: Broker
    total: int
    groups: int = 0
    children: int = 0
    emptied: int = 0
    away_seconds: float = 0.0
    kills: list[Kill] = field(default_factory=list)

    def kill(self) -> None:
        """Kill a whole worker or one child, turn by turn."""
        at = random.SystemRandom().randrange(len(POOLS))
        time.sleep(random.SystemRandom().random())
        before, now = self.books.being_made(), self.books.now()
        if self.groups > self.children and self.fleet.kill_child(at):
            self.children += 1
        else:
            self.fleet.kill_group(at)
            self.groups += 1
        self.kills.append(Kill(now, before))

    def empty(self) -> None:
        """Have Redis forget everything."""
        self.broker.empty()
        self.emptied += 1

    def take_away(self, seconds: float) -> None:
        """Take Redis away for a while."""
        started = time.monotonic()
        self.broker.stop()
        time.sleep(seconds)
        self.broker.start()
        self.away_seconds += time.monotonic() - started


def work(trial: Trial, *, kills: int, away: float, patience: float) -> None:
    """Let the run go to its end, or until nothing has moved for long; do the faults on the way."""
    drawn = random.SystemRandom()
    faults = [(drawn.uniform(0.02, 0.95), trial.kill) for _ in range(kills)]
    faults += [(share, trial.empty) for share in (0.25, 0.7)]
    faults.append((0.45, lambda: trial.take_away(away)))
    faults.sort(key=lambda fault: fault[0], reverse=True)
    started = moved = time.monotonic()
    last = -1
    while trial.books.open():
        made = trial.books.made()
        if made != last:
            last, moved = made, time.monotonic()
        if time.monotonic() - started > PATIENCE_SECONDS or time.monotonic() - moved > patience:
            return
        if faults and made >= faults[-1][0] * trial.total:
            faults.pop()[1]()
        time.sleep(0.1)


def ask(stack: Stack, count: int) -> tuple[Books, int]:
    """Ask for candidates of a random model; return the books of the run and how many they are."""
    save_model(stack.folder / "models" / MODEL, hidden=64, layers=2, words=2_000)
    manager = Person(stack.url, Requests())
    manager.become_administrator(stack)
    body = {"name": "R", "backend": "transformers", "model": MODEL, "parameters": RECIPE}
    at, generator = manager.prepare_run(prompts(count), body)
    parts = [{"generator": generator, "per_prompt": EACH}]
    wanted = {"parts": parts, "seed": 1, "unchecked": ["cut_off"]}
    run = manager.ask("POST", f"{at}/runs/", json=wanted)
    return Books(stack.env["DATABASE_URL"], run["id"]), count * EACH


def report(trial: Trial, *, is_careless: bool) -> bool:
    """Print what became of the candidates; tell whether it is as it must be."""
    rows = trial.books.rows()
    made = sum(row.state in MADE and row.has_text for row in rows)
    places = Counter((row.prompt, row.sample) for row in rows)
    late = sorted(recoveries(rows, trial.kills))
    p99 = late[min(len(late) - 1, int(0.99 * len(late)))] if late else 0.0
    lost = trial.total - made
    print(f"whole workers killed {trial.groups}, single children {trial.children}")
    print(f"FLUSHALL {trial.emptied} times, Redis away for {trial.away_seconds:.0f} s")
    print(f"candidates {len(rows)}, made {made}, lost {lost}")
    print(f"places taken twice {sum(n > 1 for n in places.values())}")
    print(f"taken from a worker by a kill {len(late)}; made after it within", end=" ")
    print(f"{late[len(late) // 2] if late else 0:.0f} s (p50), {p99:.0f} s (p99),", end=" ")
    print(f"{late[-1] if late else 0:.0f} s (longest)")
    if is_careless:
        return lost > 0
    return lost == 0 and len(places) == len(rows) == trial.total and p99 <= SLOWEST_SECONDS


def main() -> int:
    """Do it; 1 when something is lost, doubled or slow, or when the mutant loses nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=1_250)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--away", type=float, default=120, help="seconds without Redis")
    parser.add_argument("--careless", action="store_true")
    given = parser.parse_args()
    settings = CARELESS if given.careless else PRODUCT
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    try:
        with own_broker() as broker:
            bench.stack.REDIS = broker.url
            with running("services", without=("worker-generate",)) as stack:
                books, total = ask(stack, given.prompts)
                trial = Trial(books, Fleet(stack, settings), broker, total)
                started = time.monotonic()
                trial.fleet.start()
                try:
                    work(
                        trial,
                        kills=given.kills,
                        away=given.away,
                        patience=QUIET_SECONDS + given.away,
                    )
                finally:
                    trial.fleet.end()
                print(f"\n{total} candidates, {settings}, {time.monotonic() - started:.0f} s")
                right = report(trial, is_careless=given.careless)
                books.close()
    except launch.LaunchError as error:
        print(f"generate-faults: {error}", file=sys.stderr)
        return 1
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())

"""Measure claims and answers by size of the campaign and by number of annotators at once.

Run with ``make bench-assign``; ``ARGS="--quick"`` for a first impression in about a minute.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack

from annotate.launch import LaunchError
from bench.assign.crew import OVER_HTTP, OVERLAP, SERVER_WARM_UP, WARM_UP, Crew
from bench.assign.figures import HEAD, Bar, Figures, line, typical
from bench.assign.past import CONSUMED, EARLIER, give_past, use_up_head
from bench.stack import running

SIZES, PEOPLE = (10_000, 100_000, 1_000_000), (1, 8, 32)
WAYS = ("raw", "service", *OVER_HTTP)
PAST = "past"
WORKERS = ("worker", "worker-generate")  # nothing here is left to them
PAIRS = {1: 300, 8: 150, 32: 40}
HTTP_PAIRS = {1: 150, 8: 50, 32: 15}
PAST_ROUNDS, PAST_PAIRS, FIRST_ROUNDS = 5, 200, 15
# The bar over HTTP, and what PostgreSQL takes for plain SQL on the machine it was set for.
MOST_MS, RAW_MS = 9, 0.62
FIRST = "service, first claim of a new person"
Cell = tuple[int, int, str]


class Bench:
    """All measurements of one run, by size, number of people and way."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.found: defaultdict[Cell, list[Figures]] = defaultdict(list)

    def run(self) -> None:
        """Fill one installation for each size, then measure in turns."""
        ways = [way for way in WAYS if way in self.given.only]
        self._check_stock(ways)
        each_time = len(ways) * sum(self.given.people)
        needed = each_time * self.given.repeat + 5 * PAST_ROUNDS + 2 * FIRST_ROUNDS + 1
        with ExitStack() as stack:
            crews = []
            for size in self.given.size:
                installation = stack.enter_context(running("services", without=WORKERS))
                crews.append(Crew(installation, size, needed))
                stack.callback(crews[-1].stop)
            for crew in crews:
                crew.start()
            for _ in range(self.given.repeat):
                self._round(crews, ways)
            if PAST in self.given.only:
                self._past(crews[-1])

    def _check_stock(self, ways: list[str]) -> None:
        """Raise LaunchError when the smallest campaign would run out of work on the way."""
        asked = self.given.repeat * sum(
            count * (_pairs(way, count) + _unseen(way, count))
            for count in self.given.people
            for way in ways
        )
        if asked > 0.9 * self.given.size[0] * OVERLAP:
            raise LaunchError(
                f"{self.given.size[0]:,} comparisons are too few for {asked:,} claims: "
                "ask for fewer repetitions, or for a larger --size"
            )

    def _round(self, crews: list[Crew], ways: list[str]) -> None:
        """Measure everything once; what will be compared comes one after the other."""
        for crew in crews:
            crew.sweep()
        for count in self.given.people:
            for way in ways:
                for crew in crews:
                    people = crew.new(count)
                    if way in OVER_HTTP:
                        crew.spread(people)
                    pairs, unseen = _pairs(way, count), _unseen(way, count)
                    found = crew.measure(way, people, pairs, unseen)
                    self._keep((crew.size, count, way), found)

    def _past(self, crew: Crew) -> None:
        """Measure somebody with a past beside newcomers, before and after the head is used up."""
        (veteran,) = crew.new()
        give_past(crew, veteran)
        for _ in range(PAST_ROUNDS):
            self._one(crew, "service, new person", crew.new())
            self._one(crew, f"service, {EARLIER:,} judgments earlier", [veteran])
            self._one(crew, "raw from the head", crew.new())
        self._first(crew, FIRST)
        use_up_head(crew)
        crew.sweep()
        self._first(crew, f"{FIRST}, {CONSUMED:,} used up")
        for _ in range(PAST_ROUNDS):
            self._one(crew, f"service, new, {CONSUMED:,} used up", crew.new())
            self._one(crew, f"raw from the head, {CONSUMED:,} used up", crew.new())

    def _first(self, crew: Crew, name: str) -> None:
        """Measure people who have never been here, nothing unseen before."""
        for _ in range(FIRST_ROUNDS):
            found = crew.measure("service", crew.new(), 1, warm_up=0)
            self._keep((crew.size, 1, name), found)

    def _one(self, crew: Crew, name: str, person: list[int]) -> None:
        way = "raw from the head" if name.startswith("raw") else "service"
        self._keep((crew.size, 1, name), crew.measure(way, person, PAST_PAIRS))

    def _keep(self, cell: Cell, found: Figures) -> None:
        """Keep a measurement, and show it at once: the whole takes long."""
        self.found[cell].append(found)
        print(line(*cell, found), file=sys.stderr, flush=True)

    def report(self) -> bool:
        """Print the table and the bars; tell whether every bar holds."""
        table = {cell: typical(rows) for cell, rows in self.found.items()}
        print(HEAD)
        for (size, people, way), figures in table.items():
            print(line(size, people, way, figures))
        found = list(bars(table, self.given.size))
        print(*(bar.as_text() for bar in found), sep="\n")
        return all(bar.holds for bar in found)


def _pairs(way: str, people: int) -> int:
    """Return how many claims and answers each of so many people is measured at."""
    return (HTTP_PAIRS if way in OVER_HTTP else PAIRS)[people]


def _unseen(way: str, people: int) -> int:
    """Return how many each of them makes before, to warm up."""
    return max(WARM_UP, SERVER_WARM_UP // people if way in OVER_HTTP else 0)


def bars(table: dict[Cell, Figures], sizes: list[int]) -> list[Bar]:
    """Return the bars that this run can tell something about."""
    return [*_size_bars(table, sizes), *_raw_bars(table), *_past_bars(table), *_cpu_bars(table)]


def _size_bars(table: dict[Cell, Figures], sizes: list[int]) -> list[Bar]:
    small, large = sizes[0], sizes[-1]
    return [
        Bar(
            f"claim p95 at {large:,} beside {small:,}, {people} at once",
            table[large, people, "service"].claim_p95 / table[small, people, "service"].claim_p95,
            1.3,
        )
        for people in PEOPLE
        if small != large and (large, people, "service") in table
    ]


def _raw_bars(table: dict[Cell, Figures]) -> list[Bar]:
    return [
        Bar(
            f"service beside raw, {size:,} comparisons, {people} at once",
            100 * figures.rate / table[size, people, "raw"].rate,
            25,
            "%",
            at_least=True,
        )
        for (size, people, way), figures in table.items()
        if way == "service" and (size, people, "raw") in table
    ]


def _past_bars(table: dict[Cell, Figures]) -> list[Bar]:
    by_name = {way: figures.claim_p95 for (_, _, way), figures in table.items()}
    new = "service, new person"
    beside = {
        f"service, {EARLIER:,} judgments earlier": new,
        f"service, new, {CONSUMED:,} used up": new,
        f"{FIRST}, {CONSUMED:,} used up": FIRST,
    }
    return [
        Bar(f"claim p95, {name}, beside {other}", by_name[name] / by_name[other], 1.3)
        for name, other in beside.items()
        if name in by_name
    ]


def _cpu_bars(table: dict[Cell, Figures]) -> Iterator[Bar]:
    raw = {cell[:2]: row.postgres_ms for cell, row in table.items() if cell[2] == "raw"}
    for way in OVER_HTTP:
        used = {cell: row.processor_ms for cell, row in table.items() if cell[2] == way}
        beside = {cell: ms / raw[cell[:2]] for cell, ms in used.items() if cell[:2] in raw}
        what = f"processor time of a claim and answer, {way}"
        yield from _worst(what, used, MOST_MS, "ms")
        yield from _worst(f"{what}, beside PostgreSQL's for raw", beside, MOST_MS / RAW_MS, "x")


def _worst(what: str, found: dict[Cell, float], limit: float, unit: str) -> Iterator[Bar]:
    if found:
        size, people, _ = worst = max(found, key=lambda cell: found[cell])
        yield Bar(f"{what}, most at {size:,}, {people} at once", found[worst], limit, unit)


def main() -> int:
    """Measure what is asked for; return 1 when a bar does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 and 100,000, one repetition")
    parser.add_argument("--size", type=int, action="append", help="default: 10 k, 100 k and 1 M")
    parser.add_argument("--people", type=int, action="append", choices=PEOPLE)
    parser.add_argument("--only", action="append", choices=(*WAYS, PAST))
    parser.add_argument("--repeat", type=int, help="default: 3; the median counts")
    given = parser.parse_args()
    given.size = sorted(given.size or (SIZES[:2] if given.quick else SIZES))
    given.people = given.people or list(PEOPLE)
    given.only = given.only or [*WAYS, PAST]
    given.repeat = given.repeat or (1 if given.quick else 3)
    bench = Bench(given)
    try:
        bench.run()
    except LaunchError as error:
        print(f"bench-assign: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0 if bench.report() else 1


if __name__ == "__main__":
    sys.exit(main())

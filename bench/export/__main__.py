"""Measure exports beside a bare loop that copies the same rows out of the same database.

Run with ``make bench-export``; ``ARGS="--size 100000"`` for a first impression in minutes.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from annotate.launch import LaunchError
from bench.client import Counter, Person
from bench.stack import Stack, running

SIZES, CONTAINERS, WAYS = (100_000, 1_000_000), ("jsonl", "parquet"), ("bare", "product")
WORKERS = ("worker", "worker-generate")  # nothing here is left to them
DOWNLOADS = 20
MOST_TIMES, MOST_MEGABYTES, MOST_MILLISECONDS = 1.5, 300, 200
# Memory at the largest size beside the smallest: what flat means here.
FLAT = 1.1


@dataclass
class Found:
    """What was measured at one size: of each container and way, and milliseconds to first bytes."""

    size: int
    rows: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    first_bytes: dict[str, list[float]] = field(default_factory=dict)

    def typical(self, container: str, way: str, what: str) -> float:
        """Return the median of one figure."""
        return median(row[what] for row in self.rows[container, way])

    def most(self, container: str) -> float:
        """Return the most memory that the product ever took, in megabytes."""
        return max(float(row["megabytes"]) for row in self.rows[container, "product"])

    def times(self, container: str) -> float:
        """Return how many times as long as the bare loop the product takes."""
        return self.typical(container, "product", "seconds") / self.typical(
            container, "bare", "seconds"
        )


def measure(size: int, repeat: int) -> Found:
    """Fill an installation, then let product and bare loop take turns."""
    found = Found(size)
    with running("services", without=WORKERS) as stack:
        person = Person(stack.url, Counter())
        person.become_administrator(stack)
        campaign = _python(stack, "bench.export.stock", str(size))["campaign"]
        for _ in range(repeat):
            for container in CONTAINERS:
                for way in WAYS:
                    row = _one(stack, container, way)
                    found.rows.setdefault((container, way), []).append(row)
                    print(size, container, way, row, file=sys.stderr, flush=True)
        for container in CONTAINERS:
            export = found.rows[container, "product"][-1]["export"]
            _download(person, f"campaigns/{campaign}/exports/{export}", container, found)
    return found


def _one(stack: Stack, container: str, way: str) -> dict[str, Any]:
    if way == "product":
        return _python(stack, "bench.export.product", container)
    folder = tempfile.mkdtemp(prefix="annotate-bare-")
    try:
        return _python(stack, "bench.export.bare", container, folder)
    finally:
        shutil.rmtree(folder)


def _python(stack: Stack, module: str, *arguments: str) -> dict[str, Any]:
    """Run one module under the settings of the installation; return what it printed last."""
    env = {**stack.env, "DJANGO_SETTINGS_MODULE": "annotate.settings"}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, env=env, cwd=Path.cwd(), stdout=subprocess.PIPE, text=True, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _download(person: Person, export: str, container: str, found: Found) -> None:
    """Time the first bytes of the largest file with rows, and of the archive."""
    files = person.ask("GET", f"{export}/")["files"]
    largest = max((one for one in files if one["rows"]), key=lambda one: one["size"])
    for name, path in ((container, largest["path"]), (f"{container} archive", "archive.zip")):
        for _ in range(DOWNLOADS):
            start = time.perf_counter()
            with person.http.stream("GET", f"/api/v1/{export}/files/{path}") as answer:
                answer.raise_for_status()
                next(answer.iter_raw())
                found.first_bytes.setdefault(name, []).append(1000 * (time.perf_counter() - start))


def report(every: list[Found]) -> bool:
    """Print all figures; tell whether every bar holds."""
    print(f"{'size':>9} {'container':9} {'bare s':>8} {'product s':>9} {'times':>6} {'MB':>5}")
    holds = True
    for found in every:
        for name in CONTAINERS:
            bare, product = (found.typical(name, way, "seconds") for way in WAYS)
            times, most = found.times(name), found.most(name)
            print(f"{found.size:9,} {name:9} {bare:8.1f} {product:9.1f} {times:6.2f} {most:5.0f}")
            holds &= times <= MOST_TIMES and most <= MOST_MEGABYTES
            holds &= most <= FLAT * every[0].most(name)
        for name, seen in found.first_bytes.items():
            slowest = max(seen)
            print(
                f"{found.size:9,} {name}: first byte {median(seen):.1f} ms, at most {slowest:.1f}"
            )
            holds &= slowest <= MOST_MILLISECONDS
    bars = f"{MOST_TIMES} times, {MOST_MEGABYTES} MB, {FLAT} x the smallest, {MOST_MILLISECONDS} ms"
    print(f"bars ({bars}): {'all hold' if holds else 'MISSED'}")
    return holds


def main() -> int:
    """Measure every size; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, action="append", help="pairs; may be given again")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    try:
        every = [measure(size, given.repeat) for size in given.size or SIZES]
    except LaunchError as error:
        print(f"bench-export: {error}", file=sys.stderr)
        return 1
    return 0 if report(every) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Measure candidates a second through the whole product, beside bare loops over the same model.

Run with ``make bench-generate``; ``ARGS="--prompts 100 --repeat 1"`` for a first impression.
"""

import argparse
import json
import subprocess
import sys
import time
from statistics import median
from typing import Any

from annotate import launch
from bench.assign.figures import Bar
from bench.client import Counter, Person
from bench.generate.model import prompts, save_model
from bench.stack import SETUPS, Stack, running

EACH = 4
RECIPE = {"temperature": 0.8, "top_p": 0.95, "max_new_tokens": 64}
# Random weights rarely end a text: held back, it would never be planned.
ASKED = {"unchecked": ["cut_off"]}
PATIENCE_SECONDS = 900
MODEL = "random"


def part_of(generator: int) -> dict[str, int]:
    """Return the part of a run that asks a generator for so many responses a prompt."""
    return {"generator": generator, "per_prompt": EACH}


class Product:
    """The whole product, asked over its API as a manager asks it."""

    def __init__(self, stack: Stack, texts: list[str]) -> None:
        self._texts = texts
        self._manager = Person(stack.url, Counter())
        self._manager.become_administrator(stack)

    def run(self, **asked: Any) -> float:
        """Have a run made in a campaign of its own; return its candidates a second.

        The time is that from the request to the last candidate, planning of comparisons beside.
        """
        at, generator = self._prepare()
        return self._run(at, {"parts": [part_of(generator)], **ASKED, **asked})

    def texts(self, parts: int) -> list[str]:
        """Return the texts of one seed, by prompt and sample, made in so many runs.

        Runs take every n-th prompt, so that a candidate stands in other batches each time.
        """
        at, generator = self._prepare()
        numbers = [row["id"] for row in self._manager.every(f"{at}/prompts/?limit=200")]
        for part in range(parts):
            body = {"parts": [part_of(generator)], "seed": 11, **ASKED}
            self._run(at, {**body, "prompts": sorted(numbers)[part::parts]})
        rows = self._manager.candidates(at)
        return [row["text"] for row in sorted(rows, key=lambda row: (row["prompt"], row["sample"]))]

    def _run(self, at: str, body: dict[str, Any]) -> float:
        started = time.monotonic()
        run = self._manager.ask("POST", f"{at}/runs/", json=body)
        where = f"{at}/runs/{run['id']}/"
        while True:
            counts = self._manager.ask("GET", where)["counts"]
            seconds = time.monotonic() - started
            if not counts["pending"] + counts["running"]:
                break
            if seconds > PATIENCE_SECONDS:
                raise launch.LaunchError(f"not done after {seconds:.0f} s: {counts}")
            time.sleep(0.2)
        if counts["failed"]:
            raise launch.LaunchError(f"{counts['failed']} candidates failed")
        return float(counts["done"] / seconds)

    def _prepare(self) -> tuple[str, int]:
        """Make a campaign with the prompts and a generator; return its place and the latter."""
        recipe = {"backend": "transformers", "model": MODEL, "parameters": RECIPE}
        return self._manager.prepare_run(self._texts, {"name": "Random", **recipe})


def bare(folder: str, texts: list[str], alone: int) -> dict[str, float]:
    """Return the figures of the bare loops, each the better of its numbers of threads."""
    asked: dict[str, Any] = {"prompts": texts, "each": EACH, "alone": alone, **RECIPE}
    command = [sys.executable, "-m", "bench.generate.bare", folder]
    done = subprocess.run(
        command, input=json.dumps(asked), text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise launch.LaunchError(f"the bare loop failed: {done.stderr[-500:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    return {
        kind: max(rate for name, rate in found.items() if name.startswith(kind))
        for kind in ("batched", "one at a time")
    }


def measure(given: argparse.Namespace) -> bool:
    """Measure turn by turn; print the figures and tell whether the bars hold."""
    texts = prompts(given.prompts)
    rows: list[dict[str, float]] = []
    with running(given.setup) as stack:
        folder = stack.folder / "models" / MODEL
        size = save_model(folder, hidden=given.hidden, layers=given.layers, words=given.words)
        product = Product(stack, texts)
        product.run(seed=0)  # the model is loaded, and the pace found
        for repetition in range(given.repeat):
            found = bare(str(folder), texts, given.alone)
            found["product"] = product.run(seed=repetition + 1)
            rows.append(found)
            print("  ".join(f"{name} {rate:.1f}/s" for name, rate in found.items()), flush=True)
        whole, parted = product.texts(1), product.texts(3)
    differ = sum(one != other for one, other in zip(whole, parted, strict=True)) / len(whole)
    print(f"\n{size:,} parameters, {given.prompts} prompts x {EACH}, {given.setup}")
    ratio = {kind: median(row["product"] / row[kind] for row in rows) for kind in rows[0]}
    bars = [
        Bar("product, beside a bare loop of batches", ratio["batched"], 0.9, at_least=True),
        Bar("product, beside one at a time", ratio["one at a time"], 4, at_least=True),
        Bar(f"texts of one seed that differ, of {len(whole)}, %", 100 * differ, 1, unit="%"),
    ]
    for bar in bars:
        print(bar.as_text())
    return all(bar.holds for bar in bars)


def main() -> int:
    """Measure; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--setup", choices=SETUPS, default="services")
    parser.add_argument("--prompts", type=int, default=400)
    parser.add_argument("--alone", type=int, default=60, help="candidates made one at a time")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--words", type=int, default=2000)
    given = parser.parse_args()
    try:
        return 0 if measure(given) else 1
    except launch.LaunchError as error:
        print(f"bench-generate: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

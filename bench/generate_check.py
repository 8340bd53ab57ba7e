"""Generate with the toy model while the worker is killed on the way, and recount every candidate.

Run with ``make generate-check``; ``ARGS="--setup embedded --prompts 50"`` for a part of it.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from annotate import launch
from bench.client import Counter as Requests
from bench.client import Person
from bench.stack import SETUPS, Stack, running

PER_PROMPT, KILLS = 4, 3
CLAIM_SECONDS, SWEEP_SECONDS = 6, 2
PATIENCE_SECONDS = 900
WORKER = "worker-generate"
MADE = {"done", "held"}  # the toy repeats itself, and the hygiene gate holds that back


@dataclass
class Check:
    """One generation on one installation, its worker killed on the way."""

    stack: Stack
    prompts: int
    kills: int = 0
    busy_at_kill: list[int] = field(default_factory=list)
    worker: subprocess.Popen[bytes] | None = None
    campaign: str = ""
    run: str = ""

    def __post_init__(self) -> None:
        self.manager = Person(self.stack.url, Requests())

    def prepare(self) -> None:
        """Build the toy model, and ask for candidates of it in a campaign with prompts."""
        print(self.stack.manage("build_toy_model").strip())
        self.manager.become_administrator(self.stack)
        texts = [f"What is {n} plus {n}?" for n in range(self.prompts)]
        recipe = {"temperature": 0.9, "max_new_tokens": 96}
        body = {"name": "Toy", "backend": "transformers", "model": "toy-chat", "parameters": recipe}
        self.campaign, generator = self.manager.prepare_run(texts, body)
        wanted = {"parts": [{"generator": generator, "per_prompt": PER_PROMPT}], "seed": 1}
        run = self.manager.ask("POST", f"{self.campaign}/runs/", json=wanted)
        self.run = f"{self.campaign}/runs/{run['id']}/"

    def counts(self) -> dict[str, int]:
        """Return the run's candidates by state."""
        return dict(self.manager.ask("GET", self.run)["counts"])

    def start_worker(self) -> None:
        """Start the worker that makes candidates, as the leader of a process group of its own."""
        command = [str(launch.PYTHON), *launch.CELERY, *launch.QUIET_WORKER]
        command += ["-Q", "generate", "-c", "1", "-n", f"killed-{self.kills}@%h"]
        log = (self.stack.folder / f"{WORKER}.log").open("ab")
        self.worker = subprocess.Popen(
            command,
            cwd=launch.ROOT,
            env=self.stack.env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill_worker(self) -> None:
        """Kill the worker's whole process group at once, as losing its machine would."""
        assert self.worker is not None
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        self.kills += 1

    def work(self) -> None:
        """Let it run to the end; kill and restart at random shares of the way."""
        total = self.prompts * PER_PROMPT
        at = sorted(random.SystemRandom().randrange(total // 20, total * 9 // 10)
                    for _ in range(KILLS))  # fmt: skip
        deadline = time.monotonic() + PATIENCE_SECONDS
        self.start_worker()
        try:
            while (now := self.counts())["pending"] + now["running"]:
                if time.monotonic() > deadline:
                    raise launch.LaunchError(f"not done after {PATIENCE_SECONDS} s: {now}")
                if self.kills < KILLS and now["done"] + now["held"] >= at[self.kills]:
                    # Somewhere inside the batch under way, not always at its start.
                    time.sleep(random.SystemRandom().random())
                    self.kill_worker()
                    self.busy_at_kill.append(self.counts()["running"])
                    self.start_worker()
                time.sleep(0.1)
        finally:
            if self.worker is not None and self.worker.poll() is None:
                self.worker.terminate()
                self.worker.wait(timeout=60)


def recount(check: Check, found: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """Return each figure with what it must be."""
    total = check.prompts * PER_PROMPT
    places = Counter((row["prompt"], row["sample"]) for row in found)
    each = Counter(row["prompt"] for row in found)
    return [
        ("candidates", len(found), total),
        ("candidates made, with text", sum(r["state"] in MADE and bool(r["text"]) for r in found),
         total),
        ("places taken twice", sum(count > 1 for count in places.values()), 0),
        ("prompts without exactly four", sum(count != PER_PROMPT for count in each.values())
         + check.prompts - len(each), 0),
        ("worker groups killed", check.kills, KILLS),
    ]  # fmt: skip


def run_on(setup: str, prompts: int) -> bool:
    """Check one set-up; print the table and tell whether every figure is right."""
    os.environ["GENERATION_CLAIM_SECONDS"] = str(CLAIM_SECONDS)
    os.environ["SWEEP_SECONDS"] = str(SWEEP_SECONDS)
    with running(setup, without=(WORKER,)) as stack:
        check = Check(stack, prompts)
        check.prepare()
        started = time.monotonic()
        check.work()
        seconds = time.monotonic() - started
        found = check.manager.candidates(check.campaign)
    print(f"\nGeneration under kill -9, {setup}")
    right = True
    for name, value, wanted in recount(check, found):
        right &= value == wanted
        print(f"  {name:<42}{value:>8}{'' if value == wanted else f'  must be {wanted}'}")
    again = sum(row["attempts"] > 1 for row in found)
    print(f"  {'candidates being made when killed':<42}{sum(check.busy_at_kill):>8}")
    print(f"  {'candidates taken up more than once':<42}{again:>8}")
    ended = sum(row["finish_reason"] == "stop" for row in found)
    print(f"  {'texts that ended by themselves':<42}{ended:>8}")
    print(f"  {'held back by the gate':<42}{sum(row['state'] == 'held' for row in found):>8}")
    print(f"  {'seconds, restarts included':<42}{seconds:>8.1f}")
    print(f"  {'candidates a second':<42}{len(found) / seconds:>8.1f}")
    return right


def main() -> int:
    """Check every set-up asked for; 1 when a figure is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--setup", choices=(*SETUPS, "both"), default="both")
    parser.add_argument("--prompts", type=int, default=200)
    given = parser.parse_args()
    setups = SETUPS if given.setup == "both" else (given.setup,)
    try:
        right = [run_on(setup, given.prompts) for setup in setups]
    except launch.LaunchError as error:
        print(f"generate-check: {error}", file=sys.stderr)
        return 1
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())

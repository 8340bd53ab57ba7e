"""Processes of their own that work at the same time on the database of the test."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from tests.pipeline.product import ROOT

STOP_SECONDS = 30
BETWEEN_PAUSES, PAUSE = (0.05, 0.3), (0.01, 0.2)


@dataclass(frozen=True)
class Order:
    """What one process is to do: who it plays, where, how many of them stall, and its mutant.

    ``ahead`` is by how many seconds its clock is ahead of the database's. ``calm`` people answer
    whatever they are handed.
    """

    campaign: int
    people: list[int]
    seed: int
    mutant: str = ""
    ahead: int = 0
    stall_percent: int = 6
    calm: bool = False


@dataclass
class Report:
    """What one process did, as it was told by the engine, and what the engine threw at it."""

    claims: int = 0
    prefetched: int = 0
    stalls: int = 0
    late: int = 0
    skips: int = 0
    releases: int = 0
    retries: int = 0
    heartbeats: int = 0
    saved: list[tuple[int, int, int]] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


class Crew:
    """So many processes, started once, that work one order each at the same time."""

    def __init__(self, size: int, database_url: str) -> None:
        own = {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.faults"],
                cwd=ROOT,
                env={**os.environ, **own},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(size)
        ]

    def work(self, orders: Sequence[Order]) -> list[Report]:
        """Let each process work its order; return their reports once all are done.

        Meanwhile one at a time is stopped for a moment, wherever it is and whatever it holds.
        """
        for process, order in zip(self.processes, orders, strict=True):
            pipe = _open(process.stdin)
            pipe.write(json.dumps(asdict(order)) + "\n")
            pipe.flush()
        done = threading.Event()
        pauser = threading.Thread(target=self._pause, args=(done,))
        pauser.start()
        lines = [_open(process.stdout).readline() for process in self.processes]
        done.set()
        pauser.join()
        assert all(lines), "a process of the crew died"
        return [_report(json.loads(line)) for line in lines]

    def _pause(self, done: threading.Event) -> None:
        drawn = random.Random(0)
        while not done.wait(drawn.uniform(*BETWEEN_PAUSES)):
            process = drawn.choice(self.processes)
            process.send_signal(signal.SIGSTOP)
            done.wait(drawn.uniform(*PAUSE))
            process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Close their inputs, which ends them."""
        for process in self.processes:
            _open(process.stdin).close()
        for process in self.processes:
            process.wait(timeout=STOP_SECONDS)
            _open(process.stdout).close()


def _report(told: dict[str, Any]) -> Report:
    saved = [(judgment, assignment, person) for judgment, assignment, person in told["saved"]]
    return Report(**{**told, "saved": saved})


def _open(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe

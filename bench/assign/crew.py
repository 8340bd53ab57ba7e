"""The annotators of one campaign, spread over processes, and their measurements."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg

from annotate import launch
from bench.assign.figures import Figures, percentile
from bench.assign.processor import Meter
from bench.stack import Stack

PROCESSES = 8
LAST_POSITION = 2**62
OVER_HTTP = ("http", "http in one", "page")
OVERLAP = 5  # people for each comparison: so the smallest campaign outlasts all repetitions
WARM_UP = 8
# PostgreSQL makes up its mind about a statement in its first eight runs on a connection, and every
# thread of the web server has one.
SERVER_WARM_UP = 8 * WARM_UP


class Crew:
    """One campaign of so many comparisons on an installation of its own, and its people.

    Each measurement is given new people, as long as there are any.
    """

    def __init__(self, stack: Stack, size: int, people: int) -> None:
        self.stack, self.size = stack, size
        self.env = {**stack.env, "DJANGO_SETTINGS_MODULE": "annotate.settings"}
        self.database = stack.env["DATABASE_URL"]
        filled = self._python("bench.assign.stock", str(size), str(people))
        said, _ = filled.communicate()
        if filled.returncode:
            raise RuntimeError(f"filling {size} comparisons in failed")
        host = urlsplit(stack.url).netloc
        self.stock = {**json.loads(said), "database": self.database, "host": host}
        self.people: Iterator[int] = iter([int(each) for each in self.stock["sessions"]])
        self.workers: list[subprocess.Popen[str]] = []

    def start(self) -> None:
        """Start the processes, and let the database write down what filling left to write."""
        for _ in range(PROCESSES):
            self.workers.append(self._python("bench.assign.worker"))
        for worker in self.workers:
            self._tell(worker, self.stock)
        for worker in self.workers:
            self._hear(worker)
        self.execute("CHECKPOINT")

    def stop(self) -> None:
        """End the processes."""
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def new(self, count: int = 1) -> list[int]:
        """Return people who have not been here yet."""
        return [next(self.people) for _ in range(count)]

    def measure(self, do: str, people: list[int], pairs: int, warm_up: int = WARM_UP) -> Figures:
        """Let these people each do so many claims and answers, all at once, after a few unseen."""
        busy = self.workers[: min(PROCESSES, len(people))]
        for index, worker in enumerate(busy):
            shift = people[index :: len(busy)]
            self._tell(worker, {"do": do, "annotators": shift, "pairs": pairs, "warm_up": warm_up})
        for worker in busy:
            self._hear(worker)
        measured = [self.stack.pids["web"]] if do in OVER_HTTP else [each.pid for each in busy]
        meter = Meter(measured, urlsplit(self.database).path[1:])
        meter.start()
        start = time.perf_counter()
        for worker in busy:
            self._tell(worker, {})
        told = [self._hear(worker) for worker in busy]
        server, postgres = meter.stop()
        seconds = max(end for each in told for end in each["ends"]) - start
        claims = [one for each in told for one in each["claims"]]
        submits = [one for each in told for one in each["submits"]]
        return Figures(
            rate=len(claims) / seconds,
            claim_p50=percentile(claims, 0.5),
            claim_p95=percentile(claims, 0.95),
            submit_p50=percentile(submits, 0.5),
            submit_p95=percentile(submits, 0.95),
            server_ms=1000 * server / len(claims),
            postgres_ms=1000 * postgres / len(claims),
        )

    def sweep(self) -> None:
        """Do what the product does every few seconds; here it is left out while clocks run."""
        self._tell(self.workers[0], {"do": "sweep"})
        self._hear(self.workers[0])

    def spread(self, people: list[int]) -> None:
        """Put these people at random places of the queue, as if they had come to there.

        What one of them is shown is then hardly ever something that another has just seen.
        """
        draw = random.Random(people[0])
        for person in people:
            places = {str(self.stock["lane"]): [draw.randrange(LAST_POSITION), 0]}
            self.execute(
                "UPDATE assignment_desk SET places = %s WHERE annotator_id = %s",
                json.dumps(places),
                person,
            )

    def execute(self, statement: str, *values: Any) -> None:
        """Run one statement."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute(statement, values)

    def _python(self, module: str, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=launch.ROOT,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _tell(self, worker: subprocess.Popen[str], what: dict[str, Any]) -> None:
        assert worker.stdin is not None
        worker.stdin.write(json.dumps(what) + "\n")
        worker.stdin.flush()

    def _hear(self, worker: subprocess.Popen[str]) -> Any:
        assert worker.stdout is not None
        said = worker.stdout.readline()
        if not said:
            raise RuntimeError("a process of the bench ended; what it said is above")
        return json.loads(said)

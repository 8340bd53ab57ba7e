"""Workers that make candidates, each in a process group of its own, to be killed and replaced."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from annotate import launch
from bench.stack import Stack

# One process that works itself, and one that has a child do it.
POOLS = (("-P", "solo"), ("-c", "1"))


class Fleet:
    """As many workers as there are kinds of pools."""

    def __init__(self, stack: Stack, settings: str) -> None:
        self._stack = stack
        self._env = {**stack.env, "DJANGO_SETTINGS_MODULE": settings}
        self._workers: list[subprocess.Popen[bytes]] = []
        self._started = 0

    def start(self) -> None:
        """Start them all."""
        self._workers = [self._start(pool) for pool in POOLS]

    def kill_group(self, at: int) -> None:
        """Kill a worker with all its children at once, as losing its machine would; replace it."""
        os.killpg(self._workers[at].pid, signal.SIGKILL)
        self._workers[at].wait()
        self._workers[at] = self._start(POOLS[at])

    def kill_child(self, at: int) -> bool:
        """Kill one of a worker's children alone; tell whether there was one."""
        children = list(descendants(self._workers[at].pid))
        if not children:
            return False
        os.kill(random.SystemRandom().choice(children), signal.SIGKILL)
        return True

    def end(self) -> None:
        """End them all, and what is left of their children."""
        for worker in self._workers:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()

    def _start(self, pool: tuple[str, ...]) -> subprocess.Popen[bytes]:
        self._started += 1
        command = [str(launch.PYTHON), *launch.CELERY, *launch.QUIET_WORKER, *pool]
        command += ["-Q", "generate", "-n", f"killed-{self._started}@%h"]
        with (self._stack.folder / "killed.log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=launch.ROOT,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes below one, children first."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(one) for one in task.read_text().split()]
        except FileNotFoundError:  # the thread has just ended
            continue
        for child in children:
            yield child
            yield from descendants(child)

"""How much processor time processes use, from ``/proc``: the server's and PostgreSQL's own."""

import os
import threading
from collections.abc import Sequence
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
POLL_SECONDS = 0.2
# What PostgreSQL does for everybody; backends count by the database in their title.
SHARED = ("walwriter", "background writer", "checkpointer")


class Meter:
    """The seconds of processor time between ``start`` and ``stop``.

    Counts these processes with all they have started, and PostgreSQL's for one database. They
    are looked at again and again, so that one that ends meanwhile counts with what it had used.
    """

    def __init__(self, roots: Sequence[int], database: str) -> None:
        self.roots, self.database = set(roots), database
        self.first: dict[int, float] = {}
        self.last: dict[int, float] = {}
        self.postgres: set[int] = set()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._poll, daemon=True)

    def start(self) -> None:
        """Begin to count."""
        self.first = self._used()
        self.thread.start()

    def stop(self) -> tuple[float, float]:
        """Return the seconds of the processes named, and those of PostgreSQL."""
        self.over.set()
        self.thread.join()
        self.last |= self._used()
        spent = {pid: used - self.first.get(pid, 0) for pid, used in self.last.items()}
        postgres = sum(used for pid, used in spent.items() if pid in self.postgres)
        return sum(spent.values()) - postgres, postgres

    def _poll(self) -> None:
        while not self.over.wait(POLL_SECONDS):
            self.last |= self._used()

    def _used(self) -> dict[int, float]:
        """Return the seconds that each process in question has used so far."""
        found = {}
        parents: dict[int, int] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            pid = int(folder.name)
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                title = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, UnicodeDecodeError):
                continue
            parents[pid] = int(fields[1])
            found[pid] = (int(fields[11]) + int(fields[12])) / TICKS
            if self._serves(title):
                self.postgres.add(pid)
        ours = {pid for pid in found if pid in self.postgres or self._belongs(pid, parents)}
        return {pid: found[pid] for pid in ours}

    def _serves(self, title: str) -> bool:
        if not title.startswith("postgres:"):
            return False
        return f" {self.database} " in f"{title} " or any(name in title for name in SHARED)

    def _belongs(self, pid: int, parents: dict[int, int]) -> bool:
        while pid in parents:
            if pid in self.roots:
                return True
            pid = parents[pid]
        return False

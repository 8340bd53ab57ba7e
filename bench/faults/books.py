"""What PostgreSQL says about a run's candidates, beside the product and its API."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import psycopg

MADE = ("done", "held")


@dataclass(frozen=True)
class Row:
    """One candidate as it stands."""

    pk: int
    prompt: int
    sample: int
    state: str
    attempts: int
    finished_at: datetime | None
    has_text: bool


class Books:
    """Reads of one run."""

    def __init__(self, url: str, run: int) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._run = run

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def now(self) -> datetime:
        """Return the database's time."""
        row = self._connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        return row[0]

    def made(self) -> int:
        """Count what is made."""
        return self._count(MADE)

    def open(self) -> int:
        """Count what waits or is being made."""
        return self._count(("pending", "running"))

    def being_made(self) -> dict[int, int]:
        """Return the candidates that are being made, each with the attempt it is at."""
        return {row.pk: row.attempts for row in self.rows() if row.state == "running"}

    def rows(self) -> list[Row]:
        """Return every candidate."""
        found = self._connection.execute(
            "SELECT id, prompt_id, sample, state, attempts, finished_at, text <> '' "
            "FROM generation_candidate WHERE run_id = %s",
            [self._run],
        )
        return [Row(*row) for row in found]

    def _count(self, states: Iterable[str]) -> int:
        row = self._connection.execute(
            "SELECT count(*) FROM generation_candidate WHERE run_id = %s AND state = ANY(%s)",
            [self._run, list(states)],
        ).fetchone()
        assert row is not None
        return int(row[0])


@dataclass(frozen=True)
class Kill:
    """A moment at which something was killed, and what was being made just before it."""

    at: datetime
    being_made: dict[int, int]


def recoveries(rows: Iterable[Row], kills: Iterable[Kill]) -> list[float]:
    """Return for each candidate that a kill took from its worker the seconds until it was made.

    They count from the kill in whose attempt it was lost; what was lost twice counts once, from
    the later one.
    """
    known = list(kills)
    return [
        (row.finished_at - max(lost)).total_seconds()
        for row in rows
        if row.finished_at is not None
        and (lost := [one.at for one in known if one.being_made.get(row.pk) == row.attempts - 1])
    ]

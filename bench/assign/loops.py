"""One annotator's claims and answers: what every way has in common, and plain SQL."""

from typing import Any, Protocol
from uuid import uuid4

import psycopg

RANKED = [1, 2]


class Loop(Protocol):
    """Claim a comparison, then answer it; over and over."""

    def claim(self) -> Any:
        """Take the next comparison and return what ``submit`` needs to answer it."""

    def submit(self, claimed: Any) -> None:
        """Answer what was claimed."""

    def close(self) -> None:
        """Give the connection back."""


class Raw:
    """The least that can be done: two short transactions of plain SQL, nothing checked.

    The place in the queue is kept in memory, so that consumed entries at the head of the index
    cost it nothing either; ``from_head`` leaves that out.
    """

    CLAIM = """UPDATE assignment_comparison SET open_slots = open_slots - 1 WHERE id = (
        SELECT c.id FROM assignment_comparison c
        WHERE c.lane_id = %s AND c.position > %s AND c.state = 'open' AND c.open_slots > 0
        AND (SELECT a.id FROM assignment_assignment a
            WHERE a.comparison_id = c.id AND a.annotator_id = %s LIMIT 1) IS NULL
        ORDER BY c.position LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, position"""
    LEASE = """INSERT INTO assignment_assignment (comparison_id, annotator_id, desk_id, kind,
        ordinal, token, state, display_order, answers, leased_at, expires_at)
        VALUES (%s, %s, %s, 'work', %s, %s, 'live', '[0, 1]', 0, now(), now() + '30 minutes')
        RETURNING id"""
    JUDGE = """INSERT INTO ranking_judgment (comparison_id, assignment_id, annotator_id, outcome,
        ranks, criteria, flags, rationale, skip_reason, display_order, counted, active_ms, client,
        created_at) VALUES (%s, %s, %s, 'ranked', '[1, 2]', '{}', '[]', '', '', '[0, 1]', true,
        0, '{}', now())"""
    END = """UPDATE assignment_assignment SET state = 'submitted', ended_at = now(), answers = 1
        WHERE id = %s AND token = %s AND state = 'live'"""
    COUNT = """UPDATE assignment_comparison SET judged = judged + 1, tally = tally
        || jsonb_build_object('1,2', coalesce((tally->>'1,2')::int, 0) + 1) WHERE id = %s"""
    DESK = "SELECT id FROM assignment_desk WHERE campaign_id = %s AND annotator_id = %s"

    def __init__(self, stock: Any, annotator: int, *, from_head: bool = False) -> None:
        self.connection = psycopg.connect(stock["database"], autocommit=True)
        self.connection.prepare_threshold = 3
        self.lane, self.annotator, self.from_head = stock["lane"], annotator, from_head
        (self.desk,) = self._one(self.DESK, stock["campaign"], annotator)
        self.place, self.ordinal = -1, 0

    def claim(self) -> Any:
        """Take a slot and write the lease, in one transaction."""
        token = uuid4()
        with self.connection.transaction():
            comparison, place = self._one(self.CLAIM, self.lane, self.place, self.annotator)
            (assignment,) = self._one(
                self.LEASE, comparison, self.annotator, self.desk, self.ordinal, token
            )
        self.place = self.place if self.from_head else place
        self.ordinal += 1
        return comparison, assignment, token

    def submit(self, claimed: Any) -> None:
        """Write the judgment, end the lease and count, in one transaction."""
        comparison, assignment, token = claimed
        with self.connection.transaction():
            self.connection.execute(self.JUDGE, [comparison, assignment, self.annotator])
            self.connection.execute(self.END, [assignment, token])
            self.connection.execute(self.COUNT, [comparison])

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _one(self, statement: str, *values: Any) -> Any:
        row = self.connection.execute(statement, values).fetchone()
        if row is None:
            raise RuntimeError("the queue ran out of comparisons")
        return row

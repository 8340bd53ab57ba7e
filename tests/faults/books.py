"""Compare what people were told over HTTP with what the database holds after it was killed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from tests.faults.load import Sent

JUDGMENTS = "SELECT id, assignment_id FROM ranking_judgment"
KEYS = (
    "SELECT key, ((answer::json->>'body')::json->>'judgment')::bigint FROM accounts_idempotencykey"
)
# Also whether each lease that was answered says so, and each other one does not.
UNEVEN = """SELECT count(*) FROM assignment_comparison c WHERE
  c.wanted <> c.open_slots + c.judged + (SELECT count(*) FROM assignment_assignment a
    WHERE a.comparison_id = c.id AND a.state = 'live')
  OR c.judged <> (SELECT count(*) FROM ranking_judgment j
    WHERE j.comparison_id = c.id AND j.counted)
  OR EXISTS (SELECT 1 FROM assignment_assignment a WHERE a.comparison_id = c.id
    AND (a.state = 'submitted') <> EXISTS (
      SELECT 1 FROM ranking_judgment j WHERE j.assignment_id = a.id))"""


@dataclass(frozen=True)
class Books:
    """How many answers there are, and by how many the promises are broken.

    ``missing`` were acknowledged and are not there, or their key has another answer;
    ``doubles`` are there twice for one key or one assignment; ``strays`` belong to no key that
    anybody sent; ``uneven`` are comparisons whose slots, leases and judgments disagree.
    """

    acknowledged: int
    stored: int
    unacknowledged_stored: int
    unacknowledged_absent: int
    missing: int
    doubles: int
    strays: int
    uneven: int


def compare(connection: psycopg.Connection, sent: Sequence[Sent]) -> Books:
    """Compare every answer that was sent with what is stored."""
    stored: dict[int, int] = dict(connection.execute(JUDGMENTS).fetchall())
    keys: dict[str, int] = dict(connection.execute(KEYS).fetchall())
    told = [one for one in sent if one.judgment is not None]
    untold = [one for one in sent if one.judgment is None]
    kept = [
        one
        for one in told
        if (keys.get(one.key), stored.get(one.judgment or 0)) == (one.judgment, one.assignment)
    ]
    known = {keys.get(one.key) for one in sent}
    present = sum(one.key in keys for one in untold)
    return Books(
        acknowledged=len(told),
        stored=len(stored),
        unacknowledged_stored=present,
        unacknowledged_absent=len(untold) - present,
        missing=len(told) - len(kept),
        doubles=sum(n - 1 for n in Counter(stored.values()).values())
        + sum(n - 1 for n in Counter(keys.values()).values()),
        strays=len(stored.keys() - known),
        uneven=_number(connection.execute(UNEVEN)),
    )


def _number(cursor: psycopg.Cursor) -> int:
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])

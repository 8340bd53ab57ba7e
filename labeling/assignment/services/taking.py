"""Take a slot off the queue and write the lease: the two statements that every claim runs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection

from labeling.assignment.enums import AssignmentState, Kind
from labeling.assignment.models import Assignment, Desk, Lane
from labeling.assignment.orders import display_order

LANES_AT_ONCE = 8
LOOK_AGAIN_AFTER = timedelta(seconds=5)

# The first free comparison of a lane that is new to the person: one range of the partial index
# ``open_queue``, read on from where they were, or from the lane's head up to there. COALESCE
# stops at the first read that finds one, so that nothing else is locked. The person's lease is
# asked for as a value: NOT EXISTS becomes a join, for which PostgreSQL may read every lease.
READ = """(SELECT c.id FROM assignment_comparison c
  WHERE c.lane_id = %s AND c.position > %s AND c.position <= %s
  AND c.state = 'open' AND c.open_slots > 0 AND (
    SELECT a.id FROM assignment_assignment a WHERE a.comparison_id = c.id
    AND a.annotator_id = %s AND a.state NOT IN ('expired', 'released') LIMIT 1) IS NULL
  ORDER BY c.position LIMIT 1 {lock})"""
TAKE = """UPDATE assignment_comparison SET open_slots = open_slots - 1
  WHERE id = COALESCE({reads}) RETURNING id, size, lane_id, position"""
# A row that is there already gets the second of two tokens, which tells it from a new one.
LEASE = """INSERT INTO assignment_assignment (comparison_id, annotator_id, desk_id, kind, ordinal,
  token, state, display_order, answers, leased_at, expires_at)
  VALUES (%s, %s, %s, %s, %s, %s, 'live', %s, 0, %s, %s)
  ON CONFLICT (comparison_id, annotator_id, kind) DO UPDATE SET token = %s,
  state = 'live', ordinal = EXCLUDED.ordinal, leased_at = EXCLUDED.leased_at,
  expires_at = EXCLUDED.expires_at, ended_at = NULL
  RETURNING id, display_order, answers, token = %s"""
LAST = 2**63 - 1


@dataclass(frozen=True)
class Taken:
    """A comparison for a person, and how many responses it has."""

    comparison_id: int
    size: int


def take_slot(desk: Desk, lanes: Sequence[Lane], now: datetime) -> Taken | None:
    """Take a slot of the first comparison in these lanes that is new to the person.

    A lane is read from the person's place on, then from its head up to there. One that has
    nothing for them is not looked into again for five seconds, so that asking in vain stays
    cheap however much of it they have judged.
    """
    again = (now - LOOK_AGAIN_AFTER).timestamp()
    waiting = [lane for lane in lanes if desk.places.get(str(lane.pk), [0, 0])[1] <= again]
    for start in range(0, len(waiting), LANES_AT_ONCE):
        some = waiting[start : start + LANES_AT_ONCE]
        row = _take(desk, some)
        for lane in some:
            if row is not None and row[2] == lane.pk:
                desk.places[str(lane.pk)] = [row[3], 0]
                return Taken(row[0], row[1])
            desk.places[str(lane.pk)] = [_place(desk, lane), now.timestamp()]
    return None


def _place(desk: Desk, lane: Lane) -> int:
    """Return the position that the person has reached in a lane: its head for a newcomer."""
    known = desk.places.get(str(lane.pk))
    place: int = lane.head - 1 if known is None else known[0]
    return place


def _take(desk: Desk, lanes: Sequence[Lane]) -> tuple[int, int, int, int] | None:
    reads = [part for lane in lanes for part in _ranges(desk, lane)]
    sql = TAKE.format(reads=", ".join(READ.format(lock=_lock()) for _ in reads))
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for read in reads for value in read])
        found: tuple[int, int, int, int] | None = cursor.fetchone()
    return found


def _ranges(desk: Desk, lane: Lane) -> Iterator[tuple[int, int, int, int]]:
    place = _place(desk, lane)
    yield lane.pk, place, LAST, desk.annotator_id
    yield lane.pk, lane.head - 1, place, desk.annotator_id


def _lock() -> str:
    """Pass over what another claim is just taking, where the database has row locks."""
    has_locks = connection.features.has_select_for_update_skip_locked
    return "FOR UPDATE OF c SKIP LOCKED" if has_locks else ""


def lease(
    desk: Desk, taken: Taken, kind: Kind, now: datetime, order: list[int] | None = None
) -> Assignment:
    """Write the person's lease of a comparison whose slot they have.

    Whoever held it before keeps the order in which they saw it, so that an answer to the old
    page is still read aright; otherwise ``order`` is shown, or one that balances the sides.
    Only orders that are drawn and shown are counted, each once, so that neither a repeat nor a
    comparison that comes back upsets the balance.
    """
    drawn = None if order else _order(desk, taken.size)
    assignment = Assignment(
        comparison_id=taken.comparison_id,
        annotator_id=desk.annotator_id,
        desk=desk,
        kind=kind,
        ordinal=desk.claims,
        token=uuid4(),
        state=AssignmentState.LIVE,
        display_order=order or drawn,
        leased_at=now,
        expires_at=now + timedelta(seconds=desk.campaign.lease_seconds),
    )
    is_new = _store(assignment)
    desk.claims += 1
    desk.orders += int(is_new and drawn is not None)
    return assignment


def _order(desk: Desk, size: int) -> list[int]:
    return display_order(
        size=size,
        seed=desk.campaign.shuffle_seed,
        annotator_id=desk.annotator_id,
        ordinal=desk.orders,
    )


def _store(assignment: Assignment) -> bool:
    """Store a lease, with what its row holds if the person has one; tell if it is a new row."""
    adapt, again = connection.ops.adapt_datetimefield_value, uuid4()
    values: list[Any] = [
        assignment.comparison_id,
        assignment.annotator_id,
        assignment.desk_id,
        assignment.kind,
        assignment.ordinal,
        assignment.token.hex,
        json.dumps(assignment.display_order),
        adapt(assignment.leased_at),
        adapt(assignment.expires_at),
        again.hex,
        assignment.token.hex,
    ]
    with connection.cursor() as cursor:
        cursor.execute(LEASE, values)
        assignment.pk, shown, assignment.answers, is_new = cursor.fetchone()
    assignment.display_order = json.loads(shown)
    assignment.token = assignment.token if is_new else again
    assignment._state.adding = False
    return bool(is_new)

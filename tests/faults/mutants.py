"""Guards of the engine taken out one at a time, so that a test can show that it would notice."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from unittest.mock import patch
from uuid import UUID

from django.db import connection

from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Desk, Lane
from labeling.assignment.services import leases, taking


def _read_then_write(desk: Desk, lanes: Sequence[Lane]) -> tuple[int, int, int, int] | None:
    """Take a slot as a plain application would: look for one, then store one less."""
    reads = [part for lane in lanes for part in taking._ranges(desk, lane)]
    found = ", ".join(taking.READ.format(lock="") for _ in reads)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, size, lane_id, position, open_slots FROM assignment_comparison "
            f"WHERE id = COALESCE({found})",
            [value for read in reads for value in read],
        )
        row: tuple[int, int, int, int, int] | None = cursor.fetchone()
        if row is None:
            return None
        cursor.execute(
            "UPDATE assignment_comparison SET open_slots = %s WHERE id = %s", [row[4] - 1, row[0]]
        )
    return row[:4]


def _whoever_had_it(assignment: Assignment, token: UUID) -> bool:
    """Let a lease that is over count as if it were still held, whatever its token."""
    return assignment.state in (AssignmentState.LIVE, AssignmentState.EXPIRED)


MUTANTS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "": nullcontext,
    "no row lock": lambda: patch.object(taking, "_lock", lambda: ""),
    "read, then write": lambda: patch.object(taking, "_take", _read_then_write),
    "no token": lambda: patch.object(leases, "holds_slot", _whoever_had_it),
}

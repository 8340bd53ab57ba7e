"""Take turns at model servers: limits, a circuit breaker and a ceiling that all workers share.

Each call is a row, begun before anything is sent and ended after the answer, both under the lock
of its host's row. A worker that dies leaves its call to expire; what it may have cost then counts
as spent, so that the ceiling holds whatever became of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F, Q

from labeling.generation.backends.turns import CeilingReached, Ending, Tokens, Turn
from labeling.generation.models import GenerationRun, Generator, ModelCall, ModelHost

RATE_OVER = timedelta(minutes=1)
MOST_FAULTS = 5
CLOSED_FIRST, CLOSED_LONGEST = timedelta(seconds=10), timedelta(minutes=5)
SOON = 0.2  # seconds until somebody else's call may have ended


@dataclass(frozen=True)
class Limits:
    """How many calls a host takes: at the same time, and in any minute (None: as many as come)."""

    at_once: int = 8
    a_minute: int | None = None


class SharedTurns:
    """The turns of one generator's calls for one run: ``backends.turns.Turns`` over these rows."""

    def __init__(
        self,
        *,
        host: str,
        limits: Limits,
        generator: Generator,
        run_id: int,
        seconds: float,
        clock: Callable[[], datetime],
    ) -> None:
        """``seconds`` is how long a call may take."""
        self._host, self._limits, self._generator = host, limits, generator
        self._run_id, self._seconds, self._clock = run_id, seconds, clock

    def begin(self, most: Tokens) -> Turn:
        """Take a turn; raise CeilingReached."""
        return begin_call(
            host=self._host,
            limits=self._limits,
            run_id=self._run_id,
            most=self._generator.cost_of(most.read, most.written),
            seconds=self._seconds,
            now=self._clock(),
        )

    def end(
        self, call_id: int, ending: Ending, used: Tokens | None, again_after: float | None
    ) -> None:
        """Settle a call."""
        cost = None if used is None else self._generator.cost_of(used.read, used.written)
        end_call(
            call_id=call_id, ending=ending, cost=cost, again_after=again_after, now=self._clock()
        )

    def close(self) -> None:
        """Close the connection of the thread that took the turns."""
        connection.close()


@transaction.atomic
def begin_call(
    *,
    host: str,
    limits: Limits,
    run_id: int,
    most: Decimal,
    seconds: float,
    now: datetime,
) -> Turn:
    """Take a turn at a host, with ``most`` held against the run's ceiling.

    The call counts as under way for ``seconds`` at most. Raises CeilingReached.
    """
    ModelHost.objects.get_or_create(name=host)
    row = ModelHost.objects.select_for_update().get(name=host)
    _settle_expired(row, now)
    wait = _wait(row, limits, now)
    if wait or not _has_reserved(run_id, most):
        return Turn(wait=wait or SOON)
    call = ModelCall.objects.create(
        host=row,
        run_id=run_id,
        reserved=most,
        started_at=now,
        expires_at=now + timedelta(seconds=seconds),
    )
    return Turn(call.pk)


@transaction.atomic
def end_call(
    *,
    call_id: int,
    ending: Ending,
    now: datetime,
    cost: Decimal | None = None,
    again_after: float | None = None,
) -> None:
    """Settle a call: what it cost in place of what was held, and how its host is.

    A ``cost`` of None is not known: what was held counts then. ``again_after`` are the seconds
    of a Retry-After. A call that has expired is settled already, and stays so.
    """
    locked = ModelHost.objects.select_for_update(of=("self",))
    row = locked.filter(calls=call_id).first()
    if row is None:  # settled, and forgotten since
        return
    call = row.calls.get(pk=call_id)
    if call.ended_at is None:
        _settle(call, call.reserved if cost is None else cost, now)
    _note(row, ending, again_after, now)


def _wait(row: ModelHost, limits: Limits, now: datetime) -> float:
    """Return the seconds until a call may be tried; 0 for at once."""
    closed = max(filter(None, (row.closed_until, row.not_before)), default=None)
    if closed is not None and closed > now:
        return (closed - now).total_seconds()
    under_way = row.calls.filter(ended_at=None).count()
    if under_way >= (1 if row.closed_until else limits.at_once):
        return SOON
    if limits.a_minute is None:
        return 0.0
    recent = row.calls.filter(started_at__gt=now - RATE_OVER).order_by("-started_at")
    oldest = recent.values_list("started_at", flat=True)[limits.a_minute - 1 : limits.a_minute]
    return (oldest[0] + RATE_OVER - now).total_seconds() if oldest else 0.0


def _has_reserved(run_id: int, most: Decimal) -> bool:
    """Hold an amount against the run's ceiling, in the one statement that checks it.

    False means that calls under way hold too much; they may leave enough. Raises CeilingReached
    where what is spent leaves too little.
    """
    if not most:
        return True
    run = GenerationRun.objects.filter(pk=run_id)
    within = Q(ceiling=None) | Q(ceiling__gte=F("spent") + F("reserved") + most)
    if run.filter(within).update(reserved=F("reserved") + most):
        return True
    if run.filter(ceiling__lt=F("spent") + most).exists():
        raise CeilingReached
    return False


def _settle_expired(row: ModelHost, now: datetime) -> None:
    """Settle the calls of workers that are gone, and forget those that no rate counts."""
    for call in row.calls.filter(ended_at=None, expires_at__lte=now):
        _settle(call, call.reserved, now)
    row.calls.filter(ended_at__lt=now - RATE_OVER, started_at__lt=now - RATE_OVER).delete()


def _settle(call: ModelCall, cost: Decimal, now: datetime) -> None:
    if call.reserved or cost:
        GenerationRun.objects.filter(pk=call.run_id).update(
            reserved=F("reserved") - call.reserved, spent=F("spent") + cost
        )
    call.ended_at = now
    call.save(update_fields=["ended_at"])


def _note(row: ModelHost, ending: Ending, again_after: float | None, now: datetime) -> None:
    """Write down how the host is; many faults in a row close it, each time for twice as long.

    What fails while it is closed began before, and says nothing new.
    """
    is_closed = row.closed_until is not None and now < row.closed_until
    if ending is Ending.FAULT and not is_closed:
        row.failures += 1
        if row.failures >= MOST_FAULTS:
            closed = CLOSED_FIRST * 2 ** min(row.failures - MOST_FAULTS, 10)
            row.closed_until = now + min(closed, CLOSED_LONGEST)
    elif ending is not Ending.FAULT:
        row.failures, row.closed_until = 0, None
    if again_after is not None:
        row.not_before = now + timedelta(seconds=again_after)
    row.save(update_fields=["failures", "closed_until", "not_before"])

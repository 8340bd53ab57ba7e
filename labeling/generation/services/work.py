"""Claims on rows that workers make: taken, kept alive, and given back."""

import logging
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any, Generic, Protocol, TypeVar

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from labeling.generation.backends.port import Backend, Failure
from labeling.generation.enums import CandidateState
from labeling.generation.models import Generator, RunPart, Work
from labeling.generation.queries import rows_of

log = logging.getLogger(__name__)

MOST_FAILURES = 3
# A worker that is gone says nothing about what it was making: only from the third time on is a
# row suspected of having ended it.
SUSPECTED_AT, MOST_ATTEMPTS = 3, 8
LONGEST_CLAIM = timedelta(minutes=10)

LOST = Failure(
    f"The worker ended {MOST_ATTEMPTS} times while making it.",
    "Look in the worker's log; the prompt may be too long for its memory.",
)
STOPPED = Failure("The run was stopped before it was made.", "Retry it to have it made after all.")
# What is written when a row is given back; `bulk_update` needs the names.
GIVEN_BACK = [
    "state", "attempts", "failures", "error", "claim", "claim_expires_at", "finished_at",
]  # fmt: skip

W = TypeVar("W", bound=Work)
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Claim(Generic[W]):
    """Rows that one worker alone may finish, as long as it holds ``token``."""

    token: uuid.UUID
    rows: Sequence[W]


@dataclass(frozen=True)
class Worker:
    """What a worker process brings along: its backends, its clock, and how long it may work."""

    open_backend: Callable[[RunPart], Backend]
    clock: Clock
    claim_seconds: int
    budget_seconds: float
    has_loaded: Callable[[Generator], bool] = lambda generator: False


def take(free: QuerySet[W], *, limit: int, seconds: int, now: datetime) -> Claim[W] | None:
    """Claim up to ``limit`` of some rows, in their order; None when none is free.

    Those whose claim expired come first; one that this befell again and again is taken alone:
    should it be what ends the workers, it takes no neighbour along. Call it in a transaction.
    """
    free = free.select_for_update(skip_locked=True, of=("self",)).order_by("id")
    expired = free.filter(
        state=CandidateState.RUNNING, claim_expires_at__lt=now, attempts__lt=MOST_ATTEMPTS
    )
    lost = expired.filter(attempts__lt=SUSPECTED_AT)
    waiting = free.filter(state=CandidateState.PENDING)
    chosen = list(lost[:limit]) or list(waiting[:limit]) or list(expired[:1])
    if not chosen:
        return None
    claim = Claim(uuid.uuid4(), chosen)
    for row in chosen:
        row.attempts += 1
        row.state = CandidateState.RUNNING
        row.claim, row.claim_expires_at = claim.token, now + timedelta(seconds=seconds)
    free.model._default_manager.bulk_update(
        chosen, ["attempts", "state", "claim", "claim_expires_at"]
    )
    return claim


def fail(row: Work, failure: Failure, now: datetime) -> None:
    """End a row that cannot be made; the caller writes it."""
    row.state, row.error = CandidateState.FAILED, str(failure)
    row.claim = row.claim_expires_at = None
    row.finished_at = now


def try_again(row: Work, failure: Failure, now: datetime) -> None:
    """Count a failure; let the row wait again where that may help, three times at most."""
    row.failures += 1
    if row.failures >= MOST_FAILURES or row.is_stopped or not failure.retriable:
        fail(row, failure, now)
    else:
        row.state, row.error = CandidateState.PENDING, str(failure)
        row.claim = row.claim_expires_at = None


def postpone(row: Work, now: datetime) -> None:
    """Let a row wait again that nobody tried to make."""
    if row.is_stopped:
        fail(row, STOPPED, now)
        return
    row.attempts -= 1
    row.state = CandidateState.PENDING
    row.claim = row.claim_expires_at = None


def set_aside_lost(work: type[W], *, run_id: int, now: datetime) -> list[W]:
    """Fail the rows of a run that no worker brings back any more; return them.

    Those are the ones whose claim expired for the last time, and of a stopped run every one
    whose claim expired. Call it in a transaction.
    """
    expired = (
        rows_of(work)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("run")
        .filter(run_id=run_id, state=CandidateState.RUNNING, claim_expires_at__lt=now)
        .order_by("id")
    )
    lost = [row for row in expired if row.is_stopped or row.attempts >= MOST_ATTEMPTS]
    for row in lost:
        fail(row, STOPPED if row.is_stopped else LOST, now)
    work._default_manager.bulk_update(lost, GIVEN_BACK)
    return lost


@contextmanager
def kept_alive(*, claim: Claim[Any], seconds: float, clock: Clock) -> Iterator[None]:
    """Renew the claim while the block runs, for at most ten minutes.

    So a claim can be short, and a worker that is killed gives its rows back soon.
    """
    ended = Event()
    thread = Thread(target=_renew, args=(claim, seconds, clock, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class Again(Protocol):
    """What came of some rows of a claim: ``again`` of them wait once more."""

    @property
    def again(self) -> int:
        """Return how many wait again."""


R = TypeVar("R", bound=Again)


def worked_through(
    worker: Worker,
    ends_at: float,
    *,
    take: Callable[[], Claim[W] | None],
    make: Callable[[Claim[W]], Iterator[R]],
) -> Iterator[tuple[R, bool]]:
    """Take claims and make them until none is free or the time is used up; yield what comes.

    With it, whether all went well so far in its claim. It ends after a claim that brought nothing
    and is to be tried again: the sweep comes back later.
    """
    while time.monotonic() < ends_at and (claim := take()) is not None:
        again = 0
        with kept_alive(claim=claim, seconds=worker.claim_seconds, clock=worker.clock):
            for made in make(claim):
                again += made.again
                yield made, not again
        if again == len(claim.rows):
            return


def _renew(claim: Claim[Any], seconds: float, clock: Clock, ended: Event) -> None:
    rows = type(claim.rows[0])._default_manager.filter(
        pk__in=[row.pk for row in claim.rows], claim=claim.token
    )
    pause = seconds / 3
    try:
        for _ in range(int(LONGEST_CLAIM.total_seconds() / pause)):
            if ended.wait(pause):
                return
            rows.update(claim_expires_at=clock() + timedelta(seconds=seconds))
    except DatabaseError as error:
        log.warning("a claim could not be renewed and may be taken over: %s", error)
    finally:
        connection.close()

"""Keep the claim on an export while it is written, and show how far it is."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from threading import Event, Thread
from typing import TypeVar

from django.db import DatabaseError, connection

from exports.enums import ExportState
from exports.models import Export
from exports.services.claims import CLAIMED_FOR
from labeling.clock import database_now

log = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
# After how many rows it is asked whether anybody still waits for them.
ROWS_AT_ONCE = 100
T = TypeVar("T")


class ClaimLost(Exception):
    """The export was canceled, or another worker has it."""


@dataclass
class Kept:
    """A claim that is being kept; ``read`` tells how many of ``total`` comparisons are read."""

    read: Callable[[], int]
    total: int = 0
    is_lost: Event = field(default_factory=Event)

    def through(self, rows: Iterable[T]) -> Iterator[T]:
        """Yield the rows; raise ClaimLost as soon as nobody waits for them any more."""
        stream = iter(rows)
        while some := list(islice(stream, ROWS_AT_ONCE)):
            if self.is_lost.is_set():
                raise ClaimLost
            yield from some


@contextmanager
def kept(export: Export, read: Callable[[], int]) -> Iterator[Kept]:
    """Renew the claim every few seconds while the block runs, and note how far it is.

    So a claim can be short, and what a worker that is killed was writing is begun again soon.
    """
    found, ended = Kept(read), Event()
    thread = Thread(target=_beat, args=(export, found, ended), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def _beat(export: Export, found: Kept, ended: Event) -> None:
    own = Export.objects.filter(pk=export.pk, claim=export.claim, state=ExportState.RUNNING)
    try:
        while not (ended.wait(BEAT_SECONDS) or found.is_lost.is_set()):
            try:
                renewed = own.update(
                    claim_expires_at=database_now() + CLAIMED_FOR,
                    comparisons_read=found.read(),
                    comparisons_total=found.total,
                )
            except DatabaseError as error:
                log.warning("the claim on %s could not be renewed: %s", export, error)
            else:
                if not renewed:
                    found.is_lost.set()
    finally:
        connection.close()

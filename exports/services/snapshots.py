"""Read many tables as they were at one moment, in a thread that is ahead of whoever needs it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from queue import Full, Queue
from threading import Event
from typing import TypeVar

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

T = TypeVar("T")
# How much is read ahead: pieces, and items in each.
PIECES, ITEMS = 2, 1000
LOOKS_UP_SECONDS = 0.1


class Snapshot:
    """One moment of the database, seen through a connection and by a thread of its own.

    So PostgreSQL prepares what comes next while Python makes rows of what came before.
    """

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread, self._ended = thread, Event()

    def get(self, read: Callable[[], T]) -> T:
        """Return what a read returns."""
        return self._thread.submit(read).result()

    def ahead(self, read: Callable[[], Iterator[T]]) -> Iterator[T]:
        """Yield what a stream reads, which is a little ahead; raise what it raises."""
        pieces: Queue[list[T]] = Queue(PIECES)
        pump = self._thread.submit(self._pump, read, pieces)
        while piece := pieces.get():
            yield from piece
        pump.result()

    def end(self) -> None:
        """Have whatever is being read stop at the next piece."""
        self._ended.set()

    def _pump(self, read: Callable[[], Iterator[T]], pieces: Queue[list[T]]) -> None:
        """Put items into the queue until there are no more or nobody wants them; then nothing."""
        try:
            items = read()
            while (piece := list(islice(items, ITEMS))) and self._put(pieces, piece):
                pass
        finally:
            self._put(pieces, [])

    def _put(self, pieces: Queue[list[T]], piece: list[T]) -> bool:
        while not self._ended.is_set():
            try:
                pieces.put(piece, timeout=LOOKS_UP_SECONDS)
            except Full:
                continue
            return True
        return False


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Make every read through it see the database as it was at the first one.

    Other people's writes go on meanwhile. Raises TransactionManagementError inside another
    transaction, whose own writes it would not see.
    """
    if connection.in_atomic_block:
        raise TransactionManagementError("A snapshot cannot begin inside a transaction.")
    with ThreadPoolExecutor(1) as thread:
        found, moment = Snapshot(thread), ExitStack()
        moment.callback(lambda: connection.close())  # in the thread, whose connection it is
        try:
            found.get(lambda: moment.enter_context(one_moment()))
            yield found
        finally:
            found.end()
            found.get(moment.close)


@contextmanager
def one_moment() -> Iterator[None]:
    """Begin a transaction that reads as of its first read."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # Django would begin an IMMEDIATE transaction, and that one would keep writers out.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")

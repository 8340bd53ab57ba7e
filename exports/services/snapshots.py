"""Read many tables as they were at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError


@contextmanager
def snapshot() -> Iterator[None]:
    """Make every read inside see the database as it was at the first one.

    Other people's writes go on meanwhile. Raises TransactionManagementError inside another
    transaction, which would have begun with its own view of the data.
    """
    if connection.in_atomic_block:
        raise TransactionManagementError("A snapshot cannot begin inside a transaction.")
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

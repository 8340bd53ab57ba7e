"""The cast and the stage that every test can use."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management.commands import flush as flushing
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client

from tests.factories import Cast, make_cast

pytest_plugins = ["tests.plugin"]

FILLED_BY_MIGRATIONS = {"auth_permission", "django_content_type"}


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_triggers() -> Iterator[None]:
    """Let the test runner empty append-only tables between tests that commit, and do no more.

    A few rows are deleted sooner than TRUNCATE makes and syncs a new file for every table and
    index. What migrations filled stays, so that it need not be made again each time.
    """
    patch = pytest.MonkeyPatch()
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def delete_from(self: BaseDatabaseOperations, style: Any, tables: Iterable[str], **_: Any):
        emptied = sorted(set(tables) - FILLED_BY_MIGRATIONS)
        return [f"DELETE FROM {self.quote_name(table)}" for table in emptied]

    def past_triggers(self: BaseDatabaseOperations, statements: Sequence[str]) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = 'replica'")
                flush(self, statements)
                cursor.execute("SET session_replication_role = 'origin'")
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            flush(self, statements)
            for _, statement in triggers:
                cursor.execute(statement)

    patch.setattr(operations, "sql_flush", delete_from)
    patch.setattr(operations, "execute_sql_flush", past_triggers)
    patch.setattr(flushing, "emit_post_migrate_signal", lambda *_: None)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _cold_cache() -> None:
    """Begin each test with nothing remembered from another."""
    cache.clear()


@pytest.fixture
def browser(client: Client) -> Client:
    """A plain test client, signed in by nobody."""
    return client


@pytest.fixture
def cast(db: None) -> Cast:
    """A campaign with everybody around it, and a stranger with one of their own."""
    return make_cast()


class Rings(list[tuple[str, dict[str, Any]]]):
    """The tasks that were rung, with their ids, in order."""

    def named(self, task: str) -> list[dict[str, Any]]:
        """Return the ids that one task was rung with."""
        return [ids for name, ids in self if name == task]


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> Rings:
    """Catch what would be sent to the workers."""
    caught = Rings()
    monkeypatch.setattr("labeling.doorbell._send", lambda task, ids: caught.append((task, ids)))
    return caught

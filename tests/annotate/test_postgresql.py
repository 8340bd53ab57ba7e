"""Connections that are kept open: found gone without asking, and made anew."""

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def begin_request() -> None:
    """Do what Django does with kept connections when a request begins."""
    setattr(connection, "health_check_enabled", True)  # noqa: B010 - the stubs lack both
    setattr(connection, "health_check_done", False)  # noqa: B010


def test_kept_connection_is_used_without_a_question() -> None:
    connection.ensure_connection()
    begin_request()

    with CaptureQueriesContext(connection) as asked:
        assert connection.is_usable()

    assert asked.captured_queries == []


def test_connection_that_the_server_ended_is_made_anew() -> None:
    connection.ensure_connection()
    first = connection.connection.info.backend_pid
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    other.close()
    begin_request()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (first,)


def test_connection_closed_here_is_not_usable() -> None:
    connection.ensure_connection()
    connection.connection.close()

    assert not connection.is_usable()
    connection.close()

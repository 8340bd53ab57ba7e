"""The one clock that leases and deadlines go by: the database's."""

from datetime import UTC, datetime

from django.db import connection

STATEMENTS = {
    "postgresql": "SELECT statement_timestamp()",
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
}


def database_now() -> datetime:
    """Return the database's current time in UTC, so that hosts with wrong clocks agree."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS[connection.vendor])
        (value,) = cursor.fetchone()
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).astimezone(UTC)

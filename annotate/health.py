"""Health: is the process up, and does everything it needs answer."""

from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from kombu.exceptions import OperationalError

from labeling.access import PUBLIC, declare


@declare(GET=PUBLIC)
def alive(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process serves requests."""
    return JsonResponse({"status": "ok"})


@declare(GET=PUBLIC)
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, migrations and broker are in order, else 503 with each state."""
    checks = {"database": _database(), "migrations": _migrations(), "broker": _broker()}
    status = 200 if all(checks.values()) else 503
    states = {name: "ok" if fine else "failing" for name, fine in checks.items()}
    return JsonResponse({"status": "ok" if status == 200 else "failing", **states}, status=status)


def _database() -> bool:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _broker() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return False
    return True

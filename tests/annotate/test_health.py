"""Health: alive always answers, ready names what fails."""

import pytest
from django.db import DatabaseError
from django.test import Client
from kombu.exceptions import OperationalError

pytestmark = pytest.mark.django_db


def test_alive_needs_nothing_but_the_process(client: Client) -> None:
    answer = client.get("/livez")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_names_every_part(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "database": "ok", "migrations": "ok", "broker": "ok"},
    )


@pytest.mark.parametrize(
    ("place", "error", "failing"),
    [
        ("connection.cursor", DatabaseError, {"database"}),
        ("MigrationExecutor", DatabaseError, {"migrations"}),
        ("current_app.connection_for_write", OperationalError, {"broker"}),
        ("current_app.connection_for_write", OSError, {"broker"}),
    ],
)
def test_ready_answers_503_and_names_what_fails(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    error: type[Exception],
    failing: set[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error("the address of the server, secret")

    monkeypatch.setattr(f"annotate.health.{place}", fail)
    answer = client.get("/readyz")
    body = answer.json()

    assert answer.status_code == 503
    assert failing <= {name for name, state in body.items() if state == "failing"}
    assert body["status"] == "failing"
    assert b"secret" not in answer.content


def test_ready_fails_while_migrations_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = "annotate.health.MigrationExecutor.migration_plan"
    monkeypatch.setattr(plan, lambda *_: [("a migration", False)])

    assert client.get("/readyz").json()["migrations"] == "failing"

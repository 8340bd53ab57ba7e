"""What the log says, and what it keeps to itself."""

import logging

import pytest
import structlog
from django.test import Client

from annotate.logs import configure_logs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _configured(caplog: pytest.LogCaptureFixture) -> None:
    configure_logs()
    caplog.set_level(logging.INFO)


@pytest.mark.parametrize("path", ["/links/{}/", "/account/password/reset/key/{}/"])
def test_log_names_the_address_without_its_secret(
    client: Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    client.get(path.format("1-very-secret"))

    (said,) = [line for line in caplog.messages if line.startswith("request_")]
    assert f"request='GET {path.format('…')}'" in said
    assert "very-secret" not in said


def test_traceback_is_logged_without_the_values_of_variables(
    caplog: pytest.LogCaptureFixture,
) -> None:
    password = "".join(["not", "-for-", "logs"])
    try:
        len(password).missing  # type: ignore[attr-defined]  # noqa: B018 - to raise
    except AttributeError:
        structlog.get_logger("labeling").exception("failed", code=500)

    assert caplog.messages[0].startswith("failed code=500\nTraceback")
    assert password not in caplog.text


def test_level_setting_holds_for_structured_events(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)

    structlog.get_logger("labeling").info("chatter")

    assert caplog.messages == []

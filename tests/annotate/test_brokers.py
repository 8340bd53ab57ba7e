"""Workers outlive their broker: a channel whose connection is gone fails as it should."""

from types import SimpleNamespace
from typing import Any

import pytest
from kombu import Connection
from redis.exceptions import ConnectionError as BrokerGone

from annotate.brokers import LastingChannel
from annotate.celery import app

pytestmark = pytest.mark.once
NOWHERE = "redis://127.0.0.1:1/0"


class Orphan(LastingChannel):
    """A channel whose connection is closed, and which needs it to close itself."""

    def __init__(self) -> None:
        self.connection: Any = SimpleNamespace(client=None)

    def close(self) -> None:
        self._connparams()


def test_celery_uses_channels_that_last():
    assert app.connection_for_write(NOWHERE).transport.Channel is LastingChannel  # type: ignore[attr-defined]  # virtual ones have it


def test_channel_without_its_connection_fails_like_a_lost_connection():
    with pytest.raises(BrokerGone):
        Orphan().close()

    assert issubclass(BrokerGone, Connection(NOWHERE).connection_errors)


def test_closing_such_a_channel_is_passed_over():
    Connection(NOWHERE).maybe_close_channel(Orphan())

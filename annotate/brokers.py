"""What kombu's transports need besides, so that workers outlive their broker."""

from typing import Any

from kombu.transport import redis, sqlalchemy
from redis.exceptions import ConnectionError as BrokerGone


class LastingChannel(redis.Channel):
    """A channel whose connection is gone says so.

    kombu's own fails with an AttributeError when it is closed, or a message acknowledged, after
    its connection was lost. Nothing expects that, and the worker ends (kombu 5.7, celery 5.7).
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection.client is None:
            raise BrokerGone("the connection of this channel is closed")
        found = super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]  # its own
        return dict(found)


def mend_transports() -> None:
    """Have Celery use them."""
    redis.Transport.Channel = LastingChannel
    # The embedded broker looks for messages this often (seconds). As a transport option the
    # value reaches SQLAlchemy and raises TypeError, so it is set on the class.
    sqlalchemy.Transport.polling_interval = 0.25

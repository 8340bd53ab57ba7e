"""How events are logged: one line each, without secrets and without the values of variables."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]

# Whoever reads such an address in a log could use it in the person's place.
SECRET_ADDRESSES = re.compile(r"(/links/|/password/reset/key/)[^/\s]+")


def configure_logs() -> None:
    """Send structured events through the standard library's handlers and levels."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            hide_secret_addresses,
            # Plain tracebacks: the library's default prints local variables, passwords included.
            structlog.processors.format_exc_info,
            write_line,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def hide_secret_addresses(_logger: object, _level: str, event: Event) -> Event:
    """Cut the secret out of the addresses of single-use links."""
    if isinstance(event.get("request"), str):
        event["request"] = SECRET_ADDRESSES.sub(r"\1…", event["request"])
    return event


class HideSecretAddresses(logging.Filter):
    """Cut the secret out of the addresses that Django's own loggers write."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with its addresses made harmless."""
        message = record.getMessage()
        record.msg, record.args = SECRET_ADDRESSES.sub(r"\1…", message), ()
        return True


def write_line(_logger: object, _level: str, event: Event) -> str:
    """Write the event and its values in one line; a traceback follows on lines of its own."""
    text, trace = str(event.pop("event")), event.pop("exception", "")
    values = [f"{name}={value!r}" for name, value in sorted(event.items()) if value is not None]
    line = " ".join([text, *values])
    return f"{line}\n{trace}" if trace else line

"""How events are logged: one line each, without secrets and without the values of variables."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

Event = MutableMapping[str, Any]

# Whoever reads such an address in a log could use it in the person's place.
SECRET_ADDRESSES = re.compile(r"(/links/|/password/reset/key/)[^/\s]+")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def log_settings(level: str) -> dict[str, Any]:
    """Return Django's LOGGING for a level; raise ImproperlyConfigured for one there is not."""
    if level not in LEVELS:
        names = f"{', '.join(LEVELS[:-1])} or {LEVELS[-1]}"
        raise ImproperlyConfigured(f"LOG_LEVEL is {level!r}. Set it to {names}.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "filters": {"secrets": {"()": "annotate.logs.HideSecretAddresses"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["secrets"],
            }
        },
        # Refusals are in the request's own line already.
        "loggers": {"django.request": {"level": "ERROR"}},
        "root": {"handlers": ["console"], "level": level},
    }


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

"""Refuse to start with settings that would leave a door open."""

import os
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50
FEWEST_DIFFERENT = 10
KNOWN_BAD = (
    "django-insecure",
    "changeme",
    "change-me",
    "secret",
    "example",
    "password",
    "test-key",
)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]", "testserver"})


def refuse_unsafe(*, secret_key: str, debug: bool, secure: bool, hosts: Sequence[str]) -> None:
    """Raise ImproperlyConfigured, naming setting and remedy, unless the settings are safe."""
    _refuse_weak_key(secret_key)
    if "*" in hosts or any(host.startswith(".") and host.count(".") < 2 for host in hosts):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS lets every host in. List the host names that the site answers to."
        )
    if not hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS is empty. List the site's host names.")
    outside = sorted(set(hosts) - LOOPBACK)
    if debug and outside:
        raise ImproperlyConfigured(
            f"DEBUG is on while ALLOWED_HOSTS names {', '.join(outside)}. Turn DEBUG off."
        )
    if not secure and outside:
        raise ImproperlyConfigured(
            f"SECURE=0 sends cookies over plain HTTP, and ALLOWED_HOSTS names "
            f"{', '.join(outside)}. Leave SECURE on, or list loopback names only."
        )


def whole_number(name: str, *, default: int, least: int = 1) -> int:
    """Return a setting that is a whole number from ``least`` up, or raise ImproperlyConfigured."""
    value = os.environ.get(name, str(default))
    if not (value.isascii() and value.isdigit() and int(value) >= least):
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Set it to a whole number from {least} up."
        )
    return int(value)


def _refuse_weak_key(key: str) -> None:
    remedy = (
        "Set it to at least 50 random characters, for example with: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
    if not key:
        raise ImproperlyConfigured(f"SECRET_KEY is not set. {remedy}")
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_DIFFERENT:
        raise ImproperlyConfigured(f"SECRET_KEY is too short or too simple. {remedy}")
    if any(bad in key.lower() for bad in KNOWN_BAD):
        raise ImproperlyConfigured(f"SECRET_KEY looks like an example. {remedy}")

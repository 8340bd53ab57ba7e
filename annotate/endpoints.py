"""Read MODEL_ENDPOINTS: the model servers that this deployment may call."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SHAPE = 'MODEL_ENDPOINTS must be JSON like {"name": {"base_url": "https://host/v1", "api_key": ""}}'
KNOWN = {"base_url", "api_key", "at_once", "a_minute", "many"}
MOST_AT_ONCE, MOST_A_MINUTE = 256, 1_000_000


@dataclass(frozen=True)
class Endpoint:
    """One OpenAI-compatible server; the key goes to this address only and is never stored.

    ``at_once`` and ``a_minute`` are how many calls all workers together make there; ``many``
    says that it takes ``n``, several responses to one call.
    """

    base_url: str
    api_key: str
    at_once: int = 8
    a_minute: int | None = None
    many: bool = False

    def __repr__(self) -> str:
        return f"Endpoint({self.base_url!r})"


def read_endpoints(value: str) -> dict[str, Endpoint]:
    """Return the endpoints by name; raise ImproperlyConfigured on anything else than SHAPE."""
    try:
        entries = json.loads(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{SHAPE}: {error}") from error
    if not isinstance(entries, dict):
        raise ImproperlyConfigured(SHAPE)
    return {name: _read_one(name, entry) for name, entry in entries.items()}


def _read_one(name: str, entry: object) -> Endpoint:
    if not isinstance(entry, dict) or not set(entry) <= KNOWN:
        raise ImproperlyConfigured(f"{SHAPE}; entry {name!r} is not.")
    base_url, api_key = entry.get("base_url"), entry.get("api_key", "")
    if not isinstance(base_url, str) or not isinstance(api_key, str):
        raise ImproperlyConfigured(f"{SHAPE}; entry {name!r} is not.")
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ImproperlyConfigured(
            f"MODEL_ENDPOINTS entry {name!r}: base_url must be http(s)://host[:port]/path."
        )
    many = entry.get("many", False)
    if not isinstance(many, bool):
        raise ImproperlyConfigured(f"MODEL_ENDPOINTS entry {name!r}: many must be true or false.")
    return Endpoint(
        base_url=base_url.rstrip("/"),
        api_key=api_key,
        at_once=_whole(name, entry, "at_once", MOST_AT_ONCE) or Endpoint.at_once,
        a_minute=_whole(name, entry, "a_minute", MOST_A_MINUTE),
        many=many,
    )


def read_hosts(values: list[str]) -> frozenset[str]:
    """Return the hosts as ``host:port``, 443 where no port is given."""
    found = set()
    for value in filter(None, map(str.strip, values)):
        parts = urlsplit(f"//{value}")
        try:
            port = parts.port or 443
        except ValueError:
            port = 0
        if not parts.hostname or not port or parts.netloc != value or parts.username:
            raise ImproperlyConfigured(f"MODEL_HOSTS: {value!r} must be host or host:port.")
        found.add(f"{parts.hostname}:{port}")
    return frozenset(found)


def _whole(name: str, entry: dict[str, object], field: str, most: int) -> int | None:
    value = entry.get(field)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ImproperlyConfigured(
            f"MODEL_ENDPOINTS entry {name!r}: {field} must be a whole number from 1 to {most}."
        )
    return value

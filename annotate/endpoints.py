"""Read MODEL_ENDPOINTS: the model servers that this deployment may call."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SHAPE = 'MODEL_ENDPOINTS must be JSON like {"name": {"base_url": "https://host/v1", "api_key": ""}}'


@dataclass(frozen=True)
class Endpoint:
    """One OpenAI-compatible server; the key goes to this address only and is never stored."""

    base_url: str
    api_key: str

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
    if not isinstance(entry, dict) or not set(entry) <= {"base_url", "api_key"}:
        raise ImproperlyConfigured(f"{SHAPE}; entry {name!r} is not.")
    base_url, api_key = entry.get("base_url"), entry.get("api_key", "")
    if not isinstance(base_url, str) or not isinstance(api_key, str):
        raise ImproperlyConfigured(f"{SHAPE}; entry {name!r} is not.")
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ImproperlyConfigured(
            f"MODEL_ENDPOINTS entry {name!r}: base_url must be http(s)://host[:port]/path."
        )
    return Endpoint(base_url=base_url.rstrip("/"), api_key=api_key)

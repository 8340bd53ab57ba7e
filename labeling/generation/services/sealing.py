"""Seal the key of a model server for the database, so that it opens for its host alone."""

import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotOpen(Exception):
    """No sealing key opens it, or it was sealed for another host."""


def seal(key: str, *, host: str) -> str:
    """Return a key sealed for a host (``host:port``) with the newest of SEALING_KEYS."""
    return _sealer().encrypt(json.dumps({"host": host, "key": key}).encode()).decode()


def unseal(sealed: str, *, host: str) -> str:
    """Return the key that was sealed for this host; raise CannotOpen."""
    try:
        found = json.loads(_sealer().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise CannotOpen from error
    if found["host"] != host:
        raise CannotOpen
    return str(found["key"])


def reseal(sealed: str) -> str:
    """Return the same sealed with the newest key; raise CannotOpen."""
    try:
        return _sealer().rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen from error


def _sealer() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SEALING_KEYS])

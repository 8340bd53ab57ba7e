"""Do each write once, however often it is sent."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection

from labeling.accounts.models import IdempotencyKey, User
from labeling.errors import DomainError, Kind
from labeling.prepared import insert
from labeling.transactions import part, whole
from labeling.wording import gettext

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 80
Answer = dict[str, Any]

# One statement takes the key and looks for its answer. What it sees may be older than the lock it
# gets: ``do_once`` looks again. SQLite's IMMEDIATE transactions are alone anyway.
TAKE = """SELECT {held}, body_digest, answer FROM (SELECT CAST(%s AS bigint) AS number) AS lock
  LEFT JOIN accounts_idempotencykey ON user_id = %s AND "key" = %s"""
HELD = {"postgresql": "pg_try_advisory_xact_lock(number)"}


class SameKeyOtherBody(DomainError):
    """The key was used before, for a request that said something else."""

    code = "idempotency_key_reused"
    kind = Kind.MISMATCH


class StillInFlight(DomainError):
    """The first request with this key is still being worked on."""

    code = "request_in_flight"
    kind = Kind.CONFLICT


@dataclass(frozen=True)
class Once:
    """The answer to a write, and whether it is a replay of the first one."""

    answer: Answer
    replayed: bool


@dataclass(frozen=True)
class _Known:
    digest: str
    answer: str


def do_once(
    *, user: User, key: str | None, body: object, now: datetime, act: Callable[[], Answer]
) -> Once:
    """Run ``act`` and remember its answer, or replay the answer the key got before.

    One transaction holds the act and the key: either both are there afterwards or neither.
    ``body`` is what the request says, compared by its canonical JSON; the answer is kept as text,
    so that a replay has its fields in the same order. A refusal raised by ``act`` is not
    remembered. Without a key, ``act`` runs in a transaction, or as a part of the one it is called
    in, and nothing is remembered.
    Raises SameKeyOtherBody and StillInFlight.
    """
    if key is None:
        with part():
            return Once(act(), replayed=False)
    digest = hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()
    try:
        with whole():
            known = _take(user, key)
            if known is None:
                answer = act()
                _remember(user, key, digest, answer, now)
                return Once(answer, replayed=False)
    except Exception:
        # The first request may have ended between our look and our lock: then this is a retry.
        known = _find(user, key)
        if known is None:
            raise
    if known.digest != digest:
        raise SameKeyOtherBody(
            gettext(
                "This idempotency key was used for another request. Use a new key for a new "
                "request."
            )
        )
    return Once(orjson.loads(known.answer), replayed=True)


def _take(user: User, key: str) -> _Known | None:
    """Keep the key to this transaction, and return its answer if it has one already."""
    name = hashlib.sha256(f"{user.pk}:{key}".encode()).digest()
    number = int.from_bytes(name[:8], signed=True)
    held = HELD.get(connection.vendor, "TRUE")
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(held=held), [number, user.pk, key])
        is_held, digest, answer = cursor.fetchone()
    if digest is not None:
        return _Known(digest, answer)
    if not is_held:
        reason = gettext("The first request with this key is still under way. Try again soon.")
        raise StillInFlight(reason)
    return None


def _find(user: User, key: str) -> _Known | None:
    found = IdempotencyKey.objects.filter(user=user, key=key).first()
    return None if found is None else _Known(found.body_digest, found.answer)


def _remember(user: User, key: str, digest: str, answer: Answer, now: datetime) -> None:
    text = orjson.dumps(answer).decode()
    insert(IdempotencyKey(user=user, key=key, body_digest=digest, answer=text, created_at=now))


def forget_old_keys(*, now: datetime) -> int:
    """Delete keys older than 24 hours; return how many."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    return deleted

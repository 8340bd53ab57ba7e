"""Do each write once, however often it is sent."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction

from labeling.accounts.models import IdempotencyKey, User
from labeling.errors import DomainError, Kind

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 80
Answer = dict[str, Any]


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


def do_once(
    *, user: User, key: str, body: object, now: datetime, act: Callable[[], Answer]
) -> Once:
    """Run ``act`` and remember its answer, or replay the answer the key got before.

    One transaction holds the act and the key: either both are there afterwards or neither.
    ``body`` is what the request says, compared by its canonical JSON. A refusal raised by
    ``act`` is not remembered. Raises SameKeyOtherBody and StillInFlight.
    """
    digest = hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()
    with transaction.atomic():
        _hold(user, key)
        known = IdempotencyKey.objects.filter(user=user, key=key).first()
        if known is None:
            answer = act()
            IdempotencyKey.objects.create(
                user=user, key=key, body_digest=digest, answer=answer, created_at=now
            )
            return Once(answer, replayed=False)
    if known.body_digest != digest:
        raise SameKeyOtherBody(
            "This idempotency key was used for another request. Use a new key for a new request."
        )
    return Once(known.answer, replayed=True)


def _hold(user: User, key: str) -> None:
    """Keep the key to this transaction; SQLite's IMMEDIATE transactions are alone anyway."""
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(hashlib.sha256(f"{user.pk}:{key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (held,) = cursor.fetchone()
    if not held:
        raise StillInFlight("The first request with this key is still under way. Try again soon.")


def forget_old_keys(*, now: datetime) -> int:
    """Delete keys older than 24 hours; return how many."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    return deleted

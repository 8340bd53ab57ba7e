"""Take a person out of their account, and their words out of what is kept about it."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import orjson
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session

from labeling.accounts.models import AccessLink, ApiToken, AuditEvent, Erasure, IdempotencyKey, User

# What is shown where something was and is no more.
GONE = "erased"
NOBODY_AT = "erased.invalid"  # no mail ever arrives below .invalid (RFC 6761)


def mark_erased(*, targets: Collection[str], now: datetime) -> None:
    """Let the database know that these are erased, so that it lets go of their texts."""
    Erasure.objects.bulk_create(
        [Erasure(target=one, erased_at=now) for one in targets], ignore_conflicts=True
    )


def empty_events(*, targets: Collection[str]) -> None:
    """Empty what the audit log says of erased targets; who did what to them, and when, stays."""
    AuditEvent.objects.filter(target__in=targets).exclude(data={}).update(data={})


def erase_account(*, user: User, now: datetime) -> None:
    """Leave an account that is nobody's: no name, no address, no way in; what it did stays.

    Safe to run twice. Call it in a transaction.
    """
    target = f"user:{user.pk}"
    mark_erased(targets=[target], now=now)
    address = user.email
    user.email = f"{GONE}-{user.pk}@{NOBODY_AT}"
    user.display_name = user.language = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    for ways_in in (AccessLink, ApiToken, IdempotencyKey, EmailAddress):
        ways_in._default_manager.filter(user=user).delete()
    _end_sessions(user, address)
    of_users = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User))
    of_users.filter(object_id=str(user.pk)).update(object_repr=GONE, change_message="")
    empty_events(targets=[target])


def _end_sessions(user: User, address: str) -> None:
    """Delete the sessions that are the person's, or hold the address before anybody signed in."""
    for session in Session.objects.iterator():
        held = session.get_decoded()
        if held.get("_auth_user_id") == str(user.pk) or address in texts_in(held):
            session.delete()


def forget_answers(*, texts: Collection[str]) -> int:
    """Forget the answers to retried requests that hold one of these texts; return how many."""
    wanted = {text for text in texts if text.strip()}
    # A receipt of a judgment, which most are, holds no text.
    others = IdempotencyKey.objects.exclude(answer__startswith='{"judgment"')
    held = [one.pk for one in others.iterator() if wanted & set(texts_in(_said(one.answer)))]
    return IdempotencyKey.objects.filter(pk__in=held).delete()[0]


def _said(answer: str) -> Any:
    """Return what was answered; over REST it is JSON within JSON."""
    said = orjson.loads(answer)
    body = said.get("body")
    return orjson.loads(body) if body else said


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text within a value made of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)

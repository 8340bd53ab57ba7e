"""Make, use and revoke API tokens."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from labeling.access import Scope
from labeling.accounts.models import ApiToken, User
from labeling.accounts.queries import digest_of
from labeling.accounts.services.audit import record_event
from labeling.errors import Invalid
from labeling.wording import gettext

USE_NOTED_EVERY = timedelta(minutes=5)
SECRET_BYTES = 32
LONGEST_LIFE = timedelta(days=365)


@transaction.atomic
def make_token(
    *, user: User, name: str, scopes: Iterable[str], expires_at: datetime, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token; return it and its secret, which is kept nowhere.

    Raises Invalid, by field, for an empty name, no or unknown scopes, or a life of more than
    a year.
    """
    wanted = sorted(set(scopes))
    _refuse_odd(name, wanted, expires_at, now)
    prefix = secrets.token_hex(4)
    secret = f"ann_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        prefix=f"ann_{prefix}",
        digest=digest_of(secret),
        scopes=wanted,
        created_at=now,
        expires_at=expires_at,
    )
    record_event(actor=user, action="token.made", target=f"token:{token.pk}", scopes=wanted)
    return token, secret


def _refuse_odd(name: str, scopes: list[str], expires_at: datetime, now: datetime) -> None:
    fields = {}
    if not name.strip() or len(name) > 120:
        fields["name"] = [gettext("Give the token a name of 1 to 120 characters.")]
    unknown = [scope for scope in scopes if scope not in set(Scope)]
    if unknown or not scopes:
        reason = gettext("Choose at least one of: %(scopes)s.")
        fields["scopes"] = [reason % {"scopes": ", ".join(Scope)}]
    if not now < expires_at <= now + LONGEST_LIFE:
        fields["days"] = [gettext("A token lives for 1 to 365 days.")]
    if fields:
        raise Invalid(gettext("The token was not made: some fields do not hold."), fields=fields)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, now: datetime) -> None:
    """End a token at once; ending it again changes nothing."""
    ended = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    if ended:
        token.revoked_at = now
        record_event(actor=by, action="token.revoked", target=f"token:{token.pk}")


def note_token_use(*, token: ApiToken, now: datetime) -> None:
    """Remember when a token was last used, to within five minutes, without a write a request."""
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)

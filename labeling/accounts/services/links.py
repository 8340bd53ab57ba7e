"""Give, use and withdraw the single-use links that let people in."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from labeling.accounts.enums import LinkPurpose
from labeling.accounts.errors import LinkNotGiven
from labeling.accounts.models import AccessLink, User
from labeling.accounts.queries import LINK_SIGNER, digest_of, has_come, link_for
from labeling.accounts.services.audit import record_event
from labeling.errors import Invalid
from labeling.wording import gettext

SECRET_BYTES = 32
SIGN_IN_LASTS = timedelta(hours=24)


@transaction.atomic
def give_link(*, user: User, purpose: LinkPurpose, created_by: User | None, now: datetime) -> str:
    """Make a link and return its signed secret, which is kept nowhere.

    A new invitation withdraws the earlier ones. Raises LinkNotGiven when an invitation is
    asked for somebody who has already entered the account: it would let another person in.
    """
    lasts = SIGN_IN_LASTS
    if purpose == LinkPurpose.INVITATION:
        if has_come(user):
            raise LinkNotGiven(
                gettext(
                    "This person has already signed in. If the password is lost, it can be reset "
                    "on the sign-in page."
                )
            )
        withdraw_links(user=user, now=now)
        lasts = timedelta(hours=settings.INVITATION_HOURS)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    AccessLink.objects.create(
        user=user,
        purpose=purpose,
        digest=digest_of(secret),
        created_by=created_by,
        created_at=now,
        expires_at=now + lasts,
    )
    record_event(
        actor=created_by, action="link.given", target=f"user:{user.pk}", purpose=purpose.value
    )
    return LINK_SIGNER.sign(secret)


def use_link(
    *, signed: str, now: datetime, password: str | None = None, display_name: str = ""
) -> User:
    """Use a link up and return the person it lets in.

    An invitation sets the password and the name; a sign-in link changes neither. Raises
    NotFound, LinkUsed, LinkRevoked, LinkExpired, or Invalid with what the password lacks,
    and then leaves the link as it was. Of two tries at once, one gets in.
    """
    link = link_for(signed, now=now)
    entry = {}
    if link.purpose == LinkPurpose.INVITATION:
        # Before anything is locked: hashing is slow on purpose, and SQLite has one writer.
        entry = _entry(link.user, password or "", display_name.strip())
    return _let_in(signed, entry, now)


@transaction.atomic
def _let_in(signed: str, entry: dict[str, str], now: datetime) -> User:
    link = link_for(signed, now=now, lock=True)
    user = link.user
    if entry:
        user.display_name, user.password = entry["display_name"], entry["password"]
        user.save(update_fields=["display_name", "password"])
    link.used_at = now
    link.save(update_fields=["used_at"])
    record_event(actor=user, action="link.used", target=f"user:{user.pk}", purpose=link.purpose)
    return user


def _entry(user: User, password: str, display_name: str) -> dict[str, str]:
    """Return the name and the hashed password that a person enters the account with."""
    fields = {}
    if not display_name:
        reason = gettext("Give a name: managers and reviewers of your campaigns see it.")
        fields["display_name"] = [reason]
    user.display_name = display_name
    try:
        validate_password(password, user)
    except ValidationError as error:
        fields["password"] = list(error.messages)
    if fields:
        raise Invalid(gettext("The link was not used: some fields do not hold."), fields=fields)
    return {"display_name": display_name, "password": make_password(password)}


def withdraw_links(*, user: User, now: datetime) -> int:
    """Withdraw every unused link of a person; return how many there were."""
    live = AccessLink.objects.filter(user=user, used_at=None, revoked_at=None)
    return live.update(revoked_at=now)

"""Reads about people, their links and their API tokens."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateformat import format as date_in_words

from labeling.accounts.enums import LinkPurpose
from labeling.accounts.errors import LinkExpired, LinkRevoked, LinkUnknown, LinkUsed
from labeling.accounts.models import AccessLink, ApiToken, User
from labeling.errors import NotFound, SignInNeeded
from labeling.wording import gettext, gettext_lazy

LINK_SIGNER = Signer(sep=".", salt="labeling.accounts.link")
UNKNOWN_LINK = gettext_lazy(
    "A part of it is missing, or it was never given out here. Copy the whole link once more, "
    "or ask the manager of your campaign for a new link."
)


def user_of(request: HttpRequest) -> User:
    """Return the person of a request that the gate has let through as signed in."""
    if not isinstance(request.user, User):
        raise SignInNeeded(gettext("Sign in first."))
    return request.user


def digest_of(secret: str) -> str:
    """Return the SHA-256 (hex) under which a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_for(secret: str, *, now: datetime) -> ApiToken | None:
    """Return the live token with this secret whose owner is active, or None."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of(secret), user__is_active=True)
        .first()
    )
    return token if token is not None and token.is_live(now) else None


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Return a person's API tokens, newest first."""
    return ApiToken.objects.filter(user=user).order_by("-id")


def own_token(user: User, token_id: int) -> ApiToken:
    """Return one of a person's own tokens, or raise NotFound."""
    token = tokens_of(user).filter(pk=token_id).first()
    if token is None:
        raise NotFound(gettext("You have no such token."))
    return token


def link_url(signed: str) -> str:
    """Return the address that a link is given out as."""
    return f"{settings.BASE_URL}{reverse('link', args=[signed])}"


def has_come(user: User) -> bool:
    """Tell whether the person has ever entered the account."""
    return user.last_login is not None or user.has_usable_password()


def link_for(signed: str, *, now: datetime, lock: bool = False) -> AccessLink:
    """Return the link with its user if it can still be used, else raise why it cannot.

    A forged or damaged link is refused by its signature, before the database is asked.
    """
    try:
        secret = LINK_SIGNER.unsign(signed)
    except BadSignature as error:
        raise LinkUnknown(str(UNKNOWN_LINK)) from error
    links = AccessLink.objects.select_related("user")
    if lock:
        links = links.select_for_update(of=("self", "user"), no_key=True)
    link = links.filter(digest=digest_of(secret)).first()
    if link is None:
        raise LinkUnknown(str(UNKNOWN_LINK))
    _refuse_spent(link, now)
    return link


def _refuse_spent(link: AccessLink, now: datetime) -> None:
    if link.used_at is not None:
        raise LinkUsed(
            gettext(
                "A link works only once, and this one has let somebody in already. If that was "
                "you, sign in with your password. If not, ask the manager of your campaign for a "
                "new link."
            )
        )
    # An invitation sets the password: once the person has come, it would hand their account over.
    is_late = link.purpose == LinkPurpose.INVITATION and has_come(link.user)
    if link.revoked_at is not None or not link.user.is_active or is_late:
        raise LinkRevoked(
            gettext(
                "A newer link took its place, or you have an account already. If you have a "
                "password, sign in with it. If not, ask the manager of your campaign for a new "
                "link."
            )
        )
    if now >= link.expires_at:
        reason = gettext(
            "It worked until %(time)s UTC. To get in, ask the manager of your campaign for a new "
            "link."
        )
        raise LinkExpired(reason % {"time": date_in_words(link.expires_at, gettext("j F Y, H:i"))})

"""Reads about people and their API tokens."""

import hashlib
from datetime import datetime

from labeling.accounts.models import ApiToken


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

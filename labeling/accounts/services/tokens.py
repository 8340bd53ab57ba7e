"""Make, use and revoke API tokens."""

from datetime import datetime, timedelta

from labeling.accounts.models import ApiToken

USE_NOTED_EVERY = timedelta(minutes=5)


def note_token_use(*, token: ApiToken, now: datetime) -> None:
    """Remember when a token was last used, to within five minutes, without a write a request."""
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)

"""Count the failed tries to open links from each network address, and stop after too many."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from labeling.accounts.errors import TooManyTries
from labeling.errors import DomainError, Kind
from labeling.wording import gettext

MOST_TRIES = 30
WITHIN_SECONDS = 15 * 60


@contextmanager
def counted_tries(request: HttpRequest) -> Iterator[None]:
    """Count the refusal of a link inside the block; raise TooManyTries once there were 30.

    Links that work are not counted: many people behind one address may come at once.
    """
    key = f"link-tries:{get_adapter().get_client_ip(request)}"
    if cache.get(key, 0) >= MOST_TRIES:
        raise TooManyTries(
            gettext("Too many links from your address did not work. Try again in 15 minutes."),
            retry_after=WITHIN_SECONDS,
        )
    try:
        yield
    except DomainError as refusal:
        if refusal.kind in {Kind.NOT_FOUND, Kind.GONE}:
            cache.add(key, 0, WITHIN_SECONDS)
            cache.incr(key)
        raise

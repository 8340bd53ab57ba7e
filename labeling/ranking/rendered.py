"""Safe HTML of texts, kept by content hash so that each text is rendered once."""

from django.core.cache import cache

from labeling.generation.texts import hash_of
from labeling.ranking.rendering import VERSION, render

KEPT_SECONDS = 86_400


def html_of(text: str) -> str:
    """Return the safe HTML of a text, from the cache when it was rendered before."""
    key = f"html:{VERSION}:{hash_of(text)}"
    found: str | None = cache.get(key)
    if found is None:
        found = render(text)
        cache.set(key, found, KEPT_SECONDS)
    return found

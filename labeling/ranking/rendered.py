"""Safe HTML of texts: made ahead where it is, else kept by content hash once it is made."""

from typing import Any

from django.core.cache import cache

from labeling.generation.models import Candidate
from labeling.generation.texts import hash_of
from labeling.prompts.models import Prompt
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


def html_of_turns(prompt: Prompt) -> list[str]:
    """Return the safe HTML of each turn of a prompt."""
    made: list[str] | None = _made_ahead(prompt)
    return [html_of(turn["content"]) for turn in prompt.messages] if made is None else made


def html_of_response(candidate: Candidate) -> str:
    """Return the safe HTML of a response."""
    made: str | None = _made_ahead(candidate)
    return html_of(candidate.text) if made is None else made


def _made_ahead(shown: Prompt | Candidate) -> Any:
    """Return what this version of the renderer has made ahead, or None."""
    ready = getattr(shown, "rendered", None)
    return ready.html if ready is not None and ready.version == VERSION else None

"""Which item comes next, and in which order its responses are shown; plain Python."""

import hashlib
from collections.abc import Iterable

from labeling.assignment.orders import display_order


def next_drawn(items: Iterable[int], *, seed: int, attempt: int) -> int | None:
    """Return the item drawn next among these, None for none; the same arguments draw the same."""
    return min(items, key=lambda item: _digest(f"{seed}:{attempt}:{item}"), default=None)


def order_of_trial(*, size: int, seed: int, attempt: int, person: int, place: int) -> list[int]:
    """Return which slot is shown where, for the trial at a place from 1.

    Drawn as the orders of work are, so that within an attempt each slot stands everywhere equally
    often.
    """
    drawn_by = int(_digest(f"{seed}:{attempt}")[:15], 16)
    return display_order(size=size, seed=drawn_by, annotator_id=person, ordinal=place - 1)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

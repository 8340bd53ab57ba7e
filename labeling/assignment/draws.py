"""What a person's next lease is for: drawn, so that nobody can tell beforehand; plain Python."""

import hashlib

from labeling.assignment.enums import Kind

REPEAT_AFTER = 50


def draw_kind(
    *, seed: int, annotator_id: int, ordinal: int, gold_percent: int, repeat_percent: int
) -> Kind:
    """Return what a person's ``ordinal``-th lease (from 0) is drawn to be.

    The same arguments give the same draw. Repeats are of work that ``REPEAT_AFTER`` answers came
    after, so that nobody remembers it (at least 50 items: SCIENCE, self-consistency); before so
    many leases there is none.
    """
    drawn = hashlib.sha256(f"kind:{seed}:{annotator_id}:{ordinal}".encode()).digest()
    place = int.from_bytes(drawn[:4]) * 100 / 2**32
    if place < gold_percent:
        return Kind.GOLD
    if place < gold_percent + repeat_percent and ordinal > REPEAT_AFTER:
        return Kind.REPEAT
    return Kind.WORK


def draw_earlier(*, seed: int, annotator_id: int, ordinal: int) -> int:
    """Return from which lease on work is repeated at the ``ordinal``-th: 0 at least."""
    drawn = hashlib.sha256(f"repeat:{seed}:{annotator_id}:{ordinal}".encode()).digest()
    return int.from_bytes(drawn[:8]) % max(1, ordinal - REPEAT_AFTER)

"""Which candidates of a group are compared with one another."""

import hashlib
import random
from collections.abc import Sequence
from itertools import combinations


def candidate_sets(ids: Sequence[int], *, size: int, seed: int) -> list[tuple[int, ...]]:
    """Return the sets of ``size`` candidates to compare, each sorted, without repeats.

    Pairs are complete: every pair once. Larger sets cover every candidate at least once, in
    a shuffled order; the last set is filled up with candidates already used. A group smaller
    than ``size`` but of at least two is one set; a smaller one gives none.
    """
    members = sorted(set(ids))
    if len(members) < 2:
        return []
    if len(members) <= size:
        return [tuple(members)]
    if size == 2:
        return list(combinations(members, 2))
    shuffled = members.copy()
    random.Random(f"{seed}:{members}").shuffle(shuffled)  # noqa: S311 - repeatable, not secret
    starts = range(0, len(shuffled), size)
    whole = (shuffled[start : start + size] for start in starts)
    return [tuple(sorted(part + shuffled[: size - len(part)])) for part in whole]


def candidate_key(ids: Sequence[int]) -> str:
    """Return the SHA-256 (hex) that names a set of candidates, whatever their order."""
    return hashlib.sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()


def queue_position(key: str, *, seed: int) -> int:
    """Return a comparison's shuffled place in its campaign's queue, 0 to 2^62."""
    drawn = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return int.from_bytes(drawn[:8]) >> 2

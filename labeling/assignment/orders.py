"""The order in which a person is shown the responses: random, and balanced over time."""

import hashlib
import random
from collections.abc import Sequence


def display_order(*, size: int, seed: int, annotator_id: int, ordinal: int) -> list[int]:
    """Return which slot is shown at each place for a person's ``ordinal``-th order (from 0).

    Orders come in blocks of ``size``: a block draws one random permutation and each order in
    it shows the next rotation, so that after every block each slot has stood at each place
    equally often (a cyclic Latin square; for pairs, left and right in blocks of two).
    """
    block, turn = divmod(ordinal, size)
    drawn = hashlib.sha256(f"{seed}:{annotator_id}:{size}:{block}".encode()).digest()
    order = list(range(size))
    random.Random(drawn).shuffle(order)  # noqa: S311 - repeatable, nothing secret
    return order[turn:] + order[:turn]


def swapped(order: Sequence[int]) -> list[int]:
    """Return the order of a hidden repeat: for a pair the other way round."""
    return list(reversed(order))

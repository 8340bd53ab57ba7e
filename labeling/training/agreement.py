"""Whether what a person says agrees with the reference: in direction, not in strength.

Plain Python. Answers and references are ranks by slot: 1 is best, level responses share a rank.
"""

from collections.abc import Sequence
from itertools import combinations

# Of the pairs that the reference orders, how many the person must order alike.
KEPT, OF = 2, 3
BARELY = 1


def agrees(ranks: Sequence[int], reference: Sequence[int], *, strength: int | None = None) -> bool:
    """Tell whether ranks say the same as the reference does.

    At least two thirds of the pairs that the reference orders must be in its order; to level
    such a pair does not keep it. For two responses that is the one pair. A reference in which all
    are level agrees with level ranks, and of two with a choice that is barely one (``strength`` 1),
    which is one grade away. No ranks stand for "none acceptable": all are level.
    """
    given = ranks or [1] * len(reference)
    ordered = [(a, b) for a, b in combinations(range(len(reference)), 2) if _order(reference, a, b)]
    if not ordered:
        is_near = len(reference) == 2 and strength == BARELY
        return len(set(given)) == 1 or is_near
    kept = sum(_order(given, a, b) == _order(reference, a, b) for a, b in ordered)
    return kept * OF >= len(ordered) * KEPT


def _order(ranks: Sequence[int], a: int, b: int) -> int:
    """Return -1 where ``a`` is better, 1 where ``b`` is, 0 where they are level."""
    return (ranks[a] > ranks[b]) - (ranks[a] < ranks[b])

"""What the two orders of a pair say together, and what a judge's pairs say about a comparison."""

from collections.abc import Mapping
from itertools import combinations

from labeling.judging.asking import Said
from labeling.judging.enums import Verdict

FORWARD = {Said.A: Verdict.FIRST, Said.B: Verdict.SECOND, Said.TIE: Verdict.LEVEL}
BACKWARD = {Said.A: Verdict.SECOND, Said.B: Verdict.FIRST, Said.TIE: Verdict.LEVEL}


def together(forward: Verdict, backward: Verdict) -> Verdict:
    """Return the mean of the two orders; where they differ nobody wins."""
    return forward if forward == backward else Verdict.LEVEL


def ranks_of(outcomes: Mapping[tuple[int, int], str], slots: int) -> tuple[int, ...] | None:
    """Return the rank of each slot, 1 is best, by how many others it beats; ties count half.

    That is Copeland's rule: a judge's pairs need not go into one order. None while a pair of the
    comparison has no outcome.
    """
    pairs = list(combinations(range(slots), 2))
    if outcomes.keys() != set(pairs):
        return None
    won = [0.0] * slots
    for first, second in pairs:
        outcome = outcomes[first, second]
        won[first] += {Verdict.FIRST: 1.0, Verdict.LEVEL: 0.5}.get(Verdict(outcome), 0.0)
        won[second] += {Verdict.SECOND: 1.0, Verdict.LEVEL: 0.5}.get(Verdict(outcome), 0.0)
    steps = sorted(set(won), reverse=True)
    return tuple(steps.index(score) + 1 for score in won)

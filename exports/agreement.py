"""How far people agree, and how sure that is, from one pass in constant memory; numpy."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exports.estimates import Estimate, estimate
from labeling.quality.consensus import Ballot, Verdict

Numbers = NDArray[np.float64]
Ranks = tuple[int, ...]

REPLICATES = 1000
SEED = 2006
PATTERNS_HELD = 1024
TOO_FEW = "fewer than two comparisons have answers of two people or more"
NO_VARIETY = "every answer says the same"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree about two responses, over the comparisons that two people answered.

    A chance to agree is two people and two responses of one comparison. ``raw`` is the share of
    the chances that were taken, ``alpha`` Krippendorff's with agreement by chance taken off: 1 is
    full agreement, 0 what chance gives. Answers are: the first, the second, a tie, both bad.
    """

    comparisons: int
    chances: int
    raw: Estimate
    alpha: Estimate


class Said(NamedTuple):
    """What answers add to the measures, summed over the slot pairs that they are about.

    The last four count them by what they say, in the order of ``Verdict``: they are the margins
    of the coincidence matrix.
    """

    chances: int
    taken: int
    disagreement: float
    first: int
    second: int
    level: int
    both_bad: int


def disagreement(counts: Sequence[int]) -> float:
    """Return what one unit adds off the diagonal of the coincidence matrix (Krippendorff 2011).

    ``counts`` are its values by category, two or more in all.
    """
    total = sum(counts)
    return (total * total - sum(one * one for one in counts)) / (total - 1)


def nominal_alpha(disagreement: Numbers, totals: Numbers) -> Numbers:
    """Return alpha for the summed disagreement and totals of the categories, on the last axis.

    1 - (n - 1) D / (n^2 - sum of n_c^2), with n values of units with two or more. Not a number
    where all values are of one category. Klaus Krippendorff, Computing Krippendorff's
    alpha-reliability (2011), section C: nominal data, any number of observers, missing data.
    """
    n = totals.sum(axis=-1)
    expected = n * n - (totals * totals).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha: Numbers = 1 - (n - 1) * disagreement / np.where(expected > 0, expected, np.nan)
    return alpha


class Agreements:
    """Sums over comparisons, each of which counts once, and Poisson(1) times in each replicate.

    The Poisson bootstrap (James Hanley and Brenda MacGibbon, Creating non-parametric bootstrap
    samples using Poisson frequencies, 2006) needs no comparison twice. Whole comparisons are
    drawn, as the slot pairs of one are not independent. Comparisons that add the same are drawn
    together: n times Poisson(1) is Poisson(n). ``RandomState`` gives the same numbers on every
    version of numpy (NEP 19), so the same comparisons give the same interval.
    """

    def __init__(self) -> None:
        self._held: Counter[Said] = Counter()
        self._comparisons = 0
        self._sums = np.zeros(len(Said._fields))
        self._drawn = np.zeros((REPLICATES, len(Said._fields)))
        self._random = np.random.RandomState(SEED)

    def add(self, ballots: Sequence[Ballot], slots: int) -> None:
        """Take the answers of people to one comparison; fewer than two say nothing."""
        if len(ballots) < 2:
            return
        self._comparisons += 1
        rankings = sorted([ballot.ranks or () for ballot in ballots])
        self._held[_said(tuple(rankings), slots)] += 1
        if len(self._held) == PATTERNS_HELD:
            self._draw()

    def result(self) -> Agreement:
        """Return the measures of all that was taken."""
        self._draw()
        chances = int(self._sums[0])
        if self._comparisons < 2:
            none = Estimate(None, reason=TOO_FEW)
            return Agreement(self._comparisons, chances, none, none)
        return Agreement(
            comparisons=self._comparisons,
            chances=chances,
            raw=_estimate(_raw(self._sums), _raw(self._drawn), ""),
            alpha=_estimate(_alpha(self._sums), _alpha(self._drawn), NO_VARIETY),
        )

    def _draw(self) -> None:
        """Draw what is held into the replicates, and let go of it."""
        if self._held:
            held = sorted(self._held.items())
            added = np.array([said for said, _ in held], dtype=np.float64)
            times = np.array([count for _, count in held])
            self._sums += times @ added
            drawn = self._random.poisson(times, (REPLICATES, len(held)))
            self._drawn += drawn.astype(np.float64) @ added
            self._held.clear()


# Most comparisons are answered in one of a few ways, whoever says what.
@lru_cache(maxsize=4096)
def _said(rankings: tuple[Ranks, ...], slots: int) -> Said:
    people = [_verdicts(ranks, slots) for ranks in rankings]
    return Said(*map(sum, zip(*map(_unit, zip(*people, strict=True)), strict=True)))


@lru_cache(maxsize=4096)
def _verdicts(ranks: Ranks, slots: int) -> tuple[Verdict, ...]:
    """Return what one answer says about every two slots."""
    ballot = Ballot(ranks or None)
    return tuple(ballot.verdict(*two) for two in combinations(range(slots), 2))


@lru_cache(maxsize=4096)
def _unit(verdicts: tuple[Verdict, ...]) -> Said:
    """Return what the answers about two responses add."""
    counts = [verdicts.count(one) for one in Verdict]
    taken = sum(map(_choose_two, counts))
    return Said(_choose_two(len(verdicts)), taken, disagreement(counts), *counts)


def _choose_two(count: int) -> int:
    return count * (count - 1) // 2


def _raw(sums: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        raw: Numbers = sums[..., 1] / sums[..., 0]
    return raw


def _alpha(sums: Numbers) -> Numbers:
    return nominal_alpha(sums[..., 2], sums[..., 3:])


def _estimate(value: Numbers, replicates: Numbers, nothing: str) -> Estimate:
    """Return a figure with the percentile interval of its replicates, of those that have one."""
    if np.isnan(value):
        return Estimate(None, reason=nothing)
    low, high = np.nanquantile(replicates, (0.025, 0.975))
    return estimate(float(value), float(low), float(high))

"""How often two people who judged the same comparison say the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labeling.quality.consensus import Ballot, slot_pairs
from labeling.wording import gettext, gettext_noop

NOT_DEFINED = gettext_noop(
    "Not defined yet: agreement needs at least one comparison that two people have judged."
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Raw agreement: of all chances to agree, the share that was taken.

    A chance is two people and two responses of one comparison; they agree when both prefer
    the same response, both say level, or both say that neither is acceptable. Agreement by
    chance is not taken off. ``value`` is None while there is no chance to agree, and
    ``reason`` then says why.
    """

    value: float | None
    comparisons: int
    chances: int

    @property
    def reason(self) -> str:
        """Say why the value is not defined; empty when it is."""
        return gettext(NOT_DEFINED) if self.value is None else ""


def _choose_two(count: int) -> int:
    return count * (count - 1) // 2


def raw_agreement(comparisons: Iterable[tuple[Sequence[Ballot], int]]) -> Agreement:
    """Return the raw agreement over comparisons, each given as its answers and its slots.

    Comparisons with fewer than two answers are passed over.
    """
    used = chances = taken = 0
    for ballots, slots in comparisons:
        if len(ballots) < 2:
            continue
        used += 1
        for votes in slot_pairs(ballots, slots):
            chances += _choose_two(votes.total)
            sides = (votes.for_first, votes.for_second, votes.level, votes.both_bad)
            taken += sum(map(_choose_two, sides))
    return Agreement(taken / chances if chances else None, used, chances)

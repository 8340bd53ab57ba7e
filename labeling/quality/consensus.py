"""What a comparison's answers say together: for each two responses, which one is preferred."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations


class Verdict(StrEnum):
    """What one answer says about two responses."""

    FIRST = "first"
    SECOND = "second"
    LEVEL = "level"
    BOTH_BAD = "both_bad"


@dataclass(frozen=True, slots=True)
class Ballot:
    """One person's counted answer to one comparison.

    ``ranks[slot]`` is the rank of that slot's response, 1 is best, equal is a tie; None says
    that none was acceptable, which is no order at all. ``strength`` is how clear the choice
    was, 1 (barely) to 4 (much), where the person was asked.
    """

    ranks: tuple[int, ...] | None
    strength: int | None = None

    def verdict(self, first: int, second: int) -> Verdict:
        """Return what the answer says about the responses in two slots."""
        if self.ranks is None:
            return Verdict.BOTH_BAD
        if self.ranks[first] == self.ranks[second]:
            return Verdict.LEVEL
        return Verdict.FIRST if self.ranks[first] < self.ranks[second] else Verdict.SECOND


@dataclass(frozen=True, slots=True)
class PairVotes:
    """The counted answers about the responses in slots ``first`` and ``second``.

    ``leaning`` sums the stated strengths, those for ``first`` as plus and those for
    ``second`` as minus; ``stated`` counts the orders that came with a strength.
    """

    first: int
    second: int
    for_first: int
    for_second: int
    level: int
    both_bad: int
    leaning: int
    stated: int

    @property
    def total(self) -> int:
        """The number of counted answers, ties and both-bad included."""
        return self.for_first + self.for_second + self.level + self.both_bad


@dataclass(frozen=True, slots=True)
class Preference:
    """One response preferred over another by a majority.

    ``agreement`` is the winner's share of all ``n_votes`` counted answers. ``strength`` is
    the mean of the stated strengths, in the winner's favour as plus and in the loser's as
    minus, ties and both-bad as zero; it is 0.0 when ``strength_votes`` is 0.
    """

    winner: int
    loser: int
    n_votes: int
    agreement: float
    strength: float
    strength_votes: int


def count_pair(ballots: Sequence[Ballot], first: int, second: int) -> PairVotes:
    """Count what the answers say about two slots."""
    verdicts = [ballot.verdict(first, second) for ballot in ballots]
    signs = {Verdict.FIRST: 1, Verdict.SECOND: -1}
    stated = [
        signs[verdict] * ballot.strength
        for verdict, ballot in zip(verdicts, ballots, strict=True)
        if verdict in signs and ballot.strength is not None
    ]
    return PairVotes(
        first=first,
        second=second,
        for_first=verdicts.count(Verdict.FIRST),
        for_second=verdicts.count(Verdict.SECOND),
        level=verdicts.count(Verdict.LEVEL),
        both_bad=verdicts.count(Verdict.BOTH_BAD),
        leaning=sum(stated),
        stated=len(stated),
    )


def majority(votes: PairVotes) -> Preference | None:
    """Return the preference that more than half of all counted answers state, or None.

    Ties and both-bad count as answers but never for a side, so that a side wins only when
    it outweighs the other side, the ties and the both-bad together. They never win.
    """
    forward = votes.for_first >= votes.for_second
    winning = max(votes.for_first, votes.for_second)
    if 2 * winning <= votes.total:
        return None
    weighed = votes.stated + votes.level + votes.both_bad if votes.stated else 0
    leaning = votes.leaning if forward else -votes.leaning
    return Preference(
        winner=votes.first if forward else votes.second,
        loser=votes.second if forward else votes.first,
        n_votes=votes.total,
        agreement=winning / votes.total,
        strength=leaning / weighed if weighed else 0.0,
        strength_votes=votes.stated,
    )


def slot_pairs(ballots: Sequence[Ballot], slots: int) -> Iterator[PairVotes]:
    """Yield the votes on every two of ``slots`` slots, in order of the slots.

    Raises ValueError when an answer ranks another number of responses.
    """
    for ballot in ballots:
        if ballot.ranks is not None and len(ballot.ranks) != slots:
            raise ValueError(f"an answer ranks {len(ballot.ranks)} of {slots} responses")
    for first, second in combinations(range(slots), 2):
        yield count_pair(ballots, first, second)


def preferences(ballots: Sequence[Ballot], slots: int) -> list[Preference]:
    """Return every preference of one comparison that a majority states, in order of the slots."""
    found = (majority(votes) for votes in slot_pairs(ballots, slots))
    return [preference for preference in found if preference is not None]

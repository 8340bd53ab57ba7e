"""From the answers to one comparison to its preferences, under a stated policy; plain Python."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, lgamma, log

from exports.policies import Margin, Pairs, Ties, Votes, Weight
from exports.selection import Selection
from labeling.quality.consensus import Ballot, PairVotes, count_pair, majority

STRONGEST = 4


@dataclass(frozen=True, slots=True)
class Preference:
    """One response preferred to another, by slots.

    ``agreement`` is the share of all ``n_votes`` counted answers that prefer the winner,
    ``probability`` how sure it is that more than half of all people would. ``strength`` is the
    mean of the stated strengths, 1 to 4, for the winner as plus and for the loser as minus, ties
    and both-bad as zero; 0.0 where ``strength_votes`` is 0. ``margin`` and ``weight`` follow the
    policy. ``ballot`` is the one answer that it is of, None where it is of all.
    """

    winner: int
    loser: int
    n_votes: int
    agreement: float
    probability: float
    strength: float
    strength_votes: int
    margin: float
    weight: float
    is_tie: bool = False
    ballot: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What the answers to one comparison come to: its preferences, and what was left out."""

    preferences: tuple[Preference, ...]
    undecided: int
    not_taken: int
    not_among: int


def decide(ballots: Sequence[Ballot], size: int, selection: Selection) -> Decided:
    """Return the preferences of one comparison of ``size`` responses that a selection takes."""
    votes = {(v.first, v.second): v for v in _pair_votes(ballots, size)}
    if selection.policy == Votes.RAW:
        said = [
            one
            for number, ballot in enumerate(ballots)
            for one in _of_ballot(number, ballot, votes, selection)
        ]
        undecided = sum(vote.level + vote.both_bad for vote in votes.values())
    else:
        said = [one for vote in votes.values() if (one := _of_all(vote, ballots, selection))]
        undecided = len(votes) - len(said)
    taken = [one for one in said if _takes(selection, one)]
    among = _among(taken, ranks_of(ballots, size), ballots, selection)
    return Decided(tuple(among), undecided, len(said) - len(taken), len(taken) - len(among))


def certainty(winner: int, loser: int, level: int = 0) -> float:
    """Return how sure it is that more than half of all people prefer the winner, 0 to 1.

    The share of people who do is Beta(1, 1) before anybody was asked; a tie is half an answer for
    either. With x = 1/2 the incomplete beta function is 1/2 where both parameters are equal, and
    grows with one of them by a known step (DLMF 8.17.20).
    """
    if winner < loser:
        return 1 - certainty(loser, winner, level)
    a = b = loser + level / 2 + 1
    below = 0.5
    for _ in range(winner - loser):
        beta = lgamma(a) + lgamma(b) - lgamma(a + b)
        below -= exp(-(a + b) * log(2) - log(a) - beta)
        a += 1
    return 1 - below


def ranks_of(ballots: Sequence[Ballot], size: int) -> tuple[int, ...]:
    """Return the order that answers come to: the rank of each slot, 1 is best, equal is a tie.

    By how many of the others each is preferred to by more answers than the other way round, a tie
    for half (Arthur Copeland, A reasonable social welfare function, 1951).
    """
    score = [0.0] * size
    for votes in _pair_votes(ballots, size):
        if votes.for_first == votes.for_second:
            score[votes.first] += 0.5
            score[votes.second] += 0.5
        else:
            score[votes.first if votes.for_first > votes.for_second else votes.second] += 1
    order = sorted(set(score), reverse=True)
    return tuple(order.index(one) + 1 for one in score)


def _pair_votes(ballots: Sequence[Ballot], size: int) -> Iterator[PairVotes]:
    for first, second in combinations(range(size), 2):
        yield count_pair(ballots, first, second)


def _of_all(votes: PairVotes, ballots: Sequence[Ballot], selection: Selection) -> Preference | None:
    """Return what all answers say about two responses; None where nobody knows."""
    more, less = max(votes.for_first, votes.for_second), min(votes.for_first, votes.for_second)
    if selection.policy == Votes.MAJORITY:
        is_decided = majority(votes) is not None
    else:
        is_decided = more > less and more >= votes.level + votes.both_bad
    if not is_decided and (selection.ties == Ties.LEFT_OUT or 2 * votes.both_bad >= votes.total):
        return None
    forward = votes.for_first >= votes.for_second
    return _preference(votes, ballots, selection, forward=forward, is_tie=not is_decided)


def _of_ballot(
    number: int,
    ballot: Ballot,
    votes: dict[tuple[int, int], PairVotes],
    selection: Selection,
) -> Iterator[Preference]:
    """Yield what one answer says about every two responses that it orders."""
    if ballot.ranks is None:
        return
    for (first, second), of_pair in votes.items():
        if ballot.ranks[first] != ballot.ranks[second]:
            forward = ballot.ranks[first] < ballot.ranks[second]
            yield _preference(of_pair, [ballot], selection, forward=forward, ballot=number)


def _preference(
    votes: PairVotes,
    ballots: Sequence[Ballot],
    selection: Selection,
    *,
    forward: bool,
    is_tie: bool = False,
    ballot: int | None = None,
) -> Preference:
    """Return a preference with its measures; strengths are those of ``ballots``."""
    own = votes if ballot is None else count_pair(ballots, votes.first, votes.second)
    weighed = own.stated + own.level + own.both_bad if own.stated else 0
    strength = (own.leaning if forward else -own.leaning) / weighed if weighed else 0.0
    wins, losses = (
        (votes.for_first, votes.for_second) if forward else (votes.for_second, votes.for_first)
    )
    agreement = wins / votes.total
    return Preference(
        winner=votes.first if forward else votes.second,
        loser=votes.second if forward else votes.first,
        n_votes=votes.total,
        agreement=agreement,
        probability=0.5 if is_tie else certainty(wins, losses, votes.level),
        strength=strength,
        strength_votes=own.stated,
        margin=_margin(own, weighed, selection, forward=forward),
        weight=_weight(agreement, strength, selection),
        is_tie=is_tie,
        ballot=ballot,
    )


def _margin(votes: PairVotes, weighed: int, selection: Selection, *, forward: bool) -> float:
    """Return the mean of strengths less one, in the winner's favour; never below nothing."""
    if not weighed:
        return 0.0
    leaning = votes.leaning if forward else -votes.leaning
    sign = votes.for_first - votes.for_second if forward else votes.for_second - votes.for_first
    mean = max(0.0, (leaning - sign) / weighed)
    return mean / (STRONGEST - 1) if selection.margin == Margin.SMALL else mean


def _weight(agreement: float, strength: float, selection: Selection) -> float:
    if selection.weight == Weight.AGREEMENT:
        return agreement
    return max(1.0, strength) if selection.weight == Weight.STRENGTH else 1.0


def _takes(selection: Selection, one: Preference) -> bool:
    return one.is_tie or selection.takes(
        n_votes=one.n_votes, agreement=one.agreement, probability=one.probability
    )


def _among(
    taken: list[Preference],
    ranks: tuple[int, ...],
    ballots: Sequence[Ballot],
    selection: Selection,
) -> list[Preference]:
    """Return those of the preferences that the choice of pairs asks for, in order of the slots."""
    found = taken
    if selection.pairs != Pairs.ALL:
        orders = [ranks if one.ballot is None else ballots[one.ballot].ranks for one in taken]
        found = [
            one
            for one, order in zip(taken, orders, strict=True)
            if order is not None and _is_asked_for(one, order, selection.pairs)
        ]
    if selection.max_pairs and len(found) > selection.max_pairs:
        surest = sorted(found, key=lambda one: (-one.probability, -one.strength))
        kept = set(map(id, surest[: selection.max_pairs]))
        found = [one for one in found if id(one) in kept]
    return found


def _is_asked_for(one: Preference, ranks: Sequence[int], pairs: str) -> bool:
    levels = sorted(set(ranks))
    better, worse = levels.index(ranks[one.winner]), levels.index(ranks[one.loser])
    if pairs == Pairs.ADJACENT:
        return worse == better + 1
    return better == 0 and worse == len(levels) - 1 and worse > better

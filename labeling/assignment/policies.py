"""How many judgments a comparison wants, given what has been said so far; plain Python.

A verdict is what one judgment says: the ranks by slot joined by commas (``1,2``: the first
response is better; ``1,1``: a tie), or ``bad`` when none is acceptable. A tally counts verdicts.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from labeling.assignment.enums import Policy

BAD = "bad"
BEGIN_WITH = 2
NEEDED_LEAD = 2
Tally = Mapping[str, int]


@dataclass(frozen=True)
class Rule:
    """A campaign's policy with its figures.

    ``overlap`` is the number of people for ``fixed``, and on the slice for ``slice``;
    ``most_votes`` bounds ``lead`` and ``adaptive``; ``slice_percent`` of comparisons are on the
    slice; ``vote_price`` is the gain in certainty (0 to 1) that another judgment must promise.
    """

    policy: str
    overlap: int
    most_votes: int
    slice_percent: int
    vote_price: float

    def as_text(self) -> str:
        """Return the rule as a short text, equal exactly for equal rules."""
        figures = (self.overlap, self.most_votes, self.slice_percent, self.vote_price)
        return ":".join([self.policy, *map(str, figures)])


def wanted(rule: Rule, *, key: str, tally: Tally, vote_value: float | None = None) -> int:
    """Return how many judgments a comparison wants now, at least as many as it has to have.

    ``key`` names the comparison (hex) and decides whether it is on the slice. ``vote_value`` is
    the quality stage's estimate, for this very tally, of what one more judgment is worth; while
    there is none, ``adaptive`` works like ``tie_break``.
    """
    if rule.policy == Policy.FIXED:
        return rule.overlap
    if rule.policy == Policy.SLICE:
        return rule.overlap if on_slice(key, rule.slice_percent) else 1
    votes = sum(tally.values())
    if votes < BEGIN_WITH:
        return BEGIN_WITH
    if rule.policy == Policy.LEAD:
        return max(votes, min(rule.most_votes, votes + NEEDED_LEAD - min(NEEDED_LEAD, lead(tally))))
    if rule.policy == Policy.ADAPTIVE and not goes_by_value(rule, votes):
        return votes
    if rule.policy == Policy.ADAPTIVE and vote_value is not None:
        return votes + 1 if vote_value >= rule.vote_price else votes
    return max(votes, BEGIN_WITH + 1) if len(choices(tally)) > 1 else votes


def goes_by_value(rule: Rule, votes: int) -> bool:
    """Tell whether it hangs on the value of one more judgment, at so many, if it is asked for."""
    return rule.policy == Policy.ADAPTIVE and BEGIN_WITH <= votes < rule.most_votes


def choice(verdict: str) -> str:
    """Return what a verdict decides: which slots come first, or ``bad``.

    For a pair that is the whole verdict; for more responses it is the best of them, on which
    people agree far oftener than on the whole order.
    """
    if verdict == BAD:
        return BAD
    ranks = verdict.split(",")
    return ",".join(str(slot) for slot, rank in enumerate(ranks) if rank == "1")


def choices(tally: Tally) -> Counter[str]:
    """Return a tally by what the verdicts decide."""
    found: Counter[str] = Counter()
    for verdict, votes in tally.items():
        found[choice(verdict)] += votes
    return found


def lead(tally: Tally) -> int:
    """Return by how many votes the first choice leads the second."""
    votes = [count for _, count in choices(tally).most_common(2)]
    return votes[0] - sum(votes[1:]) if votes else 0


def on_slice(key: str, percent: int) -> bool:
    """Tell whether a comparison is among the ``percent`` that several people judge."""
    drawn = hashlib.sha256(f"slice:{key}".encode()).digest()
    return int.from_bytes(drawn[:4]) * 100 < percent * 2**32

"""What one more judgment of a comparison is worth, given what has been said; plain Python.

A Dirichlet posterior in which each outcome was seen once beforehand, and the expected value of
sample information (Howard Raiffa and Robert Schlaifer, Applied Statistical Decision Theory, 1961).
That value may grow faster with the second judgment than with the first, as where one alone cannot
change what leads: so it is taken over 1 to 3 more, a judgment, where it is highest (Peter Frazier
and Warren Powell, Paradoxes in Learning and the Marginal Value of Information, 2010).
"""

from collections.abc import Sequence
from functools import lru_cache

from labeling.assignment.policies import BAD, Tally, choices

LOOK_AHEAD = 3
REMEMBERED = 10_000


def value_of(tally: Tally, *, size: int, tie_allowed: bool, neither_allowed: bool) -> float:
    """Return by how much one more judgment makes the answer surer, 0 to 1.

    An outcome is what a judgment decides: which of ``size`` responses comes first, a tie of
    several, or that none is acceptable. What has been said is possible even if it is no longer
    allowed, and different ties are different outcomes.
    """
    said = choices(tally)
    possible = {*map(str, range(size)), *said}
    if neither_allowed:
        possible.add(BAD)
    if tie_allowed and not any("," in choice for choice in said):
        possible.add(",".join(map(str, range(size))))
    return vote_value([said[choice] for choice in possible])


def vote_value(votes: Sequence[int]) -> float:
    """Return the same, given how many judgments each possible outcome has.

    It is how much the chance that the likeliest outcome is the next person's is expected to grow
    with 1 to 3 more judgments, for each of them.
    """
    return _value(tuple(sorted(votes, reverse=True)))


@lru_cache(maxsize=REMEMBERED)
def _value(votes: tuple[int, ...]) -> float:
    seen = tuple(count + 1 for count in votes)
    now = _expected(seen, 0)
    gains = [(_expected(seen, more) - now) / more for more in range(1, LOOK_AHEAD + 1)]
    return max(0.0, *gains)  # no gain at all may come out a hair below nothing


def _expected(seen: tuple[int, ...], more: int) -> float:
    """Return the chance that the likeliest outcome is expected to have after so many more."""
    total = sum(seen)
    if not more:
        return max(seen) / total
    return sum(
        count / total * _expected((*seen[:at], count + 1, *seen[at + 1 :]), more - 1)
        for at, count in enumerate(seen)
    )

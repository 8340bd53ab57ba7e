"""When a qualification is decided: Wald's sequential test, cut off where the pass mark decides.

Plain Python. Each item asks whether a person agrees with the reference. The test weighs a fit
person against an unfit one and ends as soon as one of them is 19 times as likely; at the last
item the pass mark decides. It also ends as soon as whatever is still to come gives one result.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import ceil, comb, log

# Both errors of Wald's test: an unfit person passes, a fit one fails.
ERROR = 0.05
BOUND = log((1 - ERROR) / ERROR)
# An unfit person agrees ten points less often than the mark asks. A fit one agrees ten points more
# often, or goes half the way from the mark to always, where that is nearer.
MARGIN = 0.1
CLOSE = 1e-9  # of two sums of logarithms


class Result(StrEnum):
    """How a qualification ends."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True)
class Course:
    """What a person of some true agreement meets: the chance to pass, and items on average."""

    passes: float
    items: float


@dataclass(frozen=True)
class SequentialTest:
    """The terms of a qualification: the mark in percent, and how many items it takes.

    Wald's bounds do not end it before the ``fewest`` items; a result that is certain does.
    """

    pass_percent: int
    fewest: int
    most: int

    @property
    def needed(self) -> int:
        """How many of ``most`` items must agree."""
        return ceil(self.most * self.pass_percent / 100)

    @property
    def unfit(self) -> float:
        """The agreement of a person who should fail."""
        return self.pass_percent / 100 - MARGIN

    @property
    def fit(self) -> float:
        """The agreement of a person who should pass."""
        mark = self.pass_percent / 100
        return min(mark + MARGIN, (1 + mark) / 2)

    def weight(self, agreed: int, missed: int) -> float:
        """Return the logarithm of how much likelier a fit person gives these answers."""
        for_it, against = log(self.fit / self.unfit), log((1 - self.fit) / (1 - self.unfit))
        return agreed * for_it + missed * against

    def result(self, agreed: int, missed: int) -> Result | None:
        """Return the result after these answers, None while it is open."""
        return _results(self)[agreed, missed]

    def result_of(self, answers: Iterable[bool]) -> Result | None:
        """Return the result at which these answers end the test, None while it is open."""
        agreed = missed = 0
        found = self.result(agreed, missed)
        for agrees in answers:
            if found is not None:
                break
            agreed, missed = agreed + agrees, missed + (not agrees)
            found = self.result(agreed, missed)
        return found

    def course(self, agreement: float) -> Course:
        """Return exactly what a person meets who agrees with this probability."""
        here = {(0, 0): 1.0}
        passes = items = 0.0
        for number in range(self.most):
            ahead: dict[tuple[int, int], float] = {}
            for (agreed, missed), chance in here.items():
                for place, share in (
                    ((agreed + 1, missed), agreement),
                    ((agreed, missed + 1), 1 - agreement),
                ):
                    ahead[place] = ahead.get(place, 0.0) + chance * share
            here = {place: chance for place, chance in ahead.items() if not self.result(*place)}
            for place, chance in ahead.items():
                if result := self.result(*place):
                    items += chance * (number + 1)
                    passes += chance * (result == Result.PASSED)
        return Course(passes, items)


def fixed_course(test: SequentialTest, agreement: float) -> Course:
    """Return what the same person meets where everybody takes all items and the mark decides."""
    passes = sum(
        comb(test.most, agreed) * agreement**agreed * (1 - agreement) ** (test.most - agreed)
        for agreed in range(test.needed, test.most + 1)
    )
    return Course(passes, test.most)


@cache
def _results(test: SequentialTest) -> dict[tuple[int, int], Result | None]:
    """Return the result at each count of agreed and missed, from the last item backwards."""
    ends: dict[tuple[int, int], frozenset[Result]] = {}
    for number in range(test.most, -1, -1):
        for agreed in range(number + 1):
            missed = number - agreed
            end = _end(test, agreed, missed)
            ends[agreed, missed] = (
                ends[agreed + 1, missed] | ends[agreed, missed + 1]
                if end is None
                else frozenset({end})
            )
    return {place: next(iter(found)) if len(found) == 1 else None for place, found in ends.items()}


def _end(test: SequentialTest, agreed: int, missed: int) -> Result | None:
    """Return what the bounds or, at the last item, the mark say."""
    number = agreed + missed
    if number == test.most:
        return Result.PASSED if agreed >= test.needed else Result.FAILED
    weight = test.weight(agreed, missed)
    if number < test.fewest or abs(weight) < BOUND - CLOSE:
        return None
    return Result.PASSED if weight > 0 else Result.FAILED

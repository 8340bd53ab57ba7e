"""Figures with 95 % intervals, and what to say where there is none; plain Python."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # the normal distribution's quantile of 0.975
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; None where it is not defined, and ``reason`` says why."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""


def estimate(value: float, low: float, high: float) -> Estimate:
    """Return a figure with its interval, rounded so that every machine gives the same digits."""
    return Estimate(round(value, DIGITS), round(low, DIGITS), round(high, DIGITS))


def share_of(count: int, total: int, nothing: str) -> Estimate:
    """Return a share with Wilson's interval; ``nothing`` is the reason where there is no total.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22 (1927) 209. It takes what is counted for independent:
    pairs of one comparison and answers of one person are not quite, so it is rather too narrow.
    """
    if not total:
        return Estimate(None, reason=nothing)
    share, spread = count / total, Z * Z / total
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return estimate(share, max(0.0, middle - half), min(1.0, middle + half))

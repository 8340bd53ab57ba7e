"""What the figures of an export warn of: shortcuts that a reward model could learn from it."""

from collections.abc import Iterator
from typing import NamedTuple

from exports.statistics import Summary

LONGER_ABOVE = 0.60
ONE_IN_TWENTY, ENOUGH_PEOPLE = 0.05, 10
LIMITS = (
    "the longer response is chosen in more than 60 % of the pairs, and the interval is above 50 %",
    "the interval of the response shown first excludes 50 %",
    "one person of ten or more gave more than 5 % of the answers",
)


class Warned(NamedTuple):
    """One warning: a name that stays, and a sentence with its figure and what to do."""

    code: str
    words: str


def warnings_of(summary: Summary) -> list[Warned]:
    """Return what to look at before training; the limits are judgements but for one person's share.

    One in twenty answers can be enough to plant a backdoor in a reward model (Javier Rando and
    Florian Tramer, Universal jailbreak backdoors from poisoned human feedback, arXiv 2311.14455).
    Of few people each has a large share, which is then stated and not warned about.
    """
    return [*_length(summary), *_position(summary), *_one_person(summary)]


def per_cent(share: float) -> str:
    """Return a share in words."""
    return f"{100 * share:.1f} %"


def interval(low: float | None, high: float | None) -> str:
    """Return an interval of shares in words."""
    return "none" if low is None or high is None else f"{100 * low:.1f} to {per_cent(high)}"


def _length(summary: Summary) -> Iterator[Warned]:
    found = summary.lengths.longer
    if found.value is not None and found.value > LONGER_ABOVE and (found.low or 0) > 1 / 2:
        yield Warned(
            "length",
            f"The chosen response is the longer one in {per_cent(found.value)} of the pairs (95 % "
            f"interval {interval(found.low, found.high)}): a rule that always prefers the longer "
            f"response would be right in {per_cent(found.value)}. Compare every reward model with "
            "that rule, and balance or weight the pairs by length before you train.",
        )


def _position(summary: Summary) -> Iterator[Warned]:
    found = summary.positions.first
    if found.low is not None and found.high is not None and not found.low <= 1 / 2 <= found.high:
        yield Warned(
            "position",
            f"People preferred the response shown first in {per_cent(found.value or 0)} of "
            f"{summary.positions.answers} answers (95 % interval "
            f"{interval(found.low, found.high)}), although sides are drawn at random: some choose "
            "by the side. Look for them in `judgments` (`display_order`, `ranks`), and hold them "
            "back with the choice `without`.",
        )


def _one_person(summary: Summary) -> Iterator[Warned]:
    share = summary.answers.most_share
    if share is not None and share > ONE_IN_TWENTY and summary.answers.people >= ENOUGH_PEOPLE:
        yield Warned(
            "one_person",
            f"One person gave {per_cent(share)} of the answers; one in twenty can be enough to "
            "poison a reward model (arXiv 2311.14455). Read that person's answers in `judgments`, "
            "have others answer the same comparisons, or hold the person back with the choice "
            "`without`.",
        )

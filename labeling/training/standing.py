"""What a person can do next about training and qualification; plain Python."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class WhyNot(StrEnum):
    """Why a person cannot begin a qualification now."""

    QUALIFIED = "qualified"
    NOT_SET_UP = "not_set_up"
    ONE_TRY = "one_try"
    WAIT = "wait"
    NO_ITEMS_LEFT = "no_items_left"
    TRAINING_FIRST = "training_first"


@dataclass(frozen=True)
class Terms:
    """What a plan asks of whoever qualifies."""

    fewest: int
    most: int
    retry_hours: int | None
    training_first: bool


@dataclass(frozen=True)
class Past:
    """What a person has done: ``failed_at`` is when they failed last, unless they passed since.

    ``new`` counts the qualification items in use that they have not met, ``items`` all of them.
    """

    qualified: bool
    trained: bool
    failed_at: datetime | None
    items: int
    new: int
    training_items: int


def wait_until(failed_at: datetime, retry_hours: int) -> datetime:
    """Return when somebody who failed may try again."""
    return failed_at + timedelta(hours=retry_hours)


def why_not(past: Past, terms: Terms, now: datetime) -> WhyNot | None:
    """Return why a person cannot begin a qualification, None when they can."""
    if past.qualified:
        return WhyNot.QUALIFIED
    if past.items < terms.fewest:
        return WhyNot.NOT_SET_UP
    if past.failed_at is not None:
        if terms.retry_hours is None:
            return WhyNot.ONE_TRY
        if now < wait_until(past.failed_at, terms.retry_hours):
            return WhyNot.WAIT
    if past.new < terms.fewest:
        return WhyNot.NO_ITEMS_LEFT
    if terms.training_first and past.training_items and not past.trained:
        return WhyNot.TRAINING_FIRST
    return None

"""Say what one more judgment is worth of the comparisons that wait for it."""

from collections.abc import Callable
from datetime import datetime

from labeling.assignment.models import Comparison
from labeling.assignment.services.valuing import Estimate, revalue
from labeling.quality.queries import comparisons_to_value
from labeling.quality.vote_value import value_of


def estimate_vote_values(*, clock: Callable[[], datetime]) -> int:
    """Estimate each value that is due, in batches; return how many were stored.

    Safe to run twice and beside itself: an estimate is stored for the tally it was made for, and
    what somebody else is writing to is left for the next time. ``clock`` gives each batch its
    time, which decides where its comparisons come to stand among those to be finished first.
    """
    stored, last = 0, 0
    while batch := comparisons_to_value(after=last):
        estimates = {each.pk: _estimate(each) for each in batch}
        stored += revalue(estimates=estimates, now=clock())
        last = batch[-1].pk
    return stored


def _estimate(comparison: Comparison) -> Estimate:
    campaign = comparison.campaign
    value = value_of(
        comparison.tally,
        size=comparison.size,
        tie_allowed=campaign.tie_allowed,
        neither_allowed=campaign.neither_allowed,
    )
    return Estimate(tally=comparison.tally, value=value)

"""Keep a comparison's counts and slots true to its judgments and to the campaign's policy."""

from collections import Counter
from datetime import datetime

from django.db import connection

from labeling.assignment.enums import ComparisonState
from labeling.assignment.models import Allocation, Comparison
from labeling.assignment.policies import Rule, goes_by_value, wanted
from labeling.assignment.services.lanes import position_of, returned_lane
from labeling.prepared import change, write

COUNTS = (
    "judged", "tally", "vote_value", "value_due", "skips", "wanted", "open_slots", "state",
)  # fmt: skip
UNDER_WAY = " under way: "  # in ``fitted``, between a rule that is being fitted and whose fit it is
# A statement that waited for its locks shows the policy as it was when it began. This one comes
# later: should the policy be another by now, what was fitted is to be looked at again.
DOUBT = """UPDATE assignment_allocation SET fitted = '' WHERE id = %s AND fitted <> '' AND (
  version <> %s OR %s <> (SELECT overlap FROM campaigns_campaign WHERE id = %s))"""


def rule_of(allocation: Allocation, overlap: int) -> Rule:
    """Return a campaign's policy with its figures."""
    return Rule(
        policy=allocation.policy,
        overlap=overlap,
        most_votes=allocation.most_votes,
        slice_percent=allocation.slice_percent,
        vote_price=allocation.vote_price,
    )


def recount(
    comparison: Comparison, *, was: str | None, verdict: str | None, held: int, now: datetime
) -> None:
    """Move a locked comparison's counts and fit its slots to them.

    ``was`` is a verdict that no longer counts, ``verdict`` one that now does; ``held`` is by how
    many the held slots become more or fewer. What another judgment is worth is forgotten when
    the tally, for which it was estimated, changes.
    """
    holding = held_slots(comparison) + held
    if was != verdict:
        _tally(comparison, was, verdict)
        _forget_value(comparison)
    refit(comparison, holding=holding, now=now)


def _tally(comparison: Comparison, was: str | None, verdict: str | None) -> None:
    tally = Counter(comparison.tally)
    tally.update([] if verdict is None else [verdict])
    tally.subtract([] if was is None else [was])
    comparison.tally = dict(+tally)
    comparison.judged = tally.total()


def _forget_value(comparison: Comparison) -> None:
    comparison.vote_value = None


def refit(comparison: Comparison, *, holding: int, now: datetime) -> None:
    """Fit a comparison as ``fit`` does, by the policy that was read as its lock was waited for."""
    _doubt_fitted(comparison)
    fit(comparison, holding=holding, now=now)


def _doubt_fitted(comparison: Comparison) -> None:
    """Let ``fit_capacity`` look at all again when one is fitted to another policy than the others.

    Should the policy be changed back before it comes to them, this one is not left behind; nor is
    it when the policy was changed, and all others fitted, while this one waited for its lock.
    """
    allocation, overlap = comparison.campaign.allocation, comparison.campaign.overlap
    fitted = allocation.fitted.partition(UNDER_WAY)[0]
    if fitted not in ("", rule_of(allocation, overlap).as_text()):
        Allocation.objects.filter(pk=allocation.pk, fitted=allocation.fitted).update(fitted="")
    elif connection.features.has_select_for_update:
        campaign_id = comparison.campaign_id
        change(DOUBT, [allocation.pk, allocation.version, overlap, campaign_id])


def held_slots(comparison: Comparison) -> int:
    """Return how many slots live and reserved assignments hold."""
    return comparison.wanted - comparison.open_slots - comparison.judged


def fit(comparison: Comparison, *, holding: int, now: datetime) -> None:
    """Give a locked comparison the slots that its policy wants now, and save it.

    Slots that are held or judged are never taken away. A comparison whose slots were all taken
    and that has a free one again goes to the lane of those to be finished first. One that
    as many people skip as the campaign allows is retired. Where the policy goes by what another
    judgment is worth and that is not known, it is marked as due.
    """
    allocation = comparison.campaign.allocation
    rule = rule_of(allocation, comparison.campaign.overlap)
    taken = comparison.judged + holding
    was_open = comparison.open_slots > 0
    comparison.wanted = max(1, _wanted(comparison, rule, taken))
    comparison.value_due = _value_due(comparison, rule)
    comparison.open_slots = comparison.wanted - taken
    if comparison.skips >= allocation.skip_limit:
        comparison.state = ComparisonState.RETIRED
    moved = comparison.open_slots > 0 and not was_open and comparison.gold is None
    if moved:
        put_first(comparison, now)
    write(comparison, *COUNTS, *(("lane", "position") if moved else ()))


def _value_due(comparison: Comparison, rule: Rule) -> bool:
    unknown = comparison.vote_value is None and comparison.gold is None
    return unknown and goes_by_value(rule, comparison.judged)


def _wanted(comparison: Comparison, rule: Rule, taken: int) -> int:
    """Return how many judgments are wanted; a known answer always keeps one slot free."""
    if comparison.gold is not None:
        return taken + 1
    return max(
        taken,
        wanted(
            rule,
            key=comparison.candidate_key,
            tally=comparison.tally,
            vote_value=comparison.vote_value,
        ),
    )


def put_first(comparison: Comparison, now: datetime) -> None:
    """Move a comparison to the end of the lane of those that are to be finished first."""
    comparison.lane = returned_lane(comparison.lane)
    comparison.position = position_of(now)

"""What managers decide of single comparisons: a known answer, retirement, another chance, when."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.assignment.enums import ComparisonState, Turn
from labeling.assignment.known_answers import ranks_fault
from labeling.assignment.lanes import PRIORITIES, turn_of
from labeling.assignment.models import Comparison
from labeling.assignment.services.capacity import held_slots, put_first, refit
from labeling.assignment.services.directing import (
    NotHandedOut,
    give_back,
    hold_comparison,
    reserved_people,
)
from labeling.assignment.services.lanes import lower_heads, sibling
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import lock_campaign
from labeling.errors import DomainError, Invalid, Kind
from labeling.wording import gettext


class ComparisonHeld(DomainError):
    """People hold the comparison as work, which counts, so that it cannot be a test now."""

    code = "comparison_held"
    kind = Kind.CONFLICT


class AlreadySetAside(DomainError):
    """The comparison is set aside for training or qualification, which has to end first."""

    code = "comparison_set_aside"
    kind = Kind.CONFLICT


@transaction.atomic
def mark_gold(
    *, campaign: Campaign, comparison_id: int, ranks: Sequence[int], by: User, now: datetime
) -> Comparison:
    """Make a comparison a hidden test with a known answer, as ranks by slot (1 is best).

    From then on everybody can be given it, each once, at the campaign's rate of known answers;
    what they say does not count. Judgments given before stay and count. Giving another answer
    later replaces the first. Raises NotFound, AlreadySetAside, NotHandedOut, ComparisonHeld, or
    Invalid.
    """
    comparison = hold_comparison(campaign, comparison_id, [])
    _check_not_set_aside(comparison)
    fault = ranks_fault(ranks, size=comparison.size, tie_allowed=campaign.tie_allowed)
    if fault:
        raise Invalid(gettext("The known answer does not hold."), fields={"ranks": [fault]})
    if comparison.state == ComparisonState.RETIRED:
        raise NotHandedOut(gettext("This comparison is retired. Restore it first."))
    held = held_slots(comparison)
    if held:
        reason = gettext(
            "People hold this comparison as work, or it is kept for them by name. Wait until "
            "they have answered, or take back what is kept, then mark it."
        )
        raise ComparisonHeld(reason, held=held)
    before = comparison.gold
    if before != list(ranks):
        comparison.gold = list(ranks)
        comparison.lane = sibling(comparison.lane, gold=True, returned=False)
        comparison.save(update_fields=["gold", "lane"])
        refit(comparison, holding=0, now=now)
        record(by, "comparison.gold_marked", comparison, before=before, after=comparison.gold)
    return comparison


@transaction.atomic
def unmark_gold(*, campaign: Campaign, comparison_id: int, by: User, now: datetime) -> Comparison:
    """Make a comparison with a known answer ordinary work again, and hand it out first.

    Whoever was given it as a test is not given it again. Raises NotFound, or AlreadySetAside.
    """
    comparison = hold_comparison(campaign, comparison_id, [])
    _check_not_set_aside(comparison)
    before = comparison.gold
    if before is not None:
        comparison.gold = None
        comparison.lane = sibling(comparison.lane, gold=False)
        _hand_out_again(comparison, now)
        record(by, "comparison.gold_unmarked", comparison, before=before)
    return comparison


@transaction.atomic
def retire(*, campaign: Campaign, comparison_id: int, by: User, now: datetime) -> Comparison:
    """Hand a comparison out no more; what is kept for people by name goes back.

    Leases that live go on, and every answer is taken as before. One that was retired because
    people skipped it is still kept for those it was given to by name, until this. One that was
    withheld is reviewed herewith. Raises NotFound, or AlreadySetAside.
    """
    lock_campaign(campaign.pk)
    people = reserved_people(comparison_id)
    comparison = hold_comparison(campaign, comparison_id, people)
    reviewed = bool(comparison.withheld_from)
    if reviewed:
        _check_not_set_aside(comparison)
        _end_withholding(comparison, now)
    is_open = comparison.state == ComparisonState.OPEN
    if give_back(comparison, people, now) or is_open or reviewed:
        comparison.state = ComparisonState.RETIRED
        comparison.save(update_fields=["state"])
        record(by, "comparison.retired", comparison, skips=comparison.skips)
    return comparison


@transaction.atomic
def restore(*, campaign: Campaign, comparison_id: int, by: User, now: datetime) -> Comparison:
    """Hand a retired comparison out again, first of all; its skips count from 0 again.

    Those who skipped it are not given it again. One that was withheld is reviewed herewith; set
    aside, it is used again where it was. Raises NotFound, AlreadySetAside, or NotHandedOut when its
    prompt is erased.
    """
    comparison = hold_comparison(campaign, comparison_id, [])
    if comparison.prompt.erased_at is not None:
        reason = gettext("The prompt of this comparison is erased; nothing brings it back.")
        raise NotHandedOut(reason)
    if not comparison.withheld_from:
        _check_not_set_aside(comparison)
    if comparison.state == ComparisonState.RETIRED:
        _end_withholding(comparison, now)
        skips = comparison.skips
        if not comparison.set_aside:
            comparison.skips, comparison.state = 0, ComparisonState.OPEN
            _hand_out_again(comparison, now)
        record(by, "comparison.restored", comparison, skips=skips)
    return comparison


@transaction.atomic
def set_turn(
    *, campaign: Campaign, comparison_id: int, turn: Turn, by: User, now: datetime
) -> Comparison:
    """Hand a comparison out before others, after all others, or as usual.

    What was begun is finished first as ever: the turn orders it among its like. It holds until
    it is set anew, also through retirement and a known answer. Raises NotFound.
    """
    comparison = hold_comparison(campaign, comparison_id, [])
    before = turn_of(comparison.lane.priority)
    if before != turn:
        comparison.lane = sibling(comparison.lane, priority=PRIORITIES[turn])
        lower_heads({comparison.lane.pk: comparison.position})
        comparison.save(update_fields=["lane"])
        record(by, "comparison.turn_set", comparison, before=before, after=turn)
    return comparison


def _end_withholding(comparison: Comparison, now: datetime) -> None:
    """Note that a manager has reviewed what was reported of a locked comparison until now."""
    if comparison.withheld_from:
        comparison.withheld_from, comparison.reviewed_at = "", now
        comparison.save(update_fields=["withheld_from", "reviewed_at"])


def _check_not_set_aside(comparison: Comparison) -> None:
    if comparison.set_aside:
        reason = gettext(
            "This comparison is set aside for training or qualification. Take it back there first."
        )
        raise AlreadySetAside(reason)


def _hand_out_again(comparison: Comparison, now: datetime) -> None:
    """Fit a comparison's slots, and put it first where one is free."""
    refit(comparison, holding=held_slots(comparison), now=now)
    if comparison.open_slots > 0 and comparison.gold is None:
        put_first(comparison, now)
    comparison.save(update_fields=["gold", "lane", "position"])


def record(by: User, action: str, comparison: Comparison, **data: object) -> None:
    """Write down what was decided of a comparison."""
    target = f"comparison:{comparison.pk}"
    record_event(actor=by, action=action, target=target, campaign=comparison.campaign_id, **data)

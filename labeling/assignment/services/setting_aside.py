"""Comparisons set aside to teach or test people in the open: out of the work for as long."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from labeling.accounts.models import User
from labeling.assignment.enums import ComparisonState
from labeling.assignment.known_answers import ranks_fault
from labeling.assignment.models import Comparison
from labeling.assignment.services.desks import new_desks
from labeling.assignment.services.directing import bar, hold_comparison
from labeling.assignment.services.marking import (
    AlreadySetAside,
    mark_gold,
    record,
    restore,
    retire,
    unmark_gold,
)
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError, Invalid, Kind
from labeling.wording import gettext


class AnswerNotKnown(DomainError):
    """What is set aside needs a known answer, and this comparison has none."""

    code = "answer_not_known"
    kind = Kind.CONFLICT


@transaction.atomic
def set_aside(
    *,
    campaign: Campaign,
    comparison_id: int,
    ranks: Sequence[int] | None,
    by: User,
    now: datetime,
) -> Comparison:
    """Give a comparison its known answer if need be, and take it out of what is handed out.

    Nobody is given it any more, as work, as a hidden test or as a repeat, until ``bring_back``.
    Without ``ranks`` the known answer that it has stays. Raises NotFound, NotHandedOut,
    ComparisonHeld, AlreadySetAside, AnswerNotKnown, or Invalid.
    """
    comparison = hold_comparison(campaign, comparison_id, [])
    if comparison.set_aside:
        reason = gettext("This comparison is set aside already. Change it where it is listed.")
        raise AlreadySetAside(reason)
    given = comparison.gold if ranks is None else ranks
    if given is None:
        reason = gettext("This comparison has no known answer. Give each response a rank.")
        raise AnswerNotKnown(reason)
    mark_gold(campaign=campaign, comparison_id=comparison_id, ranks=given, by=by, now=now)
    comparison = retire(campaign=campaign, comparison_id=comparison_id, by=by, now=now)
    comparison.set_aside = True
    comparison.save(update_fields=["set_aside"])
    record(by, "comparison.set_aside", comparison, answer=comparison.gold)
    return comparison


@transaction.atomic
def correct_answer(
    *, campaign: Campaign, comparison_id: int, ranks: Sequence[int], by: User
) -> Comparison:
    """Give a comparison that is set aside another known answer. Raises NotFound, or Invalid."""
    comparison = hold_comparison(campaign, comparison_id, [])
    fault = ranks_fault(ranks, size=comparison.size, tie_allowed=campaign.tie_allowed)
    if fault:
        raise Invalid(gettext("The known answer does not hold."), fields={"ranks": [fault]})
    before = comparison.gold
    if before != list(ranks):
        comparison.gold = list(ranks)
        comparison.save(update_fields=["gold"])
        record(by, "comparison.gold_marked", comparison, before=before, after=comparison.gold)
    return comparison


@transaction.atomic
def bring_back(
    *,
    campaign: Campaign,
    comparison_id: int,
    keep_answer: bool,
    seen_by: Collection[int],
    by: User,
    now: datetime,
) -> Comparison:
    """Hand a comparison that was set aside out again: as a hidden test, or as ordinary work.

    ``keep_answer`` makes it the hidden test. Those who have seen it meanwhile are never given it.
    One that is withheld is handed out once a manager has reviewed it. Raises NotFound.
    """
    new_desks(campaign.pk, sorted(seen_by))
    comparison = hold_comparison(campaign, comparison_id, seen_by)
    if not comparison.set_aside:
        return comparison
    comparison.set_aside = False
    comparison.save(update_fields=["set_aside"])
    record(by, "comparison.brought_back", comparison)
    bar(campaign, [(comparison, person) for person in seen_by])
    if not keep_answer:
        unmark_gold(campaign=campaign, comparison_id=comparison_id, by=by, now=now)
    if comparison.withheld_from:
        Comparison.objects.filter(pk=comparison_id).update(withheld_from=ComparisonState.OPEN)
        return hold_comparison(campaign, comparison_id, [])
    return restore(campaign=campaign, comparison_id=comparison_id, by=by, now=now)

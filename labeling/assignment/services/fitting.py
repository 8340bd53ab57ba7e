"""Fit what is already planned to a changed policy."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from labeling.assignment.models import Allocation, Comparison
from labeling.assignment.services.capacity import UNDER_WAY, fit, held_slots, rule_of
from labeling.assignment.services.desks import allocation_of
from labeling.campaigns.models import Campaign
from labeling.clock import database_now

FITTED_AT_ONCE = 500


def fit_capacity(*, campaign_id: int) -> int:
    """Give open comparisons what the campaign's policy wants now; return how many changed.

    Slots that are held or judged are never taken away, so capacity stays exact. Nothing is
    done while the policy is the one that was fitted last; a fit that was cut off is done again, and
    so is one during which the allocation was changed or an answer went by an older policy.
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    allocation = allocation_of(campaign)
    rule = rule_of(allocation, campaign.overlap).as_text()
    if allocation.fitted == rule:
        return 0
    own = Allocation.objects.filter(pk=allocation.pk, version=allocation.version)
    own.update(fitted=(under_way := f"{rule}{UNDER_WAY}{uuid4().hex[:12]}"))
    changed, last = 0, 0
    while (chunk := _fit_chunk(campaign, last)) is not None:
        changed, last = changed + chunk[0], chunk[1]
    own.filter(fitted=under_way).update(fitted=rule)
    return changed


def campaigns_to_fit() -> list[int]:
    """Return the ids of campaigns whose comparisons are not fitted to the policy of now."""
    allocations = Allocation.objects.select_related("campaign").order_by("campaign_id")
    return [
        each.campaign_id
        for each in allocations
        if each.fitted != rule_of(each, each.campaign.overlap).as_text()
    ]


@transaction.atomic
def _fit_chunk(campaign: Campaign, after: int) -> tuple[int, int] | None:
    """Fit the next comparisons; return how many changed and the last id, or None at the end."""
    chunk = list(
        Comparison.objects.select_for_update(of=("self",))
        .select_related("campaign__allocation", "lane")
        .filter(campaign=campaign, pk__gt=after)
        .order_by("pk")[:FITTED_AT_ONCE]
    )
    if not chunk:
        return None
    now = database_now()
    return sum(_fit_one(each, now) for each in chunk), chunk[-1].pk


def _fit_one(comparison: Comparison, now: datetime) -> bool:
    before = (comparison.wanted, comparison.open_slots)
    fit(comparison, holding=held_slots(comparison), now=now)
    return before != (comparison.wanted, comparison.open_slots)

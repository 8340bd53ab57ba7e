"""Take estimates of what one more judgment is worth, each for the tally it was made for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch

from labeling.assignment.models import Comparison
from labeling.assignment.policies import Tally
from labeling.assignment.services.capacity import fit, held_slots
from labeling.campaigns.models import Campaign


@dataclass(frozen=True)
class Estimate:
    """What one more judgment of a comparison with this tally is worth, 0 to 1."""

    tally: Tally
    value: float


@transaction.atomic
def revalue(*, estimates: Mapping[int, Estimate], now: datetime) -> int:
    """Store estimates by comparison id and fit the slots to them; return how many were stored.

    A comparison of which another judgment is worth its price is handed out again, first of all.
    An estimate for another tally than that of now is dropped, and so is one for a comparison
    that somebody else is writing to: its value stays due.
    """
    locked = Comparison.objects.select_for_update(of=("self",), skip_locked=True)
    # Read after the locks are there, so that the policy is at least as new as what was last
    # fitted to it; a join would show it as it was when the statement began.
    policy = Prefetch("campaign", Campaign.objects.select_related("allocation"))
    due = locked.filter(pk__in=estimates, value_due=True).prefetch_related(policy, "lane")
    found = [each for each in due.order_by("pk") if each.tally == estimates[each.pk].tally]
    for comparison in found:
        comparison.vote_value = estimates[comparison.pk].value
        fit(comparison, holding=held_slots(comparison), now=now)
    return len(found)

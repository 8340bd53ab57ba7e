"""Keep what one person may judge under the campaign's share true to its members and its work."""

from django.db import transaction
from django.db.models import Count, F

from labeling.assignment.models import Allocation
from labeling.assignment.services.desks import allocation_of
from labeling.assignment.services.fitting import set_share_limit
from labeling.campaigns.models import Campaign, Membership


@transaction.atomic
def share_out(*, campaign_id: int) -> None:
    """Bring a campaign's share up to date, one at a time, and note for how many people it is."""
    known = allocation_of(Campaign.objects.get(pk=campaign_id))
    allocation = Allocation.objects.select_for_update(no_key=True).filter(pk=known.pk)
    allocation.get()
    people = Membership.objects.filter(campaign_id=campaign_id).count()
    set_share_limit(campaign_id=campaign_id)
    allocation.update(share_people=people)


def forget_share(*, campaign_id: int) -> None:
    """Let the sweep share out again, should whoever adds work now not come to it."""
    Allocation.objects.filter(campaign_id=campaign_id).update(share_people=None)


def campaigns_to_share() -> list[int]:
    """Return the ids of campaigns whose share is for other members, or for less work."""
    allocations = Allocation.objects.annotate(people=Count("campaign__memberships"))
    stale = allocations.exclude(share_people=F("people")).order_by("campaign_id")
    return list(stale.values_list("campaign_id", flat=True))

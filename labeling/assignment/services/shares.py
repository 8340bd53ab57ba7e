"""Keep what one person may judge under the campaign's share true to its members and its work."""

from django.db import transaction
from django.db.models import Count, F, Sum

from labeling.assignment.models import Allocation, Comparison
from labeling.assignment.services.desks import allocation_of
from labeling.campaigns.models import Campaign, Membership

ROOM = 2


@transaction.atomic
def share_out(*, campaign_id: int) -> None:
    """Bring a campaign's share up to date, one at a time, and note for how many people it is."""
    known = allocation_of(Campaign.objects.get(pk=campaign_id))
    allocation = Allocation.objects.select_for_update(no_key=True).get(pk=known.pk)
    people = Membership.objects.filter(campaign_id=campaign_id).count()
    allocation.share_limit = _limit(allocation, people)
    allocation.share_people = people
    allocation.save(update_fields=["share_limit", "share_people"])


def _limit(allocation: Allocation, people: int) -> int | None:
    """Return how many judgments one person may give, None for as many as there are.

    A small team gets room: nobody's share is less than twice an even one, so that ten percent
    never keeps five people from finishing.
    """
    if allocation.share_percent >= 100 or people <= ROOM:
        return None
    work = Comparison.objects.filter(campaign_id=allocation.campaign_id, gold__isnull=True)
    wanted: int = work.aggregate(total=Sum("wanted", default=0))["total"]
    # Whole numbers throughout: 7 percent of 100 are 7, not a little more.
    return max(-(-allocation.share_percent * wanted // 100), -(-ROOM * wanted // people))


def forget_share(*, campaign_id: int) -> None:
    """Let the sweep share out again, should whoever adds work now not come to it."""
    Allocation.objects.filter(campaign_id=campaign_id).update(share_people=None)


def campaigns_to_share() -> list[int]:
    """Return the ids of campaigns whose share is for other members, or for less work."""
    allocations = Allocation.objects.annotate(people=Count("campaign__memberships"))
    stale = allocations.exclude(share_people=F("people")).order_by("campaign_id")
    return list(stale.values_list("campaign_id", flat=True))

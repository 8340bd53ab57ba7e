"""The desk of a person: locked first of all by whatever changes what they hold."""

from labeling.assignment.models import Allocation, Desk
from labeling.campaigns.models import Campaign
from labeling.prepared import Prepared

LOCKED_DESK = Prepared(
    lambda campaign_id, annotator_id: (
        Desk.objects.select_for_update(of=("self",))
        .select_related("campaign__allocation")
        .filter(campaign_id=campaign_id, annotator_id=annotator_id)
    ),
    samples=[-1, -2],
)


def locked_desk(campaign_id: int, annotator_id: int) -> Desk:
    """Return a person's desk with campaign and allocation, locked: one claim at a time a person."""
    desk = LOCKED_DESK.first(campaign_id, annotator_id)
    if desk is None:
        _make_desks(campaign_id, [annotator_id])
        (desk,) = LOCKED_DESK.rows(campaign_id, annotator_id)
        if not hasattr(desk.campaign, "allocation"):  # nothing was ever planned
            desk.campaign.allocation = allocation_of(desk.campaign)
    return desk


def new_desks(campaign_id: int, annotator_ids: list[int]) -> None:
    """Make sure that these people have a desk in the campaign, and it an allocation."""
    Allocation.objects.bulk_create([Allocation(campaign_id=campaign_id)], ignore_conflicts=True)
    _make_desks(campaign_id, annotator_ids)


def _make_desks(campaign_id: int, annotator_ids: list[int]) -> None:
    Desk.objects.bulk_create(
        [Desk(campaign_id=campaign_id, annotator_id=person) for person in annotator_ids],
        ignore_conflicts=True,
    )


def allocation_of(campaign: Campaign) -> Allocation:
    """Return how a campaign's work is handed out; the defaults until a manager changes them."""
    return Allocation.objects.get_or_create(campaign=campaign)[0]

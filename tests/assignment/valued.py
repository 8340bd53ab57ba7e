"""What tests of the value of another judgment share: an adaptive campaign, and people who judge."""

from typing import Any

from labeling.assignment.models import Comparison
from labeling.assignment.services.allocations import reallocate
from labeling.assignment.services.desks import allocation_of
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.models import Campaign
from tests.factories import make_campaign, make_member
from tests.stock import claim, judge, stock

FIRST, SECOND, TIE = "1,2", "2,1", "1,1"


def allocate(campaign: Campaign, **changes: Any) -> None:
    """Change how a campaign's work is handed out, and carry it out."""
    version = allocation_of(campaign).version
    reallocate(campaign=campaign, by=campaign.created_by, version=version, **changes)
    plan_comparisons(campaign_id=campaign.pk)


def pair(*verdicts: str, policy: str = "adaptive", **changes: Any) -> Comparison:
    """Return the one comparison of a new campaign, after this many people have said this of it."""
    campaign = make_campaign(overlap=2)
    allocate(campaign, policy=policy, **changes)
    stock(campaign, 1)
    for verdict in verdicts:
        say(campaign, verdict)
    return now(campaign)


def say(campaign: Campaign, verdict: str) -> None:
    """Let somebody new judge what is handed out to them first, saying this by slot."""
    person = make_member(campaign)
    held = claim(campaign, person)
    by_slot = [int(rank) for rank in verdict.split(",")]
    answer: dict[str, Any] = {"ranks": tuple(by_slot[slot] for slot in held.display_order)}
    judge(campaign, person, held, **answer if verdict != TIE else {"outcome": "tie", "ranks": ()})


def now(campaign: Campaign) -> Comparison:
    """Return the campaign's one comparison as it is stored."""
    return Comparison.objects.select_related("campaign", "lane").get(campaign=campaign)

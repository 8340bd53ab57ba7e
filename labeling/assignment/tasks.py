"""Background work of the assignment stage."""

from celery import shared_task

from labeling.assignment.queries import campaigns_to_plan
from labeling.assignment.services.leases import expire_leases
from labeling.assignment.services.planning import plan_comparisons
from labeling.clock import database_now


@shared_task(name="assignment.plan_comparisons", ignore_result=True)
def plan(campaign_id: int) -> None:
    """Make comparisons of a campaign's complete groups."""
    plan_comparisons(campaign_id=campaign_id)


@shared_task(name="assignment.sweep", ignore_result=True)
def sweep() -> None:
    """Return the slots of leases that are over, and plan what a lost ring left unplanned."""
    expire_leases(now=database_now())
    for campaign_id in campaigns_to_plan():
        plan_comparisons(campaign_id=campaign_id)

"""Background work of the assignment stage."""

from celery import shared_task

from labeling.assignment.queries import campaigns_to_plan
from labeling.assignment.services.directing import free_departed
from labeling.assignment.services.fitting import campaigns_to_fit
from labeling.assignment.services.lanes import advance_heads
from labeling.assignment.services.leases import expire_leases
from labeling.assignment.services.planning import plan_comparisons
from labeling.assignment.services.shares import campaigns_to_share
from labeling.clock import database_now
from labeling.doorbell import ring


@shared_task(name="assignment.plan_comparisons", ignore_result=True)
def plan(campaign_id: int) -> None:
    """Make comparisons of a campaign's complete groups."""
    _plan(campaign_id)


@shared_task(name="assignment.sweep", ignore_result=True)
def sweep() -> None:
    """Return slots that nobody uses any more; do what a lost ring left lying; move heads on."""
    expire_leases(now=database_now())
    free_departed(now=database_now())
    for campaign_id in sorted({*campaigns_to_plan(), *campaigns_to_fit(), *campaigns_to_share()}):
        _plan(campaign_id)
    advance_heads(now=database_now())


def _plan(campaign_id: int) -> None:
    if plan_comparisons(campaign_id=campaign_id):
        ring("ranking.render_ahead", campaign_id=campaign_id)

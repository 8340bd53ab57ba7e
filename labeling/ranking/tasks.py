"""Background work of the ranking stage."""

from celery import shared_task

from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.ranking.queries import campaigns_to_render
from labeling.ranking.services.rendering import render_ahead
from labeling.ranking.services.reporting import withhold_reported


@shared_task(name="ranking.render_ahead", ignore_result=True)
def render(campaign_id: int) -> None:
    """Render what a campaign will show, a part at a time, so that other work comes in between."""
    if render_ahead(campaign_id=campaign_id):
        ring("ranking.render_ahead", campaign_id=campaign_id)


@shared_task(name="ranking.withhold_reported", ignore_result=True)
def withhold(judgment_id: int) -> None:
    """Withhold the texts in which a judgment reports personal data."""
    withhold_reported(now=database_now(), judgment_id=judgment_id)


@shared_task(name="ranking.sweep", ignore_result=True)
def sweep() -> None:
    """Withhold what a lost ring left; begin to render campaigns that are new, or all anew."""
    withhold_reported(now=database_now())
    for campaign_id in campaigns_to_render():
        ring("ranking.render_ahead", campaign_id=campaign_id)

"""Background work of the ranking stage."""

from celery import shared_task

from labeling.doorbell import ring
from labeling.ranking.queries import campaigns_to_render
from labeling.ranking.services.rendering import render_ahead


@shared_task(name="ranking.render_ahead", ignore_result=True)
def render(campaign_id: int) -> None:
    """Render what a campaign will show, a part at a time, so that other work comes in between."""
    if render_ahead(campaign_id=campaign_id):
        ring("ranking.render_ahead", campaign_id=campaign_id)


@shared_task(name="ranking.sweep", ignore_result=True)
def sweep() -> None:
    """Begin to render campaigns that are new, and begin anew after an upgrade of the renderer."""
    for campaign_id in campaigns_to_render():
        ring("ranking.render_ahead", campaign_id=campaign_id)

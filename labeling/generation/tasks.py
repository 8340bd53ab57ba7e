"""Background work of the generation stage."""

import logging

from celery import shared_task

from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.generation import queries
from labeling.generation.services import adoption

log = logging.getLogger(__name__)


@shared_task(name="generation.adopt_responses", ignore_result=True)
def adopt_responses(*, prompt_set_id: int) -> None:
    """Make candidates of an import's ready responses, and have them planned."""
    groups = adoption.adopt_responses(prompt_set_id=prompt_set_id, now=database_now())
    campaign_id = queries.campaign_of_prompt_set(prompt_set_id)
    if groups and campaign_id:
        log.info("import %s brought %s groups to compare", prompt_set_id, groups)
        ring("assignment.plan_comparisons", campaign_id=campaign_id)


@shared_task(name="generation.sweep", ignore_result=True)
def sweep() -> None:
    """Ring again for everything that a lost message may have left lying."""
    for prompt_set_id in queries.prompt_sets_to_adopt():
        ring("generation.adopt_responses", prompt_set_id=prompt_set_id)
    for campaign_id in queries.campaigns_to_plan():
        ring("assignment.plan_comparisons", campaign_id=campaign_id)

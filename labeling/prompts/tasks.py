"""Background work of the prompts stage."""

import logging

from celery import shared_task

from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.prompts.enums import PromptSetState
from labeling.prompts.queries import prompt_sets_to_resume
from labeling.prompts.services import import_prompt_set
from labeling.prompts.services.uploads import discard_leftovers

log = logging.getLogger(__name__)


@shared_task(name="prompts.import_file", ignore_result=True)
def import_file(*, prompt_set_id: int) -> None:
    """Import a received file, and have candidates made of the responses it brought."""
    done = import_prompt_set(prompt_set_id=prompt_set_id, now=database_now())
    log.info("import %s is %s: %s", prompt_set_id, done.state, done.error or done.counts)
    if done.state == PromptSetState.DONE:
        ring("generation.adopt_responses", prompt_set_id=prompt_set_id)


@shared_task(name="prompts.sweep", ignore_result=True)
def sweep() -> None:
    """Ring again for imports that lost their worker, and clear what crashes left."""
    for prompt_set_id in prompt_sets_to_resume(now=database_now()):
        ring("prompts.import_file", prompt_set_id=prompt_set_id)
    discard_leftovers()

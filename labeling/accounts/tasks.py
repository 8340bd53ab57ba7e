"""What the workers do for the accounts stage."""

import logging

from celery import shared_task

from labeling.accounts.services.idempotency import forget_old_keys
from labeling.clock import database_now

log = logging.getLogger(__name__)


@shared_task(name="accounts.sweep", ignore_result=True)
def sweep() -> None:
    """Forget idempotency keys that no retry will ask for any more."""
    forgotten = forget_old_keys(now=database_now())
    if forgotten:
        log.info("idempotency keys forgotten: %s", forgotten)

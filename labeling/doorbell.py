"""Ask the workers to look at rows; the rows are the truth, a lost ring costs only time."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def ring(task: str, **ids: int | str) -> None:
    """Send ``task`` (a registered task's name) once the transaction under way has committed.

    Stages ring later stages by name, so that no earlier stage imports a later one. A broker
    that does not answer is logged and passed over: the periodic sweep rings again.
    """
    transaction.on_commit(partial(_send, task, ids))


def _send(task: str, ids: dict[str, int | str]) -> None:
    try:
        current_app.send_task(task, kwargs=ids, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("doorbell unheard, the sweep will ring again: %s (%s)", task, error)

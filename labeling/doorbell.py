"""Ask the workers to look at rows; the rows are the truth, a lost ring costs only time."""

import logging
import time
from collections.abc import Callable
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

# Rounds of about a minute: before Celery ends the task, which then runs again.
MOST_ROUNDS, PAUSE_SECONDS = 20, 5.0


def ring(task: str, **ids: int | str) -> None:
    """Send ``task`` (a registered task's name) once the transaction under way has committed.

    Stages ring later stages by name, so that no earlier stage imports a later one. A broker
    that does not answer is logged and passed over: the periodic sweep rings again.
    """
    transaction.on_commit(partial(_send, task, ids))


def hears() -> bool:
    """Tell whether the broker takes messages now: who works goes on by itself while it does not."""
    try:
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0)
    except (OperationalError, OSError):
        return False
    return True


def go_on(work: Callable[[], None], is_open: Callable[[], bool]) -> None:
    """Work, and again while something is open and no other worker could be told of it."""
    for _ in range(MOST_ROUNDS):
        work()
        if not is_open() or hears():
            return
        time.sleep(PAUSE_SECONDS)


def _send(task: str, ids: dict[str, int | str]) -> None:
    try:
        current_app.send_task(task, kwargs=ids, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("doorbell unheard, the sweep will ring again: %s (%s)", task, error)

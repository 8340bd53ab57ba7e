"""Background work of the quality stage."""

from celery import shared_task

from labeling.clock import database_now
from labeling.quality.services.remembering import note_erasures
from labeling.quality.services.valuing import estimate_vote_values


@shared_task(name="quality.sweep", ignore_result=True)
def sweep() -> None:
    """Estimate what another judgment is worth, wherever a policy waits for it.

    And note what was erased where a restored backup cannot lose it.
    """
    note_erasures()
    estimate_vote_values(clock=database_now)

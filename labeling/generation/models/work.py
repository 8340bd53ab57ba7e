"""What workers make, whatever it is: how far it is, who makes it now, how often it failed."""

from django.db import models

from labeling.generation.enums import CandidateState
from labeling.generation.models.runs import GenerationRun


class Work(models.Model):
    """One row that a worker makes under a claim, and that another one can take over.

    ``claim`` is a fencing token that expires. Each kind of work has a ``run``. ``attempts`` counts
    how often workers took the row up, ``failures`` how often that failed; the difference are
    workers that ended on the way.
    """

    state = models.CharField(max_length=10, choices=CandidateState, default=CandidateState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    claim = models.UUIDField(null=True, blank=True)
    claim_expires_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_stopped(self) -> bool:
        """Tell whether the run that it belongs to was stopped."""
        run: GenerationRun | None = getattr(self, "run", None)
        return run is not None and run.stopped_at is not None

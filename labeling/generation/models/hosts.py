"""Model servers as workers share them: how busy they are, and whether they answer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from labeling.generation.models.runs import GenerationRun


class ModelHost(models.Model):
    """One host that workers call; locked by whoever begins or ends a call there.

    ``failures`` counts the faults in a row. ``closed_until`` is set when they are too many (the
    circuit breaker); once it has passed, one call alone tries whether the host answers again.
    ``not_before`` is what the host asked for with Retry-After.
    """

    name = models.CharField(max_length=260, unique=True)
    failures = models.PositiveIntegerField(default=0)
    closed_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class ModelCall(models.Model):
    """One request to a host: under way until ``ended_at``, or until ``expires_at`` has passed.

    ``reserved`` is what it may cost at most, in the money of its generator's prices; it is held
    against the run's ceiling until the call is settled. Kept for the minute that rates count.
    """

    host = models.ForeignKey(ModelHost, on_delete=models.CASCADE, related_name="calls")
    run = models.ForeignKey(GenerationRun, on_delete=models.CASCADE, related_name="+")
    reserved = models.DecimalField(max_digits=14, decimal_places=6, default=0)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reserved__gte=0), name="call_reserves_no_debt"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["host", "started_at"], name="calls_of_a_minute"),
            models.Index(
                fields=["host", "expires_at"],
                condition=Q(ended_at=None),
                name="calls_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"

"""Exports: frozen datasets, their files and checksums."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from exports.enums import ExportState
from labeling.campaigns.models import Campaign


class Export(models.Model):
    """One immutable snapshot of a campaign's preference pairs, with its judgments in force.

    Created by ``request_export``, written once by ``write_export``. ``selection`` holds
    every choice that decides which pairs are in it (policy, fewest votes, least agreement,
    split). ``manifest`` repeats the selection with the files, their rows and SHA-256.
    ``claim`` is the worker's fencing token while the state is ``running``; ``attempts``
    counts the workers that have tried.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="exports")
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.REQUESTED)
    selection = models.JSONField()
    manifest = models.JSONField(default=dict)
    pair_count = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    claim_expires_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="export_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="running", claim__isnull=False, claim_expires_at__isnull=False)
                | (~Q(state="running") & Q(claim__isnull=True, claim_expires_at__isnull=True)),
                name="running_export_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("ready", "failed"), finished_at__isnull=False)
                | (~Q(state__in=("ready", "failed")) & Q(finished_at__isnull=True)),
                name="export_finished_when_over",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=("requested", "running")),
                name="exports_to_write",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether nothing about it will change any more."""
        return self.state in {ExportState.READY, ExportState.FAILED}


class ExportFile(models.Model):
    """One file of a ready export; ``path`` is relative to the export's folder."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "path"], name="file_once_an_export"),
        ]

    def __str__(self) -> str:
        return self.path

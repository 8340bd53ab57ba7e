"""Exports: frozen datasets, their files and checksums."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from exports.enums import OVER, ExportState
from labeling.campaigns.models import Campaign
from labeling.prompts.models import Prompt
from labeling.quality.models import Revocation

BAND_NAMES = tuple(f"band_{number}" for number in range(1, 7))


class Export(models.Model):
    """One immutable snapshot of a campaign's preference pairs, with its judgments in force.

    Created by ``request_export``, written once by ``write_export``. ``selection`` holds
    every choice that decides which pairs are in it (policy, fewest votes, least agreement,
    split). ``manifest`` repeats the selection with the files, their rows and SHA-256.
    ``claim`` is the worker's fencing token while the state is ``running``, and renewed while it
    writes; ``attempts`` counts the workers that have tried. ``comparisons_read`` of
    ``comparisons_total`` say how far the one that writes is. ``place`` is the claim under which
    the files lie in a bucket, null where they are on the disk. ``withdraw_exports`` alone withdraws
    one with rows that rest on what was erased: at ``withdrawn_at`` its files were refused from then
    on, and at ``files_deleted_at`` they were gone.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="exports")
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.REQUESTED)
    selection = models.JSONField()
    manifest = models.JSONField(default=dict)
    pair_count = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    comparisons_read = models.PositiveBigIntegerField(default=0)
    comparisons_total = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    claim_expires_at = models.DateTimeField(null=True, blank=True)
    place = models.UUIDField(null=True, blank=True, unique=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    files_deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, files_deleted_at=None)
                | Q(state="ready", withdrawn_at__isnull=False),
                name="files_deleted_of_a_withdrawn_export",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="export_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="running", claim__isnull=False, claim_expires_at__isnull=False)
                | (~Q(state="running") & Q(claim__isnull=True, claim_expires_at__isnull=True)),
                name="running_export_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OVER, finished_at__isnull=False)
                | (~Q(state__in=OVER) & Q(finished_at__isnull=True)),
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
        return self.state in OVER

    @property
    def has_files(self) -> bool:
        """Whether there is something to take."""
        return self.state == ExportState.READY and self.withdrawn_at is None


class PromptGroup(models.Model):
    """Which other prompts a prompt is alike, and so where it stands among the splits; for good.

    ``founder`` is the prompt that began the group, itself where that is this one, and then the
    bands hold the keys by which alike ones find it (``likeness``). ``place`` is the group's, 0 to
    1. Created by ``group_prompts`` and never changed, but that an erased prompt loses its keys.
    """

    prompt = models.OneToOneField(
        Prompt, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    founder = models.ForeignKey(Prompt, on_delete=models.SET_NULL, null=True, related_name="+")
    place = models.FloatField()
    band_1 = models.BigIntegerField(null=True)
    band_2 = models.BigIntegerField(null=True)
    band_3 = models.BigIntegerField(null=True)
    band_4 = models.BigIntegerField(null=True)
    band_5 = models.BigIntegerField(null=True)
    band_6 = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(place__gte=0, place__lte=1), name="place_of_a_group_from_0_to_1"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["campaign", name],
                condition=Q((f"{name}__isnull", False)),
                name=f"alike_by_{name}",
            )
            for name in BAND_NAMES
        ]

    def __str__(self) -> str:
        return f"group of {self.prompt_id}"

    @property
    def keys(self) -> tuple[int, ...]:
        """The keys of the bands, none where another prompt began the group."""
        return tuple(key for name in BAND_NAMES if (key := getattr(self, name)) is not None)


class PseudonymKey(models.Model):
    """What turns a campaign's annotators into the names that its exports give them.

    Made once by ``name_people``, of random bytes, and never changed: another key would give
    everybody another name. Whoever has it can tell who is meant.
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    secret = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"names of {self.campaign_id}"


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


class Sending(models.Model):
    """What one claim on an export sends to the bucket, before anything is sent.

    Created by ``send``; gone with ``publish``, or with ``remove_leftovers``, which notes since when
    it knows that the claim is over.
    """

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="+")
    claim = models.UUIDField(unique=True)
    over_since = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"files of {self.export_id}"


class Removal(models.Model):
    """How many rows of an issued export rest on something that is revoked.

    Of what was revoked when the export was read there are none: stored with the export itself.
    For what was revoked later ``find_removals`` counts them, once. Says nothing once it is lifted.
    """

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="removals")
    revocation = models.ForeignKey(Revocation, on_delete=models.CASCADE, related_name="+")
    rows = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["export", "revocation"], name="removal_once_an_export_and_revocation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rows} rows of {self.export_id}"


class WithdrawnRow(models.Model):
    """One row of a withdrawn export that rested on something revoked, by its key, without its text.

    Created by ``withdraw_exports`` from the export's own files before they are deleted.
    """

    export = models.ForeignKey(
        Export, on_delete=models.CASCADE, related_name="withdrawn_rows", db_index=False
    )
    revocation = models.ForeignKey(
        Revocation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    config = models.CharField(max_length=40)
    split = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    row = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["export", "revocation", "config", "split", "row"],
                name="withdrawn_row_once_an_export_and_revocation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.config} {self.row} of {self.export_id}"

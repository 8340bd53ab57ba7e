"""Issued exports and what was revoked after they were read."""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from exports.enums import ExportState
from exports.models import Export, Removal
from exports.queries.exports import export_in
from labeling.campaigns.models import Campaign
from labeling.quality.models import Revocation
from labeling.quality.queries import in_force


def revoked_since(export: Export) -> QuerySet[Revocation]:
    """Return what is revoked and was not when an export was read."""
    known = Removal.objects.filter(export=export, rows=0).values("revocation")
    return in_force(export.campaign).exclude(pk__in=known).order_by("id")


def exports_to_search() -> Iterator[tuple[Export, Revocation]]:
    """Yield each ready export with each revocation for which its rows were not counted."""
    revocations = Revocation.objects.filter(lifted_at=None).select_related("campaign")
    for revocation in revocations.order_by("id").iterator():
        counted = Removal.objects.filter(export=OuterRef("pk"), revocation=revocation)
        found = Export.objects.filter(
            ~Exists(counted),
            campaign=revocation.campaign,
            state=ExportState.READY,
            withdrawn_at=None,
        )
        for export_id in found.order_by("id").values_list("id", flat=True):
            yield export_in(revocation.campaign, export_id), revocation


def exports_to_withdraw() -> Iterator[Export]:
    """Yield each ready export that has rows which rest on something erased."""
    erased = Removal.objects.filter(
        export=OuterRef("pk"), rows__gt=0, revocation__erased_at__isnull=False
    )
    found = Export.objects.filter(Exists(erased), state=ExportState.READY, withdrawn_at=None)
    for export in found.select_related("campaign").order_by("id").iterator():
        yield export_in(export.campaign, export.pk)


def has_erased_since(campaign: Campaign, known: Sequence[int]) -> bool:
    """Tell whether something was erased in a campaign that is not among these revocations."""
    erased = Revocation.objects.filter(campaign=campaign, erased_at__isnull=False)
    return erased.exclude(pk__in=known).exists()


def removed_count(export: Export) -> int:
    """Return how many rows rest on what is revoked now; a row may count for two revocations."""
    return sum(_affecting(export).values_list("rows", flat=True))


def superseding(export: Export) -> Export | None:
    """Return the newest export that has the same selection without what was revoked since.

    None where nothing of the export is revoked, or no such export is ready yet.
    """
    affecting = _affecting(export).values_list("revocation", flat=True)
    newer = Export.objects.filter(
        campaign=export.campaign_id,
        state=ExportState.READY,
        withdrawn_at=None,
        selection=export.selection,
        pk__gt=export.pk,
    )
    for revocation_id in affecting:
        newer = newer.filter(removals__revocation=revocation_id, removals__rows=0)
    return newer.order_by("-id").first() if affecting else None


def _affecting(export: Export) -> QuerySet[Removal]:
    return Removal.objects.filter(export=export, revocation__lifted_at=None, rows__gt=0)

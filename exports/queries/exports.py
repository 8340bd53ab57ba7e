"""Reads of exports and their files, the one door to each."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from exports.enums import ExportState
from exports.models import Export, ExportFile, Removal
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError, Kind, NotFound
from labeling.wording import gettext


class ExportWithdrawn(DomainError):
    """Rows of the export rest on what was erased, so that its files are deleted."""

    code = "export_withdrawn"
    kind = Kind.GONE


def refuse_withdrawn(export: Export) -> None:
    """Raise ExportWithdrawn for an export whose files are deleted, or just about to be."""
    if export.withdrawn_at is not None:
        raise ExportWithdrawn(
            gettext(
                "This export was withdrawn: rows of it rest on what was erased, and its files are "
                "deleted. Ask for an export with the same choices, which is without them."
            ),
            withdrawn_at=export.withdrawn_at.isoformat(),
        )


def exports_of(campaign: Campaign) -> QuerySet[Export]:
    """Return a campaign's exports, newest first, with who asked for them.

    ``has_revoked`` tells whether some rows rest on what was revoked since.
    """
    revoked = Removal.objects.filter(export=OuterRef("pk"), revocation__lifted_at=None, rows__gt=0)
    found = Export.objects.filter(campaign=campaign).select_related("requested_by")
    return found.annotate(has_revoked=Exists(revoked)).order_by("-id")


def export_in(campaign: Campaign, export_id: int) -> Export:
    """Return one export of a campaign; raise NotFound for any other."""
    found = (
        exports_of(campaign)
        .prefetch_related(Prefetch("files", ExportFile.objects.order_by("path")))
        .filter(pk=export_id)
        .first()
    )
    if found is None:
        raise NotFound(gettext("There is no such export in this campaign."))
    return found


def files_by_path(export: Export) -> dict[str, ExportFile]:
    """Return the files of an export that came from ``export_in``, in order of their paths."""
    return {file.path: file for file in export.files.all()}


def file_in(campaign: Campaign, export_id: int, path: str) -> ExportFile:
    """Return one file of a ready export by its path in the export; raise NotFound else.

    The path is only ever compared with paths that ``write_export`` stored. Raises ExportWithdrawn.
    """
    found = None
    if "\0" not in path:  # PostgreSQL takes no NUL, not even to compare
        files = ExportFile.objects.select_related("export")
        found = files.filter(
            export__campaign=campaign,
            export_id=export_id,
            export__state=ExportState.READY,
            path=path,
        ).first()
    if found is None:
        raise NotFound(gettext("There is no such file in this export."))
    refuse_withdrawn(found.export)
    return found


def exports_to_write(now: datetime) -> list[int]:
    """Return the ids of exports that wait, or whose worker's claim has run out."""
    waiting = Q(state=ExportState.REQUESTED)
    dropped = Q(state=ExportState.RUNNING, claim_expires_at__lte=now)
    found = Export.objects.filter(waiting | dropped).order_by("id")
    return list(found.values_list("id", flat=True))


def earlier_than(export: Export) -> Export | None:
    """Return the ready export of the campaign before a ready one, None where there is none."""
    ready = Export.objects.filter(campaign=export.campaign_id, state=ExportState.READY)
    return ready.filter(withdrawn_at=None, pk__lt=export.pk).order_by("-id").first()

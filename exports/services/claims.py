"""One worker at a time writes an export, and a dead worker's export is written by another."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from exports.enums import ExportState
from exports.models import Export

# Renewed every few seconds by whoever writes, so that it runs out soon after its worker is gone.
CLAIMED_FOR = timedelta(seconds=60)
MOST_ATTEMPTS = 5


def claim(*, export_id: int, now: datetime) -> Export | None:
    """Take an export that waits, or whose worker is gone; return None when there is no need.

    An export that has brought down too many workers fails instead.
    """
    with transaction.atomic():
        export = Export.objects.select_for_update().filter(pk=export_id).first()
        if export is None or not _is_free(export, now):
            return None
        if export.attempts >= MOST_ATTEMPTS:
            _fail(export, f"Not written after {MOST_ATTEMPTS} tries; the log says why.", now)
            return None
        export.state = ExportState.RUNNING
        export.comparisons_read = export.comparisons_total = 0
        export.attempts += 1
        export.claim = uuid.uuid4()
        export.claim_expires_at = now + CLAIMED_FOR
        export.save()
    return export


def _is_free(export: Export, now: datetime) -> bool:
    if export.state == ExportState.REQUESTED:
        return True
    expires = export.claim_expires_at
    return export.state == ExportState.RUNNING and (expires is None or expires <= now)


def held(export: Export) -> Export | None:
    """Return the row, locked, if the claim it was given still holds; for use in a transaction."""
    return (
        Export.objects.select_for_update()
        .filter(pk=export.pk, claim=export.claim, state=ExportState.RUNNING)
        .first()
    )


def give_back(export: Export) -> None:
    """Let another worker try at once; does nothing when the claim is over."""
    Export.objects.filter(pk=export.pk, claim=export.claim, state=ExportState.RUNNING).update(
        state=ExportState.REQUESTED, claim=None, claim_expires_at=None
    )


def cancel(*, export: Export, now: datetime) -> bool:
    """End an export that is not over; tell whether it was one. Its worker stops by itself."""
    with transaction.atomic():
        row = Export.objects.select_for_update().get(pk=export.pk)
        if row.is_over:
            return False
        row.state = ExportState.CANCELED
        row.claim = row.claim_expires_at = None
        row.finished_at = now
        row.save()
    return True


def fail(*, export: Export, reason: str, now: datetime) -> None:
    """End an export with the reason why there is none; does nothing when the claim is over."""
    with transaction.atomic():
        row = held(export)
        if row is not None:
            _fail(row, reason, now)


def _fail(export: Export, reason: str, now: datetime) -> None:
    export.state = ExportState.FAILED
    export.error = reason
    export.claim = export.claim_expires_at = None
    export.finished_at = now
    export.save()

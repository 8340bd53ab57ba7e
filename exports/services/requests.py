"""Ask for exports, and give them up."""

from datetime import datetime

from django.db import transaction

from exports.enums import ExportState
from exports.models import Export
from exports.queries import scope_of
from exports.selection import Selection
from exports.services import claims
from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import lock_campaign
from labeling.errors import DomainError, Kind
from labeling.wording import gettext

UNFINISHED = (ExportState.REQUESTED, ExportState.RUNNING)


class ExportOver(DomainError):
    """What is ready, failed or canceled does not change any more."""

    code = "export_over"
    kind = Kind.CONFLICT


def request_export(
    *, campaign: Campaign, user: User, selection: Selection, now: datetime
) -> tuple[Export, bool]:
    """Store the wish for an export; return it and whether it is new.

    While one with the same selection is still to be written, that one is returned, so that
    a double click makes one export. Raises Invalid for annotators and tokenizers there are not.
    """
    scope_of(campaign, selection)
    with transaction.atomic():
        lock_campaign(campaign.pk)
        same = Export.objects.filter(
            campaign=campaign, state__in=UNFINISHED, selection=selection.as_json()
        )
        if (waiting := same.order_by("-id").first()) is not None:
            return waiting, False
        export = Export.objects.create(
            campaign=campaign, requested_by=user, selection=selection.as_json(), created_at=now
        )
        record_event(
            actor=user,
            action="export.requested",
            target=f"export:{export.pk}",
            campaign=campaign.pk,
            **selection.as_json(),
        )
    return export, True


def cancel_export(*, export: Export, by: User, now: datetime) -> Export:
    """Give up an export that is not over yet; return it. Raises ExportOver."""
    with transaction.atomic():
        if not claims.cancel(export=export, now=now):
            raise ExportOver(gettext("The export is over; there is nothing to cancel."))
        record_event(
            actor=by,
            action="export.canceled",
            target=f"export:{export.pk}",
            campaign=export.campaign_id,
        )
    export.refresh_from_db()
    return export

"""Ask for exports."""

from datetime import datetime

from django.db import transaction

from exports.enums import ExportState
from exports.models import Export
from exports.selection import Selection
from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import lock_campaign

UNFINISHED = (ExportState.REQUESTED, ExportState.RUNNING)


def request_export(
    *, campaign: Campaign, user: User, selection: Selection, now: datetime
) -> tuple[Export, bool]:
    """Store the wish for an export; return it and whether it is new.

    While one with the same selection is still to be written, that one is returned, so that
    a double click makes one export.
    """
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

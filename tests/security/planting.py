"""Overwrite every text of a world with hostile text, in every row.

SQLite keeps no lengths, so what a column is too short for on PostgreSQL, or its service refuses,
stands in it all the same.
"""

import json
import re
from itertools import count

from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import models

from exports.enums import ExportState
from exports.models import Export, ExportFile
from exports.services.folders import ready_folder
from labeling.accounts.models import AuditEvent, IdempotencyKey, User
from labeling.assignment.services.desks import allocation_of
from labeling.campaigns.enums import Asked
from labeling.campaigns.models import Campaign, Membership
from labeling.clock import database_now
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import PromptSet
from labeling.ranking.models import Judgment, RenderedCandidate, RenderedPrompt, RenderedUpTo
from labeling.ranking.services.rendering import render_ahead
from tests.security.columns import OPEN, column
from tests.security.hostile import Deal
from tests.security.world import World

APPEND_ONLY = (AuditEvent, Judgment)
MARK = re.compile(r"mark-([a-z_.]+)-\d")


def mark(label: str, row: int) -> str:
    """Return what begins each planted value: it tells which column a page shows."""
    return f"mark-{label.lower()}-{row}"


def plant(world: World, deal: Deal) -> None:
    """Put the portions of this deal into every column that is open."""
    _complete(world)
    for place, model in enumerate(sorted({column(label)[0] for label in OPEN}, key=repr)):
        names = [label for label in OPEN if column(label)[0] is model]
        for at, row in enumerate(_rows(model)):
            values = {
                column(label)[1]: _value(label, row, deal, place * 7 + nth + at)
                for nth, label in enumerate(names)
            }
            _write(model, row, values)
    _rewrite_rows(world, deal)
    _render()
    cache.clear()


def _rows(model: type[models.Model]) -> list[models.Model]:
    rows = model._base_manager.order_by("pk")
    return list(rows.filter(superseded_by=None) if model is Judgment else rows)


def _value(label: str, row: models.Model, deal: Deal, place: int) -> object:
    texts = deal.portion(place)
    begun = mark(label, row.pk)
    was = getattr(row, column(label)[1])
    return OPEN[label]([begun, *texts], deal.glued([begun, *texts]), was)


def _write(model: type[models.Model], row: models.Model, values: dict[str, object]) -> None:
    if model not in APPEND_ONLY:
        if isinstance(row, User) and not row.display_name:
            del values["display_name"]  # so that pages show the address instead
        model._base_manager.filter(pk=row.pk).update(**values)
        return
    later = {"supersedes_id": row.pk, "ideal_slot": 0} if isinstance(row, Judgment) else {}
    known = {
        field.attname: getattr(row, field.attname)
        for field in model._meta.concrete_fields
        if not field.primary_key
    }
    model(**{**known, **values, **later}).save()


def _complete(world: World) -> None:
    """Add the rows that the world has none of: what failed, and what libraries write."""
    numbers, now = count(1), database_now()
    Membership.objects.update(warning_accepted=True)
    for side in world.sides.values():
        boss = side.campaign.created_by
        Campaign.objects.filter(pk=side.campaign.pk).update(
            ideal=Asked.OPTIONAL, guideline_to_read=0
        )
        allocation_of(side.campaign)
        PromptSet.objects.create(
            campaign=side.campaign, name="bad", format=FileFormat.JSONL, sha256="bad", size=1,
            state=PromptSetState.FAILED, created_by=boss,
        )  # fmt: skip
        Export.objects.create(
            campaign=side.campaign, state=ExportState.FAILED, selection={}, requested_by=boss,
            created_at=now, finished_at=now,
        )  # fmt: skip
        EmailAddress.objects.create(user=boss, email=f"old{next(numbers)}@annotate.localhost")
        IdempotencyKey.objects.create(user=boss, key="key", answer="{}", created_at=now)
    for user in User.objects.all():
        LogEntry.objects.create(
            user=world.operator, content_type=ContentType.objects.get_for_model(User),
            object_id=str(user.pk), action_flag=CHANGE,
        )  # fmt: skip


def _rewrite_rows(world: World, deal: Deal) -> None:
    """Put hostile text into the first rows of each export, which its page shows."""
    for number, file in enumerate(ExportFile.objects.filter(path__contains="jsonl/")):
        text = deal.glued(deal.portion(number))
        turn = [{"role": "user", "content": text}]
        row = {"prompt": turn, "chosen": turn, "rejected": turn, "n_votes": text, "agreement": 1.0}
        (ready_folder(file.export_id) / file.path).write_text(json.dumps(row) + "\n")


def _render() -> None:
    for model in (RenderedPrompt, RenderedCandidate, RenderedUpTo):
        model._default_manager.all().delete()
    for campaign in Campaign.objects.all():
        render_ahead(campaign_id=campaign.pk)

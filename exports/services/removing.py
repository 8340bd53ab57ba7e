"""Find which rows of issued exports rest on what was revoked since."""

import logging
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from exports.configs import Config
from exports.models import Export, PseudonymKey, Removal, WithdrawnRow
from exports.pseudonyms import Pseudonyms
from exports.queries import exports_to_search, revoked_since
from exports.removals import OF_JUDGMENTS, OF_ROWS, Affected, Revoked, key_of
from exports.services.parts import parts_of
from exports.services.stores import FileGone, StorageUnavailable
from labeling.assignment.models import Desk
from labeling.prompts.models import Prompt
from labeling.quality.models import Revocation

log = logging.getLogger(__name__)


class RemovedRow(NamedTuple):
    """One row of an export that rests on something revoked, by its key in its configuration."""

    config: str
    split: str
    key: str
    id: int | str
    revocation: int


def find_removals() -> int:
    """Count the affected rows of every export that was issued before a revocation, once each.

    Safe to run twice and beside itself. Return how many counts were stored. An export whose files
    are not to be read is left out; if something was erased, it is withdrawn as if it had that.
    """
    stored = 0
    for export, revocation in exports_to_search():
        try:
            rows = sum(1 for _ in removed_rows(export, [revocation]))
        except FileGone as damage:
            log.warning("%s could not be searched for %s: %s", export, revocation, damage.message)
            if revocation.erased_at is None:
                continue
            rows = 1
        except StorageUnavailable as trouble:  # another time
            log.warning("%s is not searched for %s: %s", export, revocation, trouble.message)
            continue
        found = Removal(export=export, revocation=revocation, rows=rows)
        Removal.objects.bulk_create([found], ignore_conflicts=True)
        stored += 1
    return stored


def removed_rows(export: Export, revocations: Iterable[Revocation]) -> Iterator[RemovedRow]:
    """Yield the rows of an export that rest on one of these, in constant memory, file by file."""
    parts = parts_of(export, export.selection["containers"][0])
    said = [part for part in parts if part.config == Config.JUDGMENTS]
    for revocation in revocations:
        judgments = chain.from_iterable(part.rows(OF_JUDGMENTS) for part in said)
        affected = Affected(_revoked(revocation), judgments)
        for part in parts:
            key = key_of(part.config)
            for row in part.rows((key, *OF_ROWS)):
                if affected.has(row):
                    yield RemovedRow(part.config, part.split, key, row[key], revocation.pk)


def removed_since(export: Export) -> Iterator[RemovedRow]:
    """Yield the rows that rest on anything that was revoked after the export was read.

    Of a withdrawn export those that were noted before its files were deleted.
    """
    if export.withdrawn_at is not None:
        return _noted(export)
    return removed_rows(export, revoked_since(export))


def _noted(export: Export) -> Iterator[RemovedRow]:
    noted = WithdrawnRow.objects.filter(export=export, revocation__lifted_at=None).order_by("pk")
    for one in noted.iterator():
        yield RemovedRow(one.config, one.split, one.key, one.row, one.revocation_id)


def _revoked(revocation: Revocation) -> Revoked:
    """Return what a revocation means in the words of exports."""
    campaign = revocation.campaign
    names = Pseudonyms(bytes(PseudonymKey.objects.get(campaign=campaign).secret))
    desks = Desk.objects.filter(campaign=campaign, annotator=revocation.annotator_id)
    prompts = Prompt.objects.none()
    if revocation.prompt_id:
        prompts = Prompt.objects.filter(pk=revocation.prompt_id)
    elif revocation.source:
        prompts = Prompt.objects.filter(campaign=campaign, source=revocation.source)
    return Revoked(
        names=frozenset(names.of(desk.pk) for desk in desks),
        prompt_ids=frozenset(prompts.values_list("pk", flat=True)),
    )

"""Withdraw issued exports with rows that rest on what was erased, and forget what it was like."""

import logging
from collections.abc import Iterator
from itertools import islice
from typing import Any

from exports.models import BAND_NAMES, Export, PromptGroup, WithdrawnRow
from exports.queries import exports_to_withdraw
from exports.services.folders import remove_files
from exports.services.removing import removed_since
from exports.services.stores import FileGone, StorageUnavailable
from labeling.clock import database_now

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 1_000


def withdraw_exports() -> int:
    """Withdraw what rests on something erased, as far as ``find_removals`` knows; return how many.

    First the rows that rest on it are noted, by their keys alone, then the files are refused, then
    deleted. Safe to run twice and beside itself, and to be cut off anywhere.
    """
    _forget_likeness()
    withdrawn = 0
    for export in exports_to_withdraw():
        try:
            _note_rows(export)
        except FileGone as damage:  # what is left of it goes all the same
            log.warning("the removed rows of %s are not all known: %s", export, damage.message)
        except StorageUnavailable as trouble:
            log.warning("%s is to be withdrawn and cannot be read: %s", export, trouble.message)
            continue
        new = Export.objects.filter(pk=export.pk, withdrawn_at=None)
        manifest = _without_languages(export.manifest)
        withdrawn += new.update(withdrawn_at=database_now(), manifest=manifest)
    _delete_files()
    return withdrawn


def _note_rows(export: Export) -> None:
    for rows in _in_batches(export):
        WithdrawnRow.objects.bulk_create(rows, ignore_conflicts=True)


def _in_batches(export: Export) -> Iterator[list[WithdrawnRow]]:
    rows = (
        WithdrawnRow(
            export=export, revocation_id=one.revocation, config=one.config, split=one.split,
            key=one.key, row=one.id,
        )
        for one in removed_since(export)
    )  # fmt: skip
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _without_languages(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest without the one thing in it that is told of prompts in their own words."""
    statistics = manifest.get("statistics", {})
    return {**manifest, "statistics": {**statistics, "languages": {}}}


def _delete_files() -> None:
    """Delete the files of every withdrawn export that may still have some."""
    waiting = Export.objects.filter(withdrawn_at__isnull=False, files_deleted_at=None)
    for export_id in waiting.order_by("pk").values_list("pk", flat=True):
        try:
            remove_files(export_id)
        except StorageUnavailable as trouble:
            log.warning("files of export %s are not deleted yet: %s", export_id, trouble.message)
        else:
            Export.objects.filter(pk=export_id).update(files_deleted_at=database_now())


def _forget_likeness() -> None:
    """Take from erased prompts the keys by which alike ones would find them."""
    erased = PromptGroup.objects.filter(prompt__erased_at__isnull=False, band_1__isnull=False)
    erased.update(**dict.fromkeys(BAND_NAMES))

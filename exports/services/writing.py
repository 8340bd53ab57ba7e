"""Write an export: one pass over one moment, to files that never change again."""

import shutil
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
from django.db import transaction

from exports.enums import ExportState
from exports.formats.archive import write_archive
from exports.formats.card import card, judgments_card
from exports.formats.columns import JUDGMENT_SCHEMA, SCHEMA
from exports.formats.manifest import (
    ARCHIVE,
    CARD,
    JUDGMENTS,
    MANIFEST,
    Counts,
    FileEntry,
    build_manifest,
    manifest_bytes,
)
from exports.formats.shards import JsonLinesFile, ParquetFile, Shards
from exports.models import Export, ExportFile
from exports.records import SPLITS, Row
from exports.selection import Selection, read_selection
from exports.services.claims import claim, fail, give_back, held
from exports.services.collecting import Tally, collect, collect_judgments
from exports.services.folders import entry_of, publish, writing_folder
from exports.services.snapshots import snapshot
from labeling.clock import database_now
from labeling.errors import DomainError

CONTAINERS: dict[str, type[ParquetFile | JsonLinesFile]] = {
    "parquet": ParquetFile,
    "jsonl": JsonLinesFile,
}


class NoRows(DomainError):
    """No preference passes the selection, so there is nothing to write."""

    code = "export_has_no_rows"


def write_export(*, export_id: int, now: datetime) -> Export | None:
    """Write a requested export; return it, or None when somebody else has it or it is over.

    Safe to call twice. The files appear all at once under their final name; the rows that
    publish them are written after that. A worker that dies leaves only a folder that no row
    knows. Must not be called inside a transaction.
    """
    export = claim(export_id=export_id, now=now)
    if export is None:
        return None
    folder = writing_folder(export)
    try:
        entries = _write_files(export, folder)
        return _publish(export, entries)
    except NoRows as refusal:
        fail(export=export, reason=refusal.message, now=now)
    except OSError as error:
        fail(export=export, reason=f"The files could not be written: {error.strerror}.", now=now)
    except BaseException:
        give_back(export)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    export.refresh_from_db()
    return export


def _write_files(export: Export, folder: Path) -> list[FileEntry]:
    """Write all files into ``folder``; set the export's manifest and count of pairs."""
    selection = read_selection(export.selection)
    folder.mkdir(parents=True)
    tally = Tally()
    with snapshot():
        taken_at = database_now()
        entries = _write_rows(folder, "", SCHEMA, collect(export.campaign, selection, tally))
        if not entries:
            raise NoRows(_why_empty(tally))
        judgments = collect_judgments(export.campaign, selection, tally)
        entries += _write_rows(folder, JUDGMENTS, JUDGMENT_SCHEMA, judgments)
    counts = tally.counts()
    entries += _write_cards(export, folder, selection, tally, counts)
    entries.sort(key=lambda entry: entry.path)
    export.pair_count = counts.pairs
    export.manifest = build_manifest(
        export_id=export.pk,
        campaign={"id": export.campaign_id, "name": export.campaign.name},
        snapshot_at=taken_at.isoformat(),
        selection=selection.as_json(),
        counts=counts,
        guideline_versions={str(v): n for v, n in sorted(tally.guideline_versions.items())},
        files=entries,
    )
    (folder / MANIFEST).write_bytes(manifest_bytes(export.manifest))
    entries.append(entry_of(folder, MANIFEST))
    paths = [entry.path for entry in entries]
    write_archive(folder / ARCHIVE, folder, paths, inside=f"annotate-export-{export.pk}")
    return [*entries, entry_of(folder, ARCHIVE)]


def _write_rows(
    folder: Path, inside: str, schema: pa.Schema, rows: Iterable[Row]
) -> list[FileEntry]:
    """Write rows in every container into ``inside``, a file or more for each split that has any."""
    shards = {}
    for name, kind in CONTAINERS.items():
        place = folder / inside / name
        place.mkdir(parents=True)
        for split in SPLITS:
            shards[name, split] = Shards(place, split, kind, schema)
    try:
        for row in rows:
            for name in CONTAINERS:
                shards[name, row.split].add(row)
        return [
            entry_of(folder, str(path.relative_to(folder)), count, split)
            for (_, split), written in shards.items()
            for path, count in written.finish()
        ]
    finally:
        for written in shards.values():
            written.abandon()


def _write_cards(
    export: Export, folder: Path, selection: Selection, tally: Tally, counts: Counts
) -> list[FileEntry]:
    name = export.campaign.name
    of_pairs = partial(card, name=name, counts=counts, selection=selection.as_json())
    in_force = {split: tally.in_force[split] for split in SPLITS if tally.in_force[split]}
    texts = {
        CARD: of_pairs(container="parquet", folder="parquet"),
        f"jsonl/{CARD}": of_pairs(container="jsonl", folder=""),
    }
    if in_force:  # none where AI judges alone have judged
        texts[f"{JUDGMENTS}/{CARD}"] = judgments_card(name, in_force)
    for path, text in texts.items():
        (folder / path).write_text(text, encoding="utf-8", newline="\n")
    return [entry_of(folder, path) for path in texts]


def _why_empty(tally: Tally) -> str:
    if not tally.judgments and not tally.ai_rankings:
        return "No row passes this selection: there are no judgments yet."
    reasons = [f"{tally.undecided} without a majority"] if tally.undecided else []
    reasons += [f"{rows} {why.words}" for why, rows in tally.left_out.items() if rows]
    return (
        f"No row passes this selection. Of {tally.judgments} judgments of {tally.comparisons} "
        f"comparisons, left out: {', '.join(reasons)}. Lower the fewest judgments or the least "
        "agreement, or wait for more judgments."
    )


def _publish(export: Export, entries: list[FileEntry]) -> Export | None:
    """Put files and rows in their place, together, if the claim still holds."""
    with transaction.atomic():
        row = held(export)
        if row is None:
            return None
        publish(export)
        ExportFile.objects.bulk_create(
            ExportFile(
                export=row, path=entry.path, size=entry.size, sha256=entry.sha256, rows=entry.rows
            )
            for entry in entries
        )
        row.state = ExportState.READY
        row.manifest = export.manifest
        row.pair_count = export.pair_count
        row.claim = row.claim_expires_at = None
        row.finished_at = database_now()
        row.save()
    return row

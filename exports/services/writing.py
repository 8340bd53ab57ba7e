"""Write an export: one pass over one moment, to files that never change again."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path

from django.db import transaction

from exports.enums import ExportState
from exports.formats.card import Card
from exports.formats.croissant import croissant_text
from exports.formats.manifest import (
    CARD,
    CROISSANT,
    MANIFEST,
    FileEntry,
    build_manifest,
    fingerprint,
    manifest_bytes,
    rows_of,
)
from exports.formats.variants import in_order
from exports.garbage import rarely_searched
from exports.models import Export, ExportFile, Removal
from exports.queries import (
    Scope,
    chains,
    has_erased_since,
    judged_count,
    prompt_rows,
    scope_of,
)
from exports.records import Chain, PromptRow, Row
from exports.selection import Selection, read_selection
from exports.services.archives import plan_archive
from exports.services.claims import claim, fail, give_back, held
from exports.services.collecting import Tally, collect
from exports.services.describing import campaign_facts
from exports.services.folders import claim_of, discard, entry_of, publish, send, writing_folder
from exports.services.grouping import group_prompts
from exports.services.keeping import ClaimLost, Kept, kept
from exports.services.pseudonyms import name_people
from exports.services.rows import RowFiles
from exports.services.snapshots import Snapshot, snapshot
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.errors import DomainError


class NoRows(DomainError):
    """No row passes the selection, so there is nothing to write."""

    code = "export_has_no_rows"


class ErasedMeanwhile(DomainError):
    """Something was erased after the rows were read, so that they are not published."""

    code = "export_erased_meanwhile"


ERASED_MEANWHILE = "Something was erased while it was written. Ask for it again."


def write_export(*, export_id: int, now: datetime) -> Export | None:
    """Write a requested export; return it, or None when somebody else has it or it is over.

    Safe to call twice. The files appear all at once under their final name; the rows that
    publish them are written after that. A worker that dies leaves only a folder that no row
    knows. Must not be called inside a transaction.
    """
    export = claim(export_id=export_id, now=now)
    if export is None:
        return None
    folder, own, tally = writing_folder(export), claim_of(export), Tally()
    try:
        with kept(export, lambda: tally.comparisons_read) as keeping:
            entries = _write_files(export, folder, tally, keeping)
            # One by one: each may take long, and nobody may wait for the next any more.
            send(export, chain.from_iterable(keeping.through([one]) for one in entries))
        return _publish(export, entries)
    except ClaimLost:
        export.refresh_from_db()
        return None
    except DomainError as refusal:
        fail(export=export, reason=refusal.message, now=now)
    except OSError as error:
        fail(export=export, reason=f"The files could not be written: {error.strerror}.", now=now)
    except BaseException:
        give_back(export)
        raise
    finally:
        discard(folder, own)
    export.refresh_from_db()
    return export


def _write_files(export: Export, folder: Path, tally: Tally, claim: Kept) -> list[FileEntry]:
    """Write all files into ``folder``; set the export's manifest and count of pairs."""
    selection = read_selection(export.selection)
    folder.mkdir(parents=True)
    name_people(export.campaign)
    if selection.is_split:
        group_prompts(export.campaign)
    scope, taken_at, files = _write_rows(export.campaign, selection, folder, tally, claim)
    entries = list(files.entries)
    written = in_order(rows_of(entries))
    if not written.keys() & set(selection.configs):
        raise NoRows(_why_empty(tally))
    counts = tally.counts()
    summary = tally.statistics.summary()
    card = Card(
        campaign=campaign_facts(export.campaign, taken_at),
        checksum=fingerprint(entries),
        rows=written,
        counts=counts,
        selection=selection,
        summary=summary,
        guide_versions=tally.guideline_versions,
    )
    entries += _write_cards(card, folder, entries)
    entries.sort(key=lambda entry: entry.path)
    export.pair_count = counts.pairs
    export.manifest = build_manifest(
        export_id=export.pk,
        campaign={"id": export.campaign_id, "name": export.campaign.name},
        snapshot_at=taken_at.isoformat(),
        selection=selection,
        tokenizer_sha256=scope.tokens.sha256,
        revocations=sorted(one.pk for one in scope.revocations),
        counts=counts,
        guideline_versions={str(v): n for v, n in sorted(tally.guideline_versions.items())},
        summary=summary,
        files=entries,
    )
    (folder / MANIFEST).write_bytes(manifest_bytes(export.manifest))
    entries.append(entry_of(folder, MANIFEST))
    return [*entries, plan_archive(folder, export.pk, entries, files.crc32)]


def _write_rows(
    campaign: Campaign, selection: Selection, folder: Path, tally: Tally, claim: Kept
) -> tuple[Scope, datetime, RowFiles]:
    """Write every row as it is at one moment; return what was read, the moment and the files."""
    with rarely_searched(), closing(RowFiles(folder, selection)) as files:
        with snapshot() as seen:
            taken_at = seen.get(database_now)
            scope = seen.get(partial(scope_of, campaign, selection))
            claim.total = seen.get(partial(judged_count, scope))
            for rows in _streams(scope, files, tally, seen):
                files.add(claim.through(rows))
        files.finish()
        return scope, taken_at, files


def _streams(
    scope: Scope, files: RowFiles, tally: Tally, seen: Snapshot
) -> Iterator[Iterator[Row]]:
    """Yield the streams of rows that the files want, each read to its end before the next."""
    yield collect(scope, files.kinds, tally, seen)
    if PromptRow in files.kinds:
        yield seen.ahead(partial(prompt_rows, scope))
    if Chain in files.kinds:
        yield seen.ahead(partial(chains, scope))


def _write_cards(card: Card, folder: Path, files: Sequence[FileEntry]) -> list[FileEntry]:
    """Write a card into each container, and one beside all of them, which describes the first.

    Beside all of them lies what other catalogues read, too.
    """
    containers = card.selection.containers
    texts = {CARD: card.text(containers[0], f"{containers[0]}/")}
    texts |= {f"{name}/{CARD}": card.text(name, "") for name in containers}
    texts[CROISSANT] = croissant_text(card.campaign.title, card.selection, files)
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
        if has_erased_since(row.campaign, export.manifest["revocations"]):
            raise ErasedMeanwhile(ERASED_MEANWHILE)
        row.place = publish(export)
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
        Removal.objects.bulk_create(
            Removal(export=row, revocation_id=key, rows=0) for key in export.manifest["revocations"]
        )
    return row

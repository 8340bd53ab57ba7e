"""An export with files, planted without its worker."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from exports.enums import ExportState
from exports.formats.manifest import Counts, FileEntry, build_manifest
from exports.models import Export, ExportFile, Removal, Sending, WithdrawnRow
from exports.selection import Selection
from exports.services.folders import entry_of
from exports.services.grouping import group_prompts
from exports.services.pseudonyms import name_people
from exports.statistics import Statistics
from labeling.accounts.models import Erasure, User
from labeling.quality.models import Revocation
from tests.security.canaries import MANAGERS
from tests.security.sides import Side

FILES = ("manifest.json", "jsonl/trl/train-00000-of-00001.jsonl", "README.md", "archive.zip")


def export_folder(export_id: int) -> Path:
    """Return where the files of an export lie."""
    return Path(settings.EXPORTS_DIR) / str(export_id)


def export(side: Side, boss: User, plant: Callable[..., str], now: datetime) -> Export:
    """Make an export that is ready, with one of each file."""
    selection = Selection()
    name_people(side.campaign)
    group_prompts(side.campaign)
    made = Export.objects.create(
        campaign=side.campaign,
        state=ExportState.READY,
        selection=selection.as_json(),
        pair_count=1,
        requested_by=boss,
        created_at=now,
        finished_at=now,
    )
    entries = [_file(made, path, plant) for path in FILES]
    made.manifest = build_manifest(
        export_id=made.pk,
        campaign={"id": made.campaign_id, "name": plant("manifest", MANAGERS)},
        snapshot_at=now.isoformat(),
        selection=selection,
        tokenizer_sha256=None,
        revocations=[],
        summary=Statistics().summary(),
        counts=Counts(1, 1, 0, 1, 0, 1, {"train": 1}, {}),
        guideline_versions={"1": 1},
        files=entries,
    )
    made.save()
    Sending.objects.create(export=made, claim=uuid4(), over_since=now)
    return made


def revocation(made: Export, boss: User, plant: Callable[..., str], now: datetime) -> Revocation:
    """Revoke a source of prompts, which the export has rows of."""
    revoked = Revocation.objects.create(
        campaign=made.campaign,
        source=plant("source that is revoked", MANAGERS),
        reason=plant("why it is revoked", MANAGERS),
        made_by=boss,
        made_at=now,
    )
    Removal.objects.create(export=made, revocation=revoked, rows=1)
    WithdrawnRow.objects.create(
        export=made, revocation=revoked, config="trl", split="train", key="pair_id", row="1-0-1"
    )
    Erasure.objects.create(target=f"prompt:of-{made.campaign_id}", erased_at=now)
    return revoked


def _file(made: Export, path: str, plant: Callable[..., str]) -> FileEntry:
    file = export_folder(made.pk) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    turn = [{"role": "user", "content": (text := plant(f"content of {path}", MANAGERS))}]
    row = {"prompt": turn, "chosen": turn, "rejected": turn, "n_votes": 1}
    file.write_text(json.dumps({**row, "chosen_model": text, "agreement": 1.0}) + "\n")
    entry = entry_of(export_folder(made.pk), path, 1)
    ExportFile.objects.create(export=made, path=path, size=entry.size, sha256=entry.sha256, rows=1)
    return entry

"""The manifest: what is in an export, how it was chosen, and a checksum of every file."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
import pyarrow as pa

from exports.formats.warnings import warnings_of
from exports.policies import ALWAYS
from exports.selection import Selection
from exports.splits import SPLITS
from exports.statistics import Summary

FORMAT = "annotate-export/7"
GENERATOR = "annotate 0.1.0"
MANIFEST, CARD, ARCHIVE = "manifest.json", "README.md", "archive.zip"
CROISSANT = "croissant.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of an export; ``path`` is relative to the export's folder."""

    path: str
    size: int
    sha256: str
    rows: int | None = None
    config: str | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What an export was made from and what became of it.

    ``judgments`` are people's that count; ``ai_rankings`` are comparisons that an AI judge has
    ranked, where these count. ``pairs`` are those of ``splits``, in whatever shapes they are
    written; ``left_out`` says how many were not, and why.
    """

    comparisons: int
    judgments: int
    ai_rankings: int
    people: int
    undecided: int
    pairs: int
    splits: dict[str, int]
    left_out: dict[str, int]


def build_manifest(
    *,
    export_id: int,
    campaign: dict[str, Any],
    snapshot_at: str,
    selection: Selection,
    tokenizer_sha256: str | None,
    revocations: Sequence[int],
    counts: Counts,
    guideline_versions: dict[str, int],
    summary: Summary,
    files: Sequence[FileEntry],
) -> dict[str, Any]:
    """Return the manifest as plain JSON values."""
    return {
        "format": FORMAT,
        "generator": {"name": GENERATOR, "pyarrow": pa.__version__},
        "export": export_id,
        "campaign": campaign,
        "snapshot_at": snapshot_at,
        "selection": selection.as_json(),
        "tokenizer_sha256": tokenizer_sha256,
        "revocations": list(revocations),
        "policies": selection.policies() | ALWAYS,
        "counts": asdict(counts) | {"rows": rows_of(files)},
        "guideline_versions": guideline_versions,
        "statistics": asdict(summary),
        "warnings": [one._asdict() for one in warnings_of(summary)],
        "files": [asdict(entry) for entry in files],
        "data_sha256": fingerprint(files),
    }


def rows_of(files: Iterable[FileEntry]) -> dict[str, dict[str, int]]:
    """Return how many rows each split of each configuration has, whatever the container."""
    found: dict[tuple[str, str, str], int] = {}
    for entry in files:
        if entry.config and entry.split and entry.rows:
            key = (entry.path.partition("/")[0], entry.config, entry.split)
            found[key] = found.get(key, 0) + entry.rows
    rows: dict[str, dict[str, int]] = {}
    for (_, config, split), count in sorted(found.items(), key=lambda one: SPLITS.index(one[0][2])):
        rows.setdefault(config, {})[split] = count
    return rows


def fingerprint(files: Iterable[FileEntry]) -> str:
    """Return one checksum of all files: equal for exports that hold the same bytes."""
    lines = sorted(f"{entry.sha256}  {entry.path}\n" for entry in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def manifest_bytes(manifest: dict[str, Any]) -> bytes:
    """Return the manifest as it stands in its file."""
    return orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

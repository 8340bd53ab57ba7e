"""The manifest: what is in an export, how it was chosen, and a checksum of every file."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
import pyarrow as pa

FORMAT = "annotate-export/6"
GENERATOR = "annotate 0.1.0"
MANIFEST, CARD, ARCHIVE = "manifest.json", "README.md", "archive.zip"
JUDGMENTS = "judgments"
POLICIES = {
    "majority": "A pair is what more than half of all counted answers to its comparison say.",
    "ties": "Count as answers and are never in a pair.",
    "both_bad": "Count as answers and are never in a pair.",
    "skips": "Do not count.",
    "repeats_and_known_answers": "Do not count.",
    "surplus": "Answers given after their place was taken do not count.",
    "corrections": "A person's latest answer to a comparison counts, the earlier ones do not.",
    "ai_judges": (
        "Count only where the campaign says so: a ranking of a comparison by one model like one "
        "answer. Each pair is judged in both orders, and a tie where these differ."
    ),
    "judgments": "The folder of that name holds all answers and skips in force, counted or not.",
}


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of an export; ``path`` is relative to the export's folder."""

    path: str
    size: int
    sha256: str
    rows: int | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What an export was made from and what became of it.

    ``judgments`` are people's that count, ``in_force`` all of theirs that are written as they were
    given; ``ai_rankings`` are comparisons that an AI judge has ranked, where these count.
    """

    comparisons: int
    judgments: int
    ai_rankings: int
    in_force: int
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
    selection: dict[str, Any],
    counts: Counts,
    guideline_versions: dict[str, int],
    files: Sequence[FileEntry],
) -> dict[str, Any]:
    """Return the manifest as plain JSON values."""
    return {
        "format": FORMAT,
        "generator": {"name": GENERATOR, "pyarrow": pa.__version__},
        "export": export_id,
        "campaign": campaign,
        "snapshot_at": snapshot_at,
        "selection": selection,
        "policies": POLICIES,
        "counts": asdict(counts),
        "guideline_versions": guideline_versions,
        "files": [asdict(entry) for entry in files],
        "data_sha256": fingerprint(files),
    }


def fingerprint(files: Iterable[FileEntry]) -> str:
    """Return one checksum of all files: equal for exports that hold the same bytes."""
    lines = sorted(f"{entry.sha256}  {entry.path}\n" for entry in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def manifest_bytes(manifest: dict[str, Any]) -> bytes:
    """Return the manifest as it stands in its file."""
    return orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

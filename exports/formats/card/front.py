"""The YAML at the top of a card: what the Hub and `datasets` read."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exports.formats.card import features
from exports.formats.card.rows import Rows
from exports.formats.variants import VARIANTS
from exports.selection import Selection

TAGS = ("preference", "human-feedback", "rlhf", "dpo", "reward-model", "trl")
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
LARGEST = "1M<n<10M"
# The first part of a language tag (BCP 47): ISO 639 in two letters or three.
PRIMARY = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z0-9]+)*")


class Files(NamedTuple):
    """The files with rows that a card names: those of one container.

    ``folder`` leads from the card to them; it is empty or ends with a slash.
    """

    rows: Rows
    checksum: str
    container: str
    folder: str


def front_matter(
    *, title: str, selection: Selection, languages: Iterable[str], files: Files
) -> str:
    """Return the YAML; keys about which nothing is known are left out."""
    most = max(sum(splits.values()) for splits in files.rows.values())
    size = next((label for below, label in SIZES if most < below), LARGEST)
    codes = primary_codes(languages)
    lines = [
        "---",
        f"pretty_name: {json.dumps(title, ensure_ascii=False)}",
        *([f"license: {selection.licence}"] if selection.licence else []),
        *([f"language: {json.dumps(codes)}"] if codes else []),
        "task_categories: [text-generation]",
        f"size_categories: [{size}]",
        f"tags: [{', '.join(TAGS)}]",
        *_configs(files),
        *_dataset_info(files, selection),
        "---\n",
    ]
    return "\n".join(lines)


def primary_codes(languages: Iterable[str]) -> list[str]:
    """Return the languages of tags, each once; what is no tag has none."""
    found = filter(None, map(PRIMARY.fullmatch, languages))
    return list(dict.fromkeys(match[1].lower() for match in found))


def _configs(files: Files) -> Iterator[str]:
    yield "configs:"
    for number, (config, splits) in enumerate(files.rows.items()):
        yield f"- config_name: {config}"
        if not number:
            yield "  default: true"
        yield f'  description: "{files.checksum}"'
        yield "  data_files:"
        yield from _data_files(config, splits, files)


def _dataset_info(files: Files, selection: Selection) -> Iterator[str]:
    """Yield the types of all columns where the container does not keep them."""
    if files.container in features.STATED_FOR:
        yield "dataset_info:"
        for config in files.rows:
            yield from features.of_config(config, VARIANTS[config].chosen(selection))


def _data_files(config: str, splits: Iterable[str], files: Files) -> Iterator[str]:
    for split in splits:
        inside = f"{split}/" if VARIANTS[config].split_folders else ""
        path = f"{files.folder}{config}/{inside}{split}-*.{files.container}"
        yield f"  - {{split: {split}, path: {path}}}"

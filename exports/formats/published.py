"""An export without the reasons that people typed: which files stay, and what describes them."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from exports.configs import Config
from exports.formats.card import front, rows
from exports.formats.croissant import croissant_text
from exports.formats.manifest import (
    CARD,
    CROISSANT,
    MANIFEST,
    FileEntry,
    fingerprint,
    manifest_bytes,
    rows_of,
)
from exports.formats.variants import in_order
from exports.selection import Selection, read_selection
from exports.splits import SPLITS

# The configurations with a column of what people wrote to explain their answers.
TYPED = (Config.JUDGMENTS, Config.HELPSTEER3)
FRONT = re.compile(r"\A---\npretty_name: (?P<title>.+)\n(?:.*\n)*?---\n")
SECTION = re.compile(r"^(?=## )", re.MULTILINE)
ABOUT_JUDGMENTS = re.compile(r"^- `judgments`: .*\n", re.MULTILINE)


def without_typed(manifest: Mapping[str, Any], cards: Mapping[str, str]) -> dict[str, bytes | None]:
    """Return the paths that stay, each with its new content or None where it is the export's own.

    ``cards`` are the export's own, by path. Where no configuration stays nothing does.
    """
    every = [FileEntry(**entry) for entry in manifest["files"]]
    stays = [one for one in every if one.config not in TYPED]
    data = [one for one in stays if one.path not in cards and one.path != CROISSANT]
    if not any(one.rows for one in data):
        return {}
    selection = read_selection(manifest["selection"])
    part = _Part(selection, data)
    texts = {path: part.card(path, text) for path, text in cards.items()}
    title = _title(cards[CARD])
    texts[CROISSANT] = croissant_text(title, selection, data)
    written = {path: text.encode() for path, text in texts.items()}
    files = sorted([*data, *map(_entry, written.items())], key=lambda one: one.path)
    written[MANIFEST] = manifest_bytes(_manifest(manifest, part, files))
    return {one.path: written.get(one.path) for one in files} | {MANIFEST: written[MANIFEST]}


class _Part:
    """The rows that stay, as cards name them."""

    def __init__(self, selection: Selection, data: Iterable[FileEntry]) -> None:
        data = list(data)
        found = in_order(rows_of(data))
        self.rows = {
            config: {split: splits[split] for split in SPLITS if split in splits}
            for config, splits in found.items()
        }
        self.checksum = fingerprint(data)
        self._selection = selection

    def card(self, path: str, text: str) -> str:
        """Return a card as it is for these rows; all else that it says stays."""
        container = path.rpartition("/")[0]
        first = self._selection.containers[0]
        head = front.front_matter(
            title=_title(text),
            selection=self._selection,
            languages=_languages(text),
            files=front.Files(
                self.rows, self.checksum, container or first, "" if container else f"{first}/"
            ),
        )
        opening, *sections = SECTION.split(FRONT.sub("", text))
        kept = (section for one in sections if (section := self._section(one)) is not None)
        return f"{head}{opening}{''.join(kept)}".rstrip("\n") + "\n"

    def _section(self, text: str) -> str | None:
        """Return a section as it is for these rows; None of what is left out."""
        heading = text.partition("\n")[0]
        if heading == "## Configurations":
            return rows.configurations(self.rows) + "\n"
        if heading == "## Load it":
            return rows.loading(self.rows) + "\n"
        if heading in {f"## Columns of `{config}`" for config in TYPED}:
            return None
        return ABOUT_JUDGMENTS.sub("", text)


def _manifest(
    manifest: Mapping[str, Any], part: _Part, files: Iterable[FileEntry]
) -> dict[str, Any]:
    files = list(files)
    policies = {name: words for name, words in manifest["policies"].items() if name != "judgments"}
    return {
        **manifest,
        "policies": policies,
        "counts": {**manifest["counts"], "rows": part.rows},
        "files": list(map(asdict, files)),
        "data_sha256": fingerprint(files),
    }


def _entry(written: tuple[str, bytes]) -> FileEntry:
    path, content = written
    return FileEntry(path, len(content), hashlib.sha256(content).hexdigest())


def _title(card: str) -> str:
    found = FRONT.match(card)
    if found is None:
        raise ValueError("a card begins with its front matter")
    return str(json.loads(found["title"]))


def _languages(card: str) -> list[str]:
    found = re.search(r"^language: (.+)$", card.partition("\nconfigs:")[0], re.MULTILINE)
    return list(json.loads(found[1])) if found else []

"""The dataset cards: what the rows are, how they came about, and how to load them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from exports.configs import Config
from exports.formats.columns import Column
from exports.formats.manifest import Counts
from exports.formats.variants import VARIANTS
from exports.policies import ALWAYS
from exports.selection import Selection

TAGS = ("preference", "human-feedback", "rlhf", "dpo", "reward-model", "trl")
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
LARGEST = "1M<n<10M"


@dataclass(frozen=True)
class Card:
    """What a card says of a campaign's ``name``; ``rows`` are by configuration and split.

    ``checksum`` is that of all files with rows. `datasets` keeps what it loaded under the folder's
    name and what the card says, so two exports in folders of one name need different cards.
    """

    name: str
    checksum: str
    rows: Mapping[str, Mapping[str, int]]
    counts: Counts
    selection: Selection

    @property
    def title(self) -> str:
        """The name on one line."""
        return " ".join(self.name.split())

    def text(self, container: str, folder: str) -> str:
        """Return README.md for the rows in a container, which lies in ``folder`` beside it."""
        parts = (
            self._front_matter(container, folder),
            f"# {self.title}: human preferences\n",
            "People compared responses to prompts; their choices are here as trainers read them.\n",
            self._configurations(),
            self._loading(),
            self._what_is_in_it(),
            self._how(),
            *self._columns(),
        )
        return "\n".join(parts)

    def _front_matter(self, container: str, folder: str) -> str:
        most = max(sum(splits.values()) for splits in self.rows.values())
        size = next((label for below, label in SIZES if most < below), LARGEST)
        lines = [
            "---",
            f"pretty_name: {json.dumps(self.title, ensure_ascii=False)}",
            "task_categories: [text-generation]",
            f"size_categories: [{size}]",
            f"tags: [{', '.join(TAGS)}]",
            "configs:",
        ]
        for number, (config, splits) in enumerate(self.rows.items()):
            lines += [f"- config_name: {config}", *(["  default: true"] if not number else [])]
            lines += [f'  description: "{self.checksum}"']
            lines += ["  data_files:", *_files(config, splits, container, folder)]
        return "\n".join([*lines, "---\n"])

    def _configurations(self) -> str:
        lines = ["## Configurations\n", "| name | rows | what it is |", "| --- | ---: | --- |"]
        for config, splits in self.rows.items():
            counts = ", ".join(f"{split} {rows}" for split, rows in splits.items())
            lines.append(f"| `{config}` | {counts} | {Config(config).words} |")
        return "\n".join(lines) + "\n"

    def _loading(self) -> str:
        config, splits = next(iter(self.rows.items()))
        return "\n".join(
            [
                "## Load it\n",
                "```python",
                "from datasets import load_dataset\n",
                f'dataset = load_dataset("path/to/this/folder", "{config}")',
                f'print(dataset["{next(iter(splits))}"][0])',
                "```\n",
            ]
        )

    def _what_is_in_it(self) -> str:
        counts = self.counts
        lines = ["## What is in it\n", "| | |", "| --- | ---: |"]
        lines += [f"| pairs | {counts.pairs} |"]
        lines += [f"| pairs in {split} | {rows} |" for split, rows in counts.splits.items()]
        lines += [f"| comparisons judged | {counts.comparisons} |"]
        lines += [f"| judgments counted | {counts.judgments} |", f"| people | {counts.people} |"]
        lines += [f"| response pairs that are undecided | {counts.undecided} |"]
        lines += [
            f"| left out: {why.replace('_', ' ')} | {n} |" for why, n in counts.left_out.items()
        ]
        return "\n".join(lines) + "\n"

    def _how(self) -> str:
        chosen = {**self.selection.policies(), **ALWAYS}
        others = {
            name: value for name, value in self.selection.as_json().items() if name not in chosen
        }
        lines = ["## How judgments become rows\n"]
        lines += [f"- `{name}`: {words}" for name, words in chosen.items()]
        lines += [
            f"- `{name}`: {json.dumps(value, ensure_ascii=False)}" for name, value in others.items()
        ]
        return "\n".join(lines) + "\n"

    def _columns(self) -> Iterator[str]:
        for config in self.rows:
            yield f"## Columns of `{config}`\n"
            yield _table(VARIANTS[config].chosen(self.selection))


def _files(config: str, splits: Mapping[str, int], container: str, folder: str) -> Iterator[str]:
    for split in splits:
        inside = f"{split}/" if VARIANTS[config].split_folders else ""
        yield f"  - {{split: {split}, path: {folder}{config}/{inside}{split}-*.{container}}}"


def _table(columns: Sequence[Column]) -> str:
    rows = [f"| `{one.name}` | `{one.type}` | {one.meaning} |" for one in columns]
    return "\n".join(["| column | type | meaning |", "| --- | --- | --- |", *rows, ""])

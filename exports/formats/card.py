"""The dataset cards: what the rows are and how to load them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from exports.formats.columns import COLUMNS, JUDGMENT_COLUMNS, Columns
from exports.formats.manifest import JUDGMENTS, POLICIES, Counts

CONFIG = "trl"
TAGS = ("preference", "human-feedback", "rlhf", "dpo", "reward-model", "trl")
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
LARGEST = "1M<n<10M"


def card(
    *,
    name: str,
    container: str,
    folder: str,
    counts: Counts,
    selection: Mapping[str, Any],
) -> str:
    """Return README.md for rows in ``folder`` (relative to it, empty when they lie beside it)."""
    title, splits = " ".join(name.split()), list(counts.splits)
    parts = (
        _front_matter(title, CONFIG, _files(container, folder, splits), TAGS, counts.pairs),
        f"# {title}: preference pairs\n",
        (
            "Each row is a prompt with the response that human judges prefer and the other one, in "
            "the conversational form with an explicit prompt that TRL reads unmodified.\n"
        ),
        _loading(folder, splits),
        _what_is_in_it(counts, selection),
        "## How votes become a pair\n",
        *(f"- `{key}`: {text}" for key, text in POLICIES.items()),
        "",
        _columns(COLUMNS),
    )
    return "\n".join(parts)


def judgments_card(name: str, splits: Mapping[str, int]) -> str:
    """Return README.md for the judgments, with how many there are in each split."""
    title, total = " ".join(name.split()), sum(splits.values())
    files = _files("parquet", "parquet", list(splits))
    parts = (
        _front_matter(f"{title}: judgments", JUDGMENTS, files, TAGS[:2], total),
        f"# {title}: judgments\n",
        (
            "Each row is what one person says about one comparison: the answers behind the pairs, "
            "and those that count for none, such as surplus answers, hidden repeats, known answers "
            "and skips. What a person replaced or took back is not in it.\n"
        ),
        _loading("parquet", list(splits)),
        _columns(JUDGMENT_COLUMNS),
    )
    return "\n".join(parts)


def _files(container: str, folder: str, splits: Sequence[str]) -> list[str]:
    prefix = f"{folder}/" if folder else ""
    return [f"  - {{split: {s}, path: {prefix}{s}-*.{container}}}" for s in splits]


def _front_matter(
    title: str, config: str, files: Sequence[str], tags: Sequence[str], rows: int
) -> str:
    size = next((label for below, label in SIZES if rows < below), LARGEST)
    lines = [
        "---",
        f"pretty_name: {json.dumps(title, ensure_ascii=False)}",
        "task_categories: [text-generation]",
        f"size_categories: [{size}]",
        f"tags: [{', '.join(tags)}]",
        "configs:",
        f"- config_name: {config}",
        "  default: true",
        "  data_files:",
        *files,
        "---\n",
    ]
    return "\n".join(lines)


def _loading(folder: str, splits: Sequence[str]) -> str:
    lines = [
        "## Load it\n",
        "```python",
        "from datasets import load_dataset\n",
        'dataset = load_dataset("path/to/this/folder")',
        f'print(dataset["{splits[0]}"][0])',
        "```\n",
    ]
    if folder:
        lines.append("The same rows as JSON Lines are a dataset of their own in `jsonl/`.\n")
    return "\n".join(lines)


def _what_is_in_it(counts: Counts, selection: Mapping[str, Any]) -> str:
    lines = ["## What is in it\n", "| | |", "| --- | ---: |"]
    lines += [f"| pairs | {counts.pairs} |"]
    lines += [f"| pairs in {split} | {rows} |" for split, rows in counts.splits.items()]
    lines += [f"| comparisons judged | {counts.comparisons} |"]
    lines += [f"| judgments counted | {counts.judgments} |", f"| people | {counts.people} |"]
    lines += [f"| judgments in force, all | {counts.in_force} |"]
    lines += [f"| response pairs without a majority | {counts.undecided} |"]
    lines += [f"| left out: {why} | {rows} |" for why, rows in counts.left_out.items()]
    lines += [f"| selection: {key} | {value} |" for key, value in selection.items()]
    return "\n".join(lines) + "\n"


def _columns(columns: Columns) -> str:
    rows = [f"| `{name}` | `{kind}` | {text} |" for name, (kind, text) in columns.items()]
    return "\n".join(
        ["## Columns\n", "| column | type | meaning |", "| --- | --- | --- |", *rows, ""]
    )

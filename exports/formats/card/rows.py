"""What a card says of the rows: which there are, how to load them, and what they mean."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from exports.configs import Config
from exports.formats.columns import Column
from exports.formats.manifest import Counts
from exports.formats.variants import VARIANTS
from exports.policies import ALWAYS
from exports.selection import Selection

NOT_IN_TAGS = re.compile("[^A-Za-z0-9-]")
# How many rows there are, by configuration and split.
Rows = Mapping[str, Mapping[str, int]]


def configurations(rows: Rows) -> str:
    """Return the configurations with their rows."""
    lines = ["## Configurations\n", "| name | rows | what it is |", "| --- | ---: | --- |"]
    for config, splits in rows.items():
        counts = ", ".join(f"{split} {count}" for split, count in splits.items())
        lines.append(f"| `{config}` | {counts} | {Config(config).words} |")
    return "\n".join(lines) + "\n"


def loading(rows: Rows) -> str:
    """Return how the first configuration is loaded."""
    config, splits = next(iter(rows.items()))
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


def what_is_in_it(counts: Counts, languages: Mapping[str, int]) -> str:
    """Return what was read and what became of it; ``languages`` counts prompts."""
    lines = ["## What is in it\n", "| | |", "| --- | ---: |"]
    lines += [f"| pairs | {counts.pairs} |"]
    lines += [f"| pairs in {split} | {rows} |" for split, rows in counts.splits.items()]
    lines += [f"| comparisons judged | {counts.comparisons} |"]
    lines += [f"| judgments counted | {counts.judgments} |", f"| people | {counts.people} |"]
    lines += [f"| rankings of AI judges counted | {counts.ai_rankings} |"]
    lines += [f"| response pairs that are undecided | {counts.undecided} |"]
    lines += [f"| left out: {why.replace('_', ' ')} | {n} |" for why, n in counts.left_out.items()]
    for language, prompts in languages.items():
        named = NOT_IN_TAGS.sub("?", language)
        lines += [f"| prompts in {named or 'a language that is not stated'} | {prompts} |"]
    return "\n".join(lines) + "\n"


def how(selection: Selection) -> str:
    """Return every choice of the selection, and what always holds."""
    chosen = {**selection.policies(), **ALWAYS}
    others = {name: value for name, value in selection.as_json().items() if name not in chosen}
    lines = ["## How judgments become rows\n"]
    lines += [f"- `{name}`: {words}" for name, words in chosen.items()]
    lines += [
        f"- `{name}`: {json.dumps(value, ensure_ascii=False)}" for name, value in others.items()
    ]
    return "\n".join(lines) + "\n"


def columns(rows: Rows, selection: Selection) -> Iterator[str]:
    """Yield the columns of each configuration."""
    for config in rows:
        yield f"## Columns of `{config}`\n"
        yield _table(VARIANTS[config].chosen(selection))


def _table(columns: Sequence[Column]) -> str:
    rows = [f"| `{one.name}` | `{one.type}` | {one.meaning} |" for one in columns]
    return "\n".join(["| column | type | meaning |", "| --- | --- | --- |", *rows, ""])

"""What docs/export-format.md says an export holds: configurations, containers and columns."""

import re
from collections.abc import Iterator
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "export-format.md"
ROW = re.compile(r"^\| `([^`]+)` \|(?: `([^`]+)` \|)? ")


def configurations() -> list[str]:
    """Return the names of all configurations."""
    return [name for name, _ in _table("## Configurations")]


def containers() -> list[str]:
    """Return the names of all containers."""
    return [name for name, _ in _table("## Containers")]


def columns(config: str) -> dict[str, str]:
    """Return the columns of a configuration, each with its Arrow type."""
    return dict(_table(f"### `{config}`"))


def _table(heading: str) -> Iterator[tuple[str, str]]:
    """Yield the first cell of each row of the table under a heading, and the type beside it."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    begun = False
    for line in lines[lines.index(heading) + 1 :]:
        found = ROW.match(line)
        if found:
            begun = True
            yield found[1], found[2] or ""
        elif begun or line.startswith("#"):
            return

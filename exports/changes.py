"""What differs between two exports of one campaign, row by row, and why; plain Python.

The rows of a prompt stand together and prompts come in order, so that two exports of any size are
compared prompt by prompt.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from heapq import merge
from itertools import groupby
from typing import Any

from exports.configs import Config
from exports.removals import key_of

Row = dict[str, Any]
COMPARABLE = (
    Config.TRL,
    Config.KTO,
    Config.SFT,
    Config.RANKINGS,
    Config.PROMPTS,
    Config.CHAINS,
    Config.JUDGMENTS,
)
"""The configurations whose rows name their prompt; pairs in other shapes are those of `trl`."""


class Why(StrEnum):
    """Why a row came, went or changed."""

    NEW_JUDGMENTS = "new_judgments"
    CORRECTED = "corrected"
    TAKEN_BACK = "taken_back"
    REVOKED = "revoked"
    SELECTION = "selection"
    SPLIT = "split"
    OTHER_ROWS = "other_rows"


@dataclass(frozen=True)
class Change:
    """One row that was added, is gone, or has other values in ``columns``."""

    change: str
    config: str
    id: int | str
    columns: tuple[str, ...]
    judgments_added: tuple[int, ...]
    judgments_gone: tuple[int, ...]
    why: tuple[Why, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Side:
    """One of two exports: the rows of one configuration and its judgments, both by prompt."""

    rows: Iterable[Row]
    judgments: Iterable[Row]


@dataclass(frozen=True)
class Apart:
    """What differs between two exports as wholes."""

    selection: bool
    revocations: bool


def changes(config: str, old: Side, new: Side, apart: Apart) -> Iterator[Change]:
    """Yield every difference between two exports, by prompt."""
    streams = (old.rows, new.rows, old.judgments, new.judgments)
    marked = [_marked(rows, number) for number, rows in enumerate(streams)]
    for _, group in groupby(merge(*marked, key=lambda one: one[:2]), key=lambda one: one[0]):
        parts: list[list[Row]] = [[], [], [], []]
        for _, number, row in group:
            parts[number].append(row)
        yield from _of_prompt(config, parts, apart)


def in_order(splits: Iterable[Iterable[Row]]) -> Iterator[Row]:
    """Return the rows of several splits by prompt; each prompt is in one of them."""
    return merge(*splits, key=lambda row: row["prompt_id"])


def _marked(rows: Iterable[Row], number: int) -> Iterator[tuple[int, int, Row]]:
    for row in rows:
        yield row["prompt_id"], number, row


def _of_prompt(config: str, parts: list[list[Row]], apart: Apart) -> Iterator[Change]:
    key = key_of(config)
    old, new = ({row[key]: row for row in rows} for rows in parts[:2])
    said = [{one["judgment_id"]: one for one in judgments} for judgments in parts[2:]]
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            kind = "added" if before is None else "gone"
            yield _change(kind, config, name, (), after or before or {}, said, apart)
        elif columns := _differing(before, after):
            yield _change("changed", config, name, columns, after, said, apart)


def _differing(before: Row, after: Row) -> tuple[str, ...]:
    return tuple(one for one in {**before, **after} if before.get(one) != after.get(one))


def _change(
    kind: str,
    config: str,
    name: int | str,
    columns: tuple[str, ...],
    row: Row,
    said: list[dict[int, Row]],
    apart: Apart,
) -> Change:
    before, after = (_about(row, judgments) for judgments in said)
    added, gone = after.keys() - before.keys(), before.keys() - after.keys()
    why = list(_why(before, after, apart))
    if columns == ("split",):
        why = [Why.SPLIT]
    elif not why:
        why = [Why.SELECTION if apart.selection else Why.OTHER_ROWS]
    return Change(
        kind, config, name, columns, tuple(sorted(added)), tuple(sorted(gone)), tuple(why)
    )


def _about(row: Row, judgments: Mapping[int, Row]) -> dict[int, Row]:
    """Return the counted judgments about what a row is about: its comparison, or its prompt."""
    comparison = row.get("comparison_id")
    return {
        key: one
        for key, one in judgments.items()
        if one["counted"] and comparison in (None, one["comparison_id"])
    }


def _why(before: Mapping[int, Row], after: Mapping[int, Row], apart: Apart) -> Iterator[Why]:
    added = [after[key] for key in after.keys() - before.keys()]
    gone = [before[key] for key in before.keys() - after.keys()]
    again = {_who(one) for one in added} & {_who(one) for one in gone}
    if any(_who(one) not in again for one in added):
        yield Why.NEW_JUDGMENTS
    if again:
        yield Why.CORRECTED
    if any(_who(one) not in again for one in gone):
        yield Why.REVOKED if apart.revocations else Why.TAKEN_BACK


def _who(one: Row) -> tuple[Any, Any]:
    return one["annotator"], one["comparison_id"]

"""What columns are made of: explicit Arrow types, the same for every shard and split."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from exports.configs import Config
from exports.policies import Margin, Weight
from exports.records import Row
from exports.selection import Selection

MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])
MESSAGES = pa.list_(MESSAGE)
NUMBERS = pa.list_(pa.int64())
RowOf = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: its name, its type, and what it means.

    ``choice`` names the choice of a selection that must be made for the column to be there.
    """

    name: str
    type: pa.DataType
    meaning: str
    choice: str = ""


@dataclass(frozen=True)
class Variant:
    """One shape of rows: of which records, its columns in order, and how a record is written in it.

    ``row`` returns a value for each column, also for those that are not chosen, or None where the
    shape cannot say what the record holds. ``split_folders`` puts each split in a folder of its
    own, for readers that take whole folders.
    """

    config: Config
    of: type[Row]
    columns: tuple[Column, ...]
    row: Callable[[Any], RowOf | None]
    split_folders: bool = False

    def chosen(self, selection: Selection) -> tuple[Column, ...]:
        """Return the columns that are there under a selection."""
        made = {
            "margin": selection.margin != Margin.NONE,
            "weight": selection.weight != Weight.NONE,
            "tokenizer": bool(selection.tokenizer),
        }
        return tuple(one for one in self.columns if made.get(one.choice, True))


def schema_of(columns: Iterable[Column]) -> pa.Schema:
    """Return the Arrow schema of some columns."""
    return pa.schema([(one.name, one.type) for one in columns])

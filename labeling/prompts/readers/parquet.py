"""Read Parquet: the columns of the import format, a few rows at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from labeling.prompts.problems import FileRefused, Problem
from labeling.prompts.readers.flat import PROMPT_COLUMNS, fold, is_known
from labeling.prompts.readers.raw import RawRow
from labeling.prompts.readers.sniff import PARQUET_MAGIC
from labeling.prompts.texts import showable

ROWS_A_BATCH = 32
# A few bytes of dictionary can stand for a long text in every row: at worst each row of a
# batch holds a whole column chunk's worth of it.
LARGEST_BATCH = 64 * 1024**2
BUFFER = 1024 * 1024
LARGEST_ROW_GROUP = 1024**3
LARGEST_FOOTER = 100_000_000
Column = Any  # pyarrow's array types are generic over their scalars


def read_parquet(path: Path) -> Iterator[RawRow]:
    """Yield the rows of a Parquet file, numbered from 1.

    Raises FileRefused for a file that is not Parquet, is damaged or lacks usable columns.
    """
    with path.open("rb") as file:
        if file.read(len(PARQUET_MAGIC)) != PARQUET_MAGIC:
            raise FileRefused(
                "not_parquet",
                "The file is not Parquet: it does not start with PAR1. Pick its real format.",
            )
    try:
        with pq.ParquetFile(
            path,
            pre_buffer=False,
            buffer_size=BUFFER,
            thrift_string_size_limit=LARGEST_FOOTER,
            thrift_container_size_limit=LARGEST_FOOTER,
        ) as table:
            columns = _columns(table)
            yield from _rows(table, columns)
    except (pa.ArrowException, OSError) as error:
        raise FileRefused(
            "damaged_parquet",
            f"The Parquet file cannot be read: {showable(str(error))} Write it again; it may "
            "have been cut off on the way.",
        ) from error


def _columns(table: pq.ParquetFile) -> list[str]:
    names = list(table.schema_arrow.names)
    columns = [name for name in names if is_known(name)]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise FileRefused(
            "duplicate_header", f"The file has two columns “{twice[0]}”. Keep one of them."
        )
    if not set(PROMPT_COLUMNS) & set(columns):
        raise FileRefused(
            "no_usable_columns",
            f"The file has no column prompt or messages; it has: {showable(', '.join(names))}. "
            "Rename the column with the prompts to “prompt”.",
        )
    return columns


def _batch_size(table: pq.ParquetFile) -> int:
    """Return how many rows to take at a time; raises FileRefused for huge row groups."""
    largest = 1
    for number in range(table.num_row_groups):
        group = table.metadata.row_group(number)
        if group.total_byte_size > LARGEST_ROW_GROUP:
            raise FileRefused(
                "row_group_too_large",
                f"Row group {number + 1} is larger than 1 GB. Write the file with smaller ones, "
                "for example row_group_size=1000.",
            )
        chunks = (group.column(at) for at in range(group.num_columns))
        largest = max(largest, *(chunk.total_uncompressed_size for chunk in chunks))
    return max(1, min(ROWS_A_BATCH, LARGEST_BATCH // largest))


def _rows(table: pq.ParquetFile, columns: list[str]) -> Iterator[RawRow]:
    number = 0
    size = _batch_size(table)
    batches = table.iter_batches(batch_size=size, columns=columns, use_threads=False)
    for batch in batches:
        arrays = {name: batch.column(name) for name in columns}
        bytes_each = batch.nbytes // max(batch.num_rows, 1)
        for at in range(batch.num_rows):
            number += 1
            yield _row(number, arrays, at, bytes_each)


def _row(number: int, arrays: dict[str, Column], at: int, size: int) -> RawRow:
    cells = {}
    for name, array in arrays.items():
        try:
            cells[name] = array[at].as_py()
        except UnicodeDecodeError:
            reason = "The text is not UTF-8. Write the column as UTF-8 text."
            return RawRow(number, None, Problem(name, "bad_utf8", reason))
        except (ValueError, OverflowError):
            reason = "The value cannot be read. Write the column as text."
            return RawRow(number, None, Problem(name, "wrong_type", reason))
    fields = fold(cells)
    if isinstance(fields, Problem):
        return RawRow(number, None, fields)
    return RawRow(number, fields, size=size)

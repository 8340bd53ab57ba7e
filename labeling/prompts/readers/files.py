"""Open an import file with the reader of its format."""

from collections.abc import Iterator
from pathlib import Path

from labeling.prompts.enums import FileFormat
from labeling.prompts.problems import FileRefused
from labeling.prompts.readers.csv import read_csv
from labeling.prompts.readers.jsonl import read_jsonl
from labeling.prompts.readers.parquet import read_parquet
from labeling.prompts.readers.raw import EMPTY, RawRow
from labeling.prompts.readers.sniff import HEAD, refuse_unreadable

READERS = {
    FileFormat.JSONL: read_jsonl,
    FileFormat.CSV: read_csv,
    FileFormat.PARQUET: read_parquet,
}


def read_file(path: Path, format: FileFormat) -> Iterator[RawRow]:
    """Yield the raw rows of a file; raises FileRefused when the file as a whole is unusable.

    Only a reader that has come to its end has seen the whole file.
    """
    try:
        with path.open("rb") as file:
            refuse_unreadable(file.read(HEAD))
    except FileNotFoundError as error:
        reason = "The uploaded file is no longer there. Upload it again."
        raise FileRefused("upload_missing", reason) from error
    none = True
    for row in READERS[format](path):
        none = False
        yield row
    if none:
        raise FileRefused("empty_file", EMPTY)

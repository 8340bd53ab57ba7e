"""The files with rows of an issued export, read back."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from exports.models import Export, ExportFile
from exports.queries import files_by_path
from exports.readback import read_rows
from exports.services.places import find


class Part(NamedTuple):
    """One file with rows: of a configuration and a split, in a container."""

    file: ExportFile
    container: str
    config: str
    split: str

    def rows(self, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """Yield its rows with some columns, or all; raise FileGone when it is damaged."""
        with find(self.file).open() as file:
            yield from read_rows(file, self.container, columns)


def parts_of(export: Export, container: str) -> list[Part]:
    """Return the files of one container of an export that came from ``export_in``, in order."""
    by_path = files_by_path(export)
    return [
        Part(by_path[entry["path"]], container, entry["config"], entry["split"])
        for entry in export.manifest["files"]
        if entry["rows"] is not None and entry["path"].startswith(f"{container}/")
    ]

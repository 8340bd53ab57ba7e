"""One archive of all files of an export; the same files give the same bytes."""

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

# The earliest time a zip can state; the real one would change the bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o100644 << 16
UNIX = 3


def write_archive(target: Path, folder: Path, paths: Sequence[str], *, inside: str) -> None:
    """Store files of ``folder`` uncompressed in ``target``, under the folder ``inside``."""
    with zipfile.ZipFile(target, "x", zipfile.ZIP_STORED) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(f"{inside}/{path}", NO_TIME)
            entry.external_attr = PLAIN_FILE
            entry.create_system = UNIX
            entry.file_size = (folder / path).stat().st_size
            with (folder / path).open("rb") as source, archive.open(entry, "w") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)

"""Two exports into folders of one name: what `datasets` keeps of the first is not the second."""

from collections.abc import Iterator

from bench.consumers.documented import containers
from bench.consumers.exported import Exported, Result, each, read_each

CONFIG = "trl"
LATER = "later"  # the folder, in scratch, of the export that came later


def read(exported: Exported) -> Iterator[Result]:
    """Yield what is loaded of an export after one that was made before it."""
    later = Exported(
        exported.scratch / LATER / exported.folder.name, exported.scratch, exported.wheels
    )

    def load(config: str, container: str) -> int:
        exported.dataset(config, container)
        return len(later.dataset(config, container))

    yield from read_each("datasets, a later export", each([CONFIG], containers()), load)

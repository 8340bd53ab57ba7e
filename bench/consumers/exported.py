"""A downloaded export as its consumers find it, and what became of one reading of it."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

FIRST = "parquet"  # the card beside all containers is that of the first


class Wrong(Exception):
    """What a consumer made of rows is not what people said."""


@dataclass(frozen=True)
class Result:
    """One reading: how many rows, what is wrong with them if anything, and how long it took."""

    config: str
    container: str
    consumer: str
    rows: int
    problem: str
    seconds: float

    def as_line(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Exported:
    """The folder of an export with every configuration in every container.

    ``scratch`` holds tiny models, and whatever a consumer writes; ``wheels`` a folder of code for
    each consumer that is not installed.
    """

    folder: Path
    scratch: Path
    wheels: Path

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows each split of each configuration has, as the manifest says."""
        manifest = json.loads((self.folder / "manifest.json").read_text())
        return dict(manifest["counts"]["rows"])

    def wheel(self, name: str) -> Path:
        """Return the folder that holds a consumer's code."""
        return self.wheels / name

    def rows(self, config: str) -> int:
        """Return how many rows a configuration has."""
        return sum(self.counts[config].values())

    def files(self, config: str, container: str) -> list[Path]:
        """Return the files of a configuration in one container."""
        return sorted((self.folder / container / config).rglob(f"*.{container}"))

    def twin(self, path: Path, container: str, other: str) -> Path:
        """Return the file of the same rows in another container."""
        inside = path.relative_to(self.folder / container)
        name = f"{path.name.removesuffix(container)}{other}"
        return self.folder / other / inside.with_name(name)

    def card_folder(self, container: str) -> Path:
        """Return the folder whose card names the files of a container."""
        return self.folder if container == FIRST else self.folder / container

    def dataset(self, config: str, container: str) -> Any:
        """Load all splits of a configuration by the card, as one dataset."""
        from datasets import concatenate_datasets, load_dataset  # noqa: PLC0415 - takes seconds

        loaded = load_dataset(str(self.card_folder(container)), config)
        found = {split: len(rows) for split, rows in loaded.items()}
        if found != self.counts[config]:
            raise Wrong(f"{found} rows were loaded, not {self.counts[config]}")
        return concatenate_datasets(list(loaded.values()))


Reading = Callable[[str, str], int]


def read_each(consumer: str, pairs: Sequence[tuple[str, str]], read: Reading) -> Iterator[Result]:
    """Yield what becomes of each configuration in each container that a consumer reads.

    ``read`` returns how many rows the consumer took, and raises whatever it likes.
    """
    for config, container in pairs:
        start, rows, problem = time.perf_counter(), 0, ""
        try:
            rows = read(config, container)
        except Exception as error:  # noqa: BLE001 - others' code fails in its own ways
            problem = f"{type(error).__name__}: {error}"[:600]
        seconds = time.perf_counter() - start
        yield Result(config, container, consumer, rows, problem, round(seconds, 1))


def each(configs: Sequence[str], containers: Sequence[str]) -> list[tuple[str, str]]:
    """Return every configuration with every container."""
    return [(config, container) for config in configs for container in containers]


def expect(rows: int, wanted: int, what: str) -> None:
    """Raise Wrong unless there are so many rows."""
    if rows != wanted:
        raise Wrong(f"{rows} {what}, not {wanted}")

"""The files of one export, read the way people read them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from exports.configs import Config
from exports.formats.variants import VARIANTS
from exports.records import Pair

Row = dict[str, Any]
PAIRS = [config for config, variant in VARIANTS.items() if variant.of is Pair]
CONFIGS = [config for config in VARIANTS if config != Config.CHAINS]
# Where the card of each container lies; that of the first is beside all containers.
PLACES = {"parquet": "", "jsonl": "jsonl", "jsonl.gz": "jsonl.gz"}


@dataclass(frozen=True)
class Exported:
    """The folder of an export; its first container is Parquet, its second JSON Lines."""

    folder: Path

    @property
    def manifest(self) -> Row:
        """What the manifest says."""
        found: Row = json.loads((self.folder / "manifest.json").read_bytes())
        return found

    def files(self, config: str, container: str = "parquet") -> list[Path]:
        """Return the files with the rows of a configuration."""
        return sorted((self.folder / container / config).rglob(f"*.{container}"))

    def schema(self, config: str) -> pa.Schema:
        """Return the schema of a configuration."""
        return pq.read_schema(self.files(config)[0])

    def table(self, config: str) -> pa.Table:
        """Return the rows of a configuration from its Parquet files."""
        return pa.concat_tables(map(pq.read_table, self.files(config)))

    def rows(self, config: str, container: str = "parquet") -> list[Row]:
        """Return the rows of a configuration."""
        return _rows(self, config, container)

    def lines(self, config: str) -> Iterator[bytes]:
        """Yield the lines of a configuration's JSON Lines, without what ends them."""
        for path in self.files(config, "jsonl"):
            yield from path.read_bytes().removesuffix(b"\n").split(b"\n")

    def row(self, name: str, config: str = "trl") -> Row:
        """Return the first row about the prompt of a case."""
        return next(row for row in self.rows(config) if row["external_id"] == name)

    def by_pair(self, config: str) -> dict[str, Row]:
        """Return the rows of a configuration of pairs by the names of these."""
        return {row["pair_id"]: row for row in self.rows(config)}

    def says(self, config: str, words: str) -> bool:
        """Tell whether a text is in the rows of a configuration."""
        sought = json.dumps(words, ensure_ascii=False)[1:-1].encode()
        return any(sought in line for line in self.lines(config))

    def load(self, config: str, container: str, scratch: Path, **options: Any) -> Any:
        """Load a configuration with `datasets`, as the docs say."""
        place = self.folder / PLACES[container]
        return datasets.load_dataset(str(place), config, cache_dir=str(scratch), **options)

    def card(self, container: str = "parquet") -> Row:
        """Return the YAML at the top of a container's card."""
        text = (self.folder / PLACES[container] / "README.md").read_text("utf-8")
        found: Row = yaml.safe_load(text.split("---\n")[1])
        return found


@cache
def _rows(exported: Exported, config: str, container: str) -> list[Row]:
    if container == "parquet":
        return exported.table(config).to_pylist()
    return list(map(json.loads, exported.lines(config)))


def structs_in(kind: pa.DataType) -> Iterator[pa.StructType]:
    """Yield every struct that a type is made of."""
    if pa.types.is_list(kind):
        yield from structs_in(kind.value_type)
    elif pa.types.is_struct(kind):
        yield kind
        for number in range(kind.num_fields):
            yield from structs_in(kind.field(number).type)

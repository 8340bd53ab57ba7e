"""Write rows to the files of every configuration, container and split, as they go by."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import orjson

from exports.configs import Config, ContainerName
from exports.formats.columns import Variant
from exports.formats.llamafactory import dataset_info
from exports.formats.manifest import FileEntry
from exports.formats.measured import Disk, MeasuredFile
from exports.formats.shards import Shards
from exports.formats.variants import VARIANTS
from exports.records import Row
from exports.selection import Selection
from exports.services.folders import entry_of

INFO = "dataset_info.json"
READ_BY_LLAMAFACTORY = (ContainerName.PARQUET, ContainerName.JSONL)


class ConfigFiles:
    """The files of one configuration, of every split and container."""

    def __init__(self, folder: Path, variant: Variant, selection: Selection, disk: Disk) -> None:
        self.variant = variant
        self._folder, self._containers, self._disk = folder, selection.containers, disk
        self._columns = variant.chosen(selection)
        self._unchosen = [one.name for one in variant.columns if one not in self._columns]
        self.splits: dict[str, list[Shards]] = {}

    def add(self, row: Row) -> None:
        """Append a record to the files of its split, where the shape can say what it holds."""
        written = self.variant.row(row)
        if written is None:
            return
        for name in self._unchosen:
            del written[name]
        for shards in self.splits.get(row.split) or self._begin(row.split):
            shards.add(written)

    def _begin(self, split: str) -> list[Shards]:
        config = self.variant.config
        inside = f"{config}/{split}" if self.variant.split_folders else str(config)
        self.splits[split] = [
            Shards(
                self._folder / container / inside, split, container, self._columns, disk=self._disk
            )
            for container in self._containers
        ]
        return self.splits[split]


class RowFiles:
    """The files of rows of one export: ``<container>/<configuration>/<split>-…``.

    A split or a configuration that got no row has no file. ``crc32`` is that of the files with
    rows, by path.
    """

    def __init__(self, folder: Path, selection: Selection) -> None:
        self._folder, self._containers = folder, selection.containers
        self._disk = Disk()
        names = dict.fromkeys((*selection.configs, Config.JUDGMENTS))
        self._configs = [
            ConfigFiles(folder, VARIANTS[name], selection, self._disk) for name in names
        ]
        self.entries: list[FileEntry] = []
        self.crc32: dict[str, int] = {}

    @property
    def kinds(self) -> set[type[Row]]:
        """The kinds of rows that are written at all."""
        return {one.variant.of for one in self._configs}

    def add(self, rows: Iterable[Row]) -> None:
        """Append rows to all files that they belong in."""
        of_kind: dict[type[Row], list[ConfigFiles]] = {}
        for config in self._configs:
            of_kind.setdefault(config.variant.of, []).append(config)
        for row in rows:
            for config in of_kind[type(row)]:
                config.add(row)

    def finish(self) -> None:
        """Close and name all files; ``entries`` lists them then, in order."""
        for shards in self._shards():
            shards.end()
        self._disk.finish()
        entries = [
            self._entry(file, path, rows, str(of.variant.config), split)
            for of in self._configs
            for split, containers in of.splits.items()
            for shards in containers
            for file, (path, rows) in zip(shards.files, shards.finish(), strict=True)
        ]
        self.entries = [*entries, *self._infos(entries)]

    def close(self) -> None:
        """Let go of the files that are open, finished or not."""
        self._disk.abandon()
        for shards in self._shards():
            shards.abandon()

    def _shards(self) -> Iterator[Shards]:
        for config in self._configs:
            yield from chain.from_iterable(config.splits.values())

    def _entry(
        self, file: MeasuredFile, path: Path, rows: int, config: str, split: str
    ) -> FileEntry:
        name = str(path.relative_to(self._folder))
        self.crc32[name] = file.crc32
        return FileEntry(name, file.size, file.sha256, rows, config, split)

    def _infos(self, entries: list[FileEntry]) -> list[FileEntry]:
        """Write what LLaMA-Factory looks its datasets up in, beside them."""
        splits = [one.split for one in entries if one.config == Config.LLAMAFACTORY and one.split]
        infos = []
        for container in READ_BY_LLAMAFACTORY if splits else ():
            if container in self._containers:
                path = f"{container}/{Config.LLAMAFACTORY}/{INFO}"
                content = orjson.dumps(dataset_info(splits), option=orjson.OPT_INDENT_2)
                (self._folder / path).write_bytes(content)
                infos.append(entry_of(self._folder, path))
        return infos

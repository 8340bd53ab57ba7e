"""Write rows to the files of every configuration, container and split, as they go by."""

from collections.abc import Iterable
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


class RowFiles:
    """The files of rows of one export: ``<container>/<configuration>/<split>-…``.

    A split or a configuration that got no row has no file. ``crc32`` is that of the files with
    rows, by path.
    """

    def __init__(self, folder: Path, selection: Selection) -> None:
        self._folder, self._selection = folder, selection
        names = dict.fromkeys((*selection.configs, Config.JUDGMENTS))
        self._variants = [VARIANTS[name] for name in names]
        self._shards: dict[tuple[str, str], list[Shards]] = {}
        self._disk = Disk()
        self.not_in_form: dict[str, int] = {}
        self.entries: list[FileEntry] = []
        self.crc32: dict[str, int] = {}

    @property
    def kinds(self) -> set[type[Row]]:
        """The kinds of rows that are written at all."""
        return {variant.of for variant in self._variants}

    def add(self, rows: Iterable[Row]) -> None:
        """Append rows to all files that they belong in."""
        of_kind: dict[type[Row], list[Variant]] = {}
        for variant in self._variants:
            of_kind.setdefault(variant.of, []).append(variant)
        for row in rows:
            for variant in of_kind[type(row)]:
                self._add(variant, row)

    def finish(self) -> None:
        """Close and name all files; ``entries`` lists them then, in order."""
        for shards in chain.from_iterable(self._shards.values()):
            shards.end()
        self._disk.finish()
        entries = [
            self._entry(file, path, rows, config, split)
            for (config, split), containers in self._shards.items()
            for shards in containers
            for file, (path, rows) in zip(shards.files, shards.finish(), strict=True)
        ]
        self.entries = [*entries, *self._infos(entries)]

    def close(self) -> None:
        """Let go of the files that are open, finished or not."""
        self._disk.abandon()
        for shards in chain.from_iterable(self._shards.values()):
            shards.abandon()

    def _entry(
        self, file: MeasuredFile, path: Path, rows: int, config: str, split: str
    ) -> FileEntry:
        name = str(path.relative_to(self._folder))
        self.crc32[name] = file.crc32
        return FileEntry(name, file.size, file.sha256, rows, config, split)

    def _add(self, variant: Variant, row: Row) -> None:
        written = variant.row(row)
        if written is None:
            self.not_in_form[variant.config] = self.not_in_form.get(variant.config, 0) + 1
            return
        for shards in self._shards_of(variant, row.split):
            shards.add(written)

    def _shards_of(self, variant: Variant, split: str) -> list[Shards]:
        """Return where the rows of a configuration and a split go, one for each container."""
        key = (str(variant.config), split)
        if key not in self._shards:
            inside = f"{variant.config}/{split}" if variant.split_folders else str(variant.config)
            columns = variant.chosen(self._selection)
            self._shards[key] = [
                Shards(
                    self._folder / container / inside, split, container, columns, disk=self._disk
                )
                for container in self._selection.containers
            ]
        return self._shards[key]

    def _infos(self, entries: list[FileEntry]) -> list[FileEntry]:
        """Write what LLaMA-Factory looks its datasets up in, beside them."""
        splits = [one.split for one in entries if one.config == Config.LLAMAFACTORY and one.split]
        infos = []
        for container in READ_BY_LLAMAFACTORY if splits else ():
            if container in self._selection.containers:
                path = f"{container}/{Config.LLAMAFACTORY}/{INFO}"
                content = orjson.dumps(dataset_info(splits), option=orjson.OPT_INDENT_2)
                (self._folder / path).write_bytes(content)
                infos.append(entry_of(self._folder, path))
        return infos

"""Croissant: what files and fields there are, as JSON-LD that other catalogues read.

Croissant format specification 1.1 (MLCommons, 2026), http://mlcommons.org/croissant/1.1.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

from exports.configs import Config, ContainerName
from exports.formats.columns import Column
from exports.formats.manifest import FileEntry, fingerprint
from exports.formats.variants import VARIANTS
from exports.policies import Licence
from exports.selection import Selection

Node = dict[str, Any]

INDENTED = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
VERSION = "http://mlcommons.org/croissant/1.1"
# Appendix 1 of the specification, as far as the terms occur here.
CONTEXT: Node = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    **{
        name: f"cr:{name}"
        for name in (
            "arrayShape", "column", "extract", "field", "fileObject", "fileSet", "includes",
            "isArray", "jsonPath", "recordSet", "source", "subField", "transform",
        )
    },
}  # fmt: skip
ENCODINGS: dict[str, str | list[str]] = {
    ContainerName.PARQUET: "application/x-parquet",
    ContainerName.JSONL: "application/jsonlines",
    ContainerName.JSONL_GZ: ["application/jsonlines", "application/gzip"],
    ContainerName.CSV: "text/csv",
}
TYPES = {
    pa.string(): "sc:Text",
    pa.int64(): "cr:Int64",
    pa.float64(): "cr:Float64",
    pa.bool_(): "sc:Boolean",
    pa.timestamp("us", "UTC"): "sc:DateTime",
}
SPDX = {
    Licence.CC_BY: "CC-BY-4.0",
    Licence.CC_BY_SA: "CC-BY-SA-4.0",
    Licence.CC_BY_NC: "CC-BY-NC-4.0",
    Licence.CC0: "CC0-1.0",
    Licence.ODC_BY: "ODC-By-1.0",
    Licence.ODBL: "ODbL-1.0",
    Licence.APACHE: "Apache-2.0",
    Licence.MIT: "MIT",
}


def croissant_text(name: str, selection: Selection, files: Sequence[FileEntry]) -> str:
    """Return croissant.json: every file with rows, and the fields of each configuration.

    The fields are read from the first container's files. A checksum of all files is the version.
    """
    of_rows = [one for one in files if one.rows]
    container = selection.containers[0]
    configs = list(dict.fromkeys(one.config for one in of_rows if one.config))
    licence = SPDX.get(Licence(selection.licence))
    described: Node = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": name,
        "description": "People's preferences among the responses of models, for training.",
        **({"license": f"https://spdx.org/licenses/{licence}.html"} if licence else {}),
        "version": f"1.0.0+{fingerprint(of_rows)[:12]}",
        "distribution": [
            *map(_file, of_rows),
            *(_file_set(config, container) for config in configs),
        ],
        "recordSet": [_record_set(config, container, selection) for config in configs],
    }
    return orjson.dumps(described, option=INDENTED).decode()


def _file(entry: FileEntry) -> Node:
    container = entry.path.partition("/")[0]
    return {
        "@type": "cr:FileObject",
        "@id": entry.path,
        "name": entry.path,
        "contentUrl": entry.path,
        "contentSize": f"{entry.size} B",
        "encodingFormat": ENCODINGS[container],
        "sha256": entry.sha256,
    }


def _file_set(config: str, container: str) -> Node:
    """Return the shards of a configuration, which are read one after another."""
    inside = "*/" if VARIANTS[config].split_folders else ""
    return {
        "@type": "cr:FileSet",
        "@id": f"files-of-{config}",
        "name": f"files-of-{config}",
        "encodingFormat": ENCODINGS[container],
        "includes": f"{container}/{config}/{inside}*.{container}",
    }


def _record_set(config: str, container: str, selection: Selection) -> Node:
    columns = VARIANTS[config].chosen(selection)
    return {
        "@type": "cr:RecordSet",
        "@id": config,
        "name": config,
        "description": Config(config).words,
        "field": [_field(one, config, is_flat=container == ContainerName.CSV) for one in columns],
    }


def _field(column: Column, config: str, *, is_flat: bool) -> Node:
    """Return a column as a field; ``is_flat`` has lists and objects as JSON in a text."""
    source = {"fileSet": {"@id": f"files-of-{config}"}, "extract": {"column": column.name}}
    key = f"{config}/{column.name}"
    kind = pa.string() if is_flat and pa.types.is_nested(column.type) else column.type
    return {"description": column.meaning, **_typed(key, column.name, kind, source, ())}


def _typed(
    key: str, name: str, kind: pa.DataType, source: Mapping[str, Any], path: tuple[str, ...]
) -> Node:
    """Return a field of a type; what is in a struct is under ``path`` of the column's value."""
    node: Node = {"@type": "cr:Field", "@id": key, "name": name}
    if pa.types.is_list(kind):
        node |= {"isArray": True, "arrayShape": "-1"}
        kind = kind.value_type
        path = (*path[:-1], f"{path[-1]}[*]") if path and pa.types.is_struct(kind) else path
    if pa.types.is_struct(kind):
        return node | {"subField": list(_parts(key, kind, source, path))}
    steps = {"transform": {"jsonPath": ".".join(path)}} if path else {}
    return node | {"dataType": TYPES[kind], "source": {**source, **steps}}


def _parts(
    key: str, kind: "Iterable[pa.Field[Any]]", source: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[Node]:
    for part in kind:
        yield _typed(f"{key}/{part.name}", part.name, part.type, source, (*path, part.name))

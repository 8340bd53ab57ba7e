"""The types of columns as a card states them, for containers that keep none themselves."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from exports.configs import ContainerName
from exports.formats.columns import Column

# Of a list that is empty in every row of a batch `datasets` would otherwise guess null. Parquet
# keeps its types, and in CSV lists are texts.
STATED_FOR = (ContainerName.JSONL, ContainerName.JSONL_GZ)
# The one Arrow type with another name in `datasets`.
NAMES = {"double": "float64"}


def of_config(config: str, columns: Iterable[Column]) -> Iterator[str]:
    """Yield what ``dataset_info`` has of a configuration: its columns with types, a line each."""
    yield f"- config_name: {config}"
    yield "  features:"
    for one in columns:
        yield f"  - {json.dumps({'name': one.name, **_feature(one.type)})}"


def _feature(kind: pa.DataType) -> dict[str, Any]:
    """Return a type in the short form in which `datasets` itself writes it."""
    if pa.types.is_list(kind):
        inner = _feature(kind.value_type)
        return {"list": inner.get("dtype") or inner.get("struct") or inner}
    if pa.types.is_struct(kind):
        return {"struct": [{"name": field.name, **_feature(field.type)} for field in kind]}
    return {"dtype": NAMES.get(str(kind), str(kind))}

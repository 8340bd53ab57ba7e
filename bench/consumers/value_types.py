"""Whether a value is of a documented Arrow type, as Parquet or JSON Lines give it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bench.consumers.exported import Wrong

PLAIN: dict[str, type] = {"string": str, "int64": int, "double": float, "bool": bool}
LIST, STRUCT, TIME = "list<item: ", "struct<", "timestamp["


def check_value(name: str, value: Any, kind: str, *, is_json: bool) -> None:
    """Raise Wrong unless a value is of a type; it is never None."""
    if kind.startswith(LIST):
        _expect(name, isinstance(value, list), value, kind)
        for one in value:
            check_value(f"{name}[]", one, kind[len(LIST) : -1], is_json=is_json)
    elif kind.startswith(STRUCT):
        fields = dict(fields_of(kind))
        _expect(name, isinstance(value, dict) and list(value) == list(fields), value, kind)
        for field, of in fields.items():
            check_value(f"{name}.{field}", value[field], of, is_json=is_json)
    elif kind.startswith(TIME):
        moment = datetime.fromisoformat(value) if is_json else value
        _expect(name, isinstance(moment, datetime) and moment.tzinfo is not None, value, kind)
    else:
        _expect(name, type(value) is PLAIN[kind], value, kind)


def fields_of(kind: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a struct with their types; commas inside of these part nothing."""
    depth, part = 0, ""
    for letter in f"{kind[len(STRUCT) : -1]}, ":
        depth += (letter == "<") - (letter == ">")
        part += letter
        if not depth and part.endswith(", "):
            name, _, of = part[:-2].partition(": ")
            yield name, of
            part = ""


def _expect(name: str, holds: bool, value: Any, kind: str) -> None:
    if not holds:
        raise Wrong(f"{name} is {value!r} and not of type {kind}")

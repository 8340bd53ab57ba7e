"""The fields that the OpenAPI schema lists for each operation, and what an answer has beyond."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.security.bodies import JSON, body_shape, operation, resolve
from tests.security.routes import METHODS, Route, all_routes

TABLE = Path(__file__).with_name("fields.txt")
UPDATE = "python -m tests.security fields > tests/security/fields.txt"
Shape = dict[str, Any]


def operations() -> Iterator[tuple[Route, str]]:
    """Yield every operation of the REST API that the schema describes."""
    for route in all_routes():
        for method in METHODS if route.is_api else ():
            if operation(route, method):
                yield route, method


def answers(route: Route, method: str) -> Iterator[Shape]:
    """Yield the shapes that an operation answers with when it does what it is asked."""
    for status, answer in operation(route, method)["responses"].items():
        content = answer.get("content", {})
        if status.startswith("2") and JSON in content:
            yield resolve(content[JSON]["schema"])


def listed(shape: Shape, place: str = "") -> Iterator[str]:
    """Yield the dotted path of every field of a shape."""
    shape = resolve(shape)
    if "items" in shape:
        yield from listed(shape["items"], f"{place}[]")
        return
    fields = shape.get("properties", {})
    if place and not fields:
        yield place
    for name in sorted(fields):
        yield from listed(fields[name], f"{place}.{name}" if place else name)


def beyond(value: Any, shape: Shape, place: str = "") -> Iterator[str]:
    """Yield the path of every key in an answer that its shape does not list."""
    shape = resolve(shape)
    if isinstance(value, list) and "items" in shape:
        for one in value:
            yield from beyond(one, shape["items"], f"{place}[]")
    elif isinstance(value, dict) and "properties" in shape:
        for name, inner in value.items():
            if name in shape["properties"]:
                yield from beyond(inner, shape["properties"][name], f"{place}.{name}")
            else:
                yield f"{place}.{name}"
    elif isinstance(value, dict) and "type" in shape and "additionalProperties" not in shape:
        yield place


def table() -> str:
    """Return one line for each operation: who may use it, what goes in and what comes out."""
    lines = []
    for route, method in operations():
        who = ",".join(operation(route, method)["x-who"])
        taken = sorted(set(listed(body_shape(route, method) or {})))
        given = sorted({field for shape in answers(route, method) for field in listed(shape)})
        lines.append(f"{method} /{route.pattern}  {who}")
        lines += [f"    in   {', '.join(taken)}"] if taken else []
        lines += [f"    out  {', '.join(given)}"] if given else []
    return "\n".join(lines) + "\n"

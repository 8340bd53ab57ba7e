"""Bodies that a route would take, made from the schema, so that refusals are not for the body."""

import json
from typing import Any
from uuid import uuid4

from annotate.openapi import document
from tests.security.routes import Route

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
# The API's samples come from the schema; these fields have to fit the world.
FITTING: dict[str, dict[str, Any]] = {
    "api-comparison-gold": {"ranks": [1, 2]},
    "api-training-items": {"ranks": [1, 2]},
    "api-training-item": {"ranks": [1, 2]},
    "api-training-decide": {"ranks": [2, 1]},
    "api-judgings": {"standard": "Be kind."},
    "api-submit": {"outcome": "tie", "ranks": [], "criteria": {}},
    "api-link-accept": {"link": "{signed}"},
}


def schema_path(route: Route) -> str:
    """Return the route's path as the OpenAPI schema writes it."""
    path = "/" + route.pattern
    for kind in ("int", "str", "path", "slug", "uuid"):
        path = path.replace(f"<{kind}:", "{")
    return path.replace(">", "}")


def operation(route: Route, method: str) -> dict[str, Any]:
    """Return what the schema says about a method of a route; empty where it says nothing."""
    found: dict[str, Any] = document()["paths"].get(schema_path(route), {}).get(method.lower(), {})
    return found


def resolve(shape: dict[str, Any]) -> dict[str, Any]:
    """Follow the reference of a shape, and the only part of a combined one."""
    if "$ref" in shape:
        found: dict[str, Any] = document()["components"]["schemas"][shape["$ref"].split("/")[-1]]
        return resolve(found)
    for word in ("allOf", "oneOf"):
        if word in shape:
            return resolve(shape[word][0])
    return shape


def body_shape(route: Route, method: str) -> dict[str, Any] | None:
    """Return the JSON shape that a method takes, or None."""
    content = operation(route, method).get("requestBody", {}).get("content", {})
    return resolve(content[JSON]["schema"]) if JSON in content else None


def sample(shape: dict[str, Any], ids: dict[str, Any]) -> Any:
    """Return a value of this shape, the required fields of an object only."""
    shape = resolve(shape)
    if "enum" in shape:
        return shape["enum"][0]
    kind = shape.get("type")
    if kind == "object":
        fields = shape.get("properties", {})
        # A body that changes some fields has none that are required.
        wanted = shape.get("required", fields)
        return {name: _field(name, fields[name], ids) for name in wanted}
    if kind == "array":
        return [sample(shape["items"], ids)]
    if kind == "string":
        return str(uuid4()) if shape.get("format") == "uuid" else "something@annotate.localhost"
    return {"boolean": True, "number": 1.0}.get(kind or "", shape.get("minimum", 1))


def _field(name: str, shape: dict[str, Any], ids: dict[str, Any]) -> Any:
    if name == "token":
        return ids.get("lease_token", str(uuid4()))
    if name in ("comparison", "constitution", "generator", "prompt"):
        return ids[f"{name}_id"]
    if name == "members" and resolve(shape["items"]).get("type") == "integer":
        return [ids["membership_id"]]
    return sample(shape, ids)


def body_for(route: Route, method: str, ids: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a request: its data and content type."""
    if method == "GET":
        return {}
    if not route.is_api:
        return {"data": "", "content_type": FORM}
    shape = body_shape(route, method)
    values = sample(shape, ids) if shape else {}
    for name, value in FITTING.get(route.name, {}).items():
        values[name] = ids[value[1:-1]] if str(value).startswith("{") and value else value
    return {"data": json.dumps(values), "content_type": JSON}

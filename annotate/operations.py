"""Turn an OpenAPI document into what the reference page lists."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
# The order of the pipeline; other groups follow by name.
STAGES = (
    *("accounts", "campaigns", "members", "prompts", "generation"),
    *("assignment", "ranking", "judging", "training", "quality", "exports"),
)
DEEPEST_EXAMPLE = 4
EXAMPLES: Mapping[str, Any] = {"integer": 1, "number": 0.5, "boolean": True, "string": "text"}
FORMAT_EXAMPLES: Mapping[str, Any] = {
    "date-time": "2026-01-31T12:00:00Z",
    "date": "2026-01-31",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "email": "annotator@annotate.localhost",
    "uri": "https://annotate.example/",
}


@dataclass(frozen=True)
class Field:
    """One parameter or one field; ``shape`` names the shape it holds, if it holds one."""

    name: str
    type: str
    shape: str = ""
    required: bool = False
    description: str = ""


@dataclass(frozen=True)
class Answer:
    """What an operation answers with one status."""

    status: str
    description: str
    type: str
    shape: str


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    who: list[str]
    scope: str
    parameters: list[Field]
    request: Field | None
    request_fields: list[Field]
    example: str
    answers: list[Answer]


@dataclass(frozen=True)
class Shape:
    """One named object, or one named list of values."""

    name: str
    description: str
    fields: list[Field]
    values: list[str]


def groups_of(document: Json) -> list[tuple[str, list[Operation]]]:
    """Return the operations by group, groups in the order of the pipeline."""
    groups: dict[str, list[Operation]] = {}
    for path, method, found in _operations(document):
        tag = (found.get("tags") or ["other"])[0]
        groups.setdefault(tag, []).append(_operation(document, path, method, found))
    order = {stage: at for at, stage in enumerate(STAGES)}
    return sorted(groups.items(), key=lambda group: (order.get(group[0], len(order)), group[0]))


def shapes_of(document: Json) -> list[Shape]:
    """Return every named shape, by name."""
    schemas: Json = document.get("components", {}).get("schemas", {})
    return [_shape(name, schema) for name, schema in sorted(schemas.items())]


def type_of(schema: Json) -> tuple[str, str]:
    """Return a schema's type in words, and the name of the shape it leads to (or nothing)."""
    words, shape = _type_of(schema)
    return (f"{words} or null" if schema.get("nullable") else words), shape


def example_of(document: Json, schema: Json, depth: int = 0) -> Any:
    """Return a value of this schema that shows how one looks; deep nesting is cut short."""
    schema = _resolve(document, schema)
    if "example" in schema:
        return schema["example"]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return (
            [] if depth >= DEEPEST_EXAMPLE else [example_of(document, schema["items"], depth + 1)]
        )
    if "properties" in schema or schema.get("type") == "object":
        return _example_object(document, schema, depth)
    if "default" in schema:
        return schema["default"]
    kind = schema.get("type", "string")
    return FORMAT_EXAMPLES.get(schema.get("format", ""), EXAMPLES.get(kind))


def _example_object(document: Json, schema: Json, depth: int) -> dict[str, Any]:
    if depth >= DEEPEST_EXAMPLE:
        return {}
    required = schema.get("required", ())
    return {
        name: example_of(document, field, depth + 1)
        for name, field in schema.get("properties", {}).items()
        if name in required and not field.get("readOnly")
    }


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def _operation(document: Json, path: str, method: str, found: Json) -> Operation:
    content: Json = found.get("requestBody", {}).get("content", {})
    body: Json = next(iter(content.values()), {})
    schema: Json | None = body.get("schema")
    is_json = schema is not None and "application/json" in content
    example = example_of(document, schema) if schema is not None and is_json else None
    return Operation(
        anchor=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found.get("summary") or found["operationId"].replace("_", " "),
        description=found.get("description", ""),
        who=[who.replace("_", " ") for who in found.get("x-who", [])],
        scope=found.get("x-scope") or "",
        parameters=[_parameter(each) for each in found.get("parameters", [])],
        request=None if schema is None else _field(next(iter(content)), schema, required=True),
        request_fields=[] if schema is None else _fields(_resolve(document, schema)),
        example=json.dumps(example, ensure_ascii=False) if example else "",
        answers=[_answer(status, each) for status, each in sorted(found["responses"].items())],
    )


def _parameter(found: Json) -> Field:
    required = found.get("required", False)
    field = _field(found["name"], found.get("schema", {}), required=required)
    place = {"path": "in the address", "query": "query", "header": "header"}[found["in"]]
    words = found.get("description") or field.description
    return Field(field.name, f"{field.type}, {place}", field.shape, required, words)


def _answer(status: str, found: Json) -> Answer:
    content: Json = next(iter(found.get("content", {}).values()), {})
    words, shape = type_of(content["schema"]) if "schema" in content else ("nothing", "")
    return Answer(status, found.get("description", ""), words, shape)


def _shape(name: str, schema: Json) -> Shape:
    values = [json.dumps(value) for value in schema.get("enum", ())]
    return Shape(name, "" if values else schema.get("description", ""), _fields(schema), values)


def _fields(schema: Json) -> list[Field]:
    required = schema.get("required", ())
    return [
        _field(name, inner, required=name in required)
        for name, inner in schema.get("properties", {}).items()
    ]


def _field(name: str, schema: Json, *, required: bool) -> Field:
    words, shape = type_of(schema)
    return Field(name, words, shape, required, schema.get("description", ""))


def _type_of(schema: Json) -> tuple[str, str]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name, name
    choices = schema.get("allOf") or schema.get("oneOf") or schema.get("anyOf")
    if choices:
        found = [type_of(choice) for choice in choices]
        return " or ".join(words for words, _ in found), found[0][1]
    if "enum" in schema:
        return " or ".join(json.dumps(value) for value in schema["enum"]), ""
    if schema.get("type") == "array":
        words, shape = type_of(schema["items"])
        return f"list of {words}", shape
    kind = str(schema.get("type", "any"))
    precise = schema.get("format", "")
    return (f"{kind} ({precise})" if precise and kind == "string" else kind), ""


def _resolve(document: Json, schema: Json) -> Json:
    choices = schema.get("allOf") or schema.get("oneOf") or schema.get("anyOf")
    if choices:
        return _resolve(document, choices[0])
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    return _resolve(document, document["components"]["schemas"][name])

"""The OpenAPI schema and the page made from it."""

import json
from typing import Any

import pytest
import yaml
from django.test import Client

from annotate.openapi import document
from annotate.operations import example_of, groups_of, shapes_of, type_of

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/api/v1/things/{id}/": {
            "put": {
                "operationId": "things_update",
                "summary": "Change a thing",
                "description": "Takes ``name``.",
                "tags": ["zoo"],
                "x-who": ["manager", "signed_in"],
                "x-scope": "prompts:write",
                "parameters": [
                    {"in": "path", "name": "id", "schema": {"type": "integer"}, "required": True}
                ],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}
                },
                "responses": {
                    "200": {
                        "description": "Done",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"$ref": "#/components/schemas/In"},
                                }
                            }
                        },
                    },
                    "204": {"description": "No body"},
                },
            },
        },
        "/api/v1/me/": {"get": {"operationId": "me", "tags": ["accounts"], "responses": {}}},
    },
    "components": {
        "schemas": {
            "In": {
                "description": "A thing.",
                "required": ["name", "kind", "of"],
                "properties": {
                    "name": {"type": "string", "description": "What it is called."},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "of": {"allOf": [{"$ref": "#/components/schemas/In"}], "nullable": True},
                    "note": {"type": "string"},
                },
            },
            "Kind": {"enum": ["a", "b"]},
        }
    },
}


def test_groups_come_in_the_order_of_the_pipeline() -> None:
    assert [tag for tag, _ in groups_of(DOCUMENT)] == ["accounts", "zoo"]


def test_operation_lists_rule_parameters_fields_and_answers() -> None:
    operation = dict(groups_of(DOCUMENT))["zoo"][0]

    assert (operation.method, operation.path) == ("PUT", "/api/v1/things/{id}/")
    assert (operation.who, operation.scope) == (["manager", "signed in"], "prompts:write")
    assert [(each.name, each.type, each.required) for each in operation.parameters] == [
        ("id", "integer, in the address", True)
    ]
    assert [(each.name, each.type, each.required) for each in operation.request_fields] == [
        ("name", "string", True),
        ("kind", "Kind", True),
        ("of", "In or null", True),
        ("note", "string", False),
    ]
    assert [(each.status, each.type, each.shape) for each in operation.answers] == [
        ("200", "list of In", "In"),
        ("204", "nothing", ""),
    ]


def test_shapes_hold_fields_or_values() -> None:
    shapes = {shape.name: shape for shape in shapes_of(DOCUMENT)}

    assert [field.name for field in shapes["In"].fields] == ["name", "kind", "of", "note"]
    assert shapes["Kind"].values == ['"a"', '"b"']


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "format": "uuid"}, "string (uuid)"),
        ({"type": "integer", "nullable": True}, "integer or null"),
        ({"type": "array", "items": {"type": "integer"}}, "list of integer"),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "string or integer"),
        ({"enum": ["a", 1]}, '"a" or 1'),
        ({}, "any"),
    ],
)
def test_type_is_said_in_words(schema: dict[str, Any], words: str) -> None:
    assert type_of(schema) == (words, "")


def test_example_shows_required_fields_and_ends_in_circles() -> None:
    example = example_of(DOCUMENT, {"$ref": "#/components/schemas/In"})

    assert (example["name"], example["kind"], example["of"]["kind"]) == ("text", "a", "a")
    assert "note" not in example
    assert json.dumps(example).count("name") == 4


def test_schema_is_served_as_yaml_and_as_json(client: Client) -> None:
    as_yaml = client.get("/api/v1/schema/")
    as_json = client.get("/api/v1/schema/?format=json")

    assert yaml.safe_load(as_yaml.content) == json.loads(as_json.content)
    assert json.loads(as_json.content)["openapi"].startswith("3.")


def test_every_operation_names_who_may_use_it() -> None:
    lacking = [
        operation["operationId"]
        for methods in document()["paths"].values()
        for operation in methods.values()
        if not operation.get("x-who") or "x-scope" not in operation
    ]

    assert len(document()["paths"]) > 10
    assert lacking == []


def test_page_shows_every_operation_and_every_link_leads_somewhere(client: Client) -> None:
    page = client.get("/api/").content.decode()
    anchors = {part.split('"')[0] for part in page.split(' id="')[1:]}
    links = {part.split('"')[0] for part in page.split('href="#')[1:]}
    operations = {
        operation["operationId"]
        for methods in document()["paths"].values()
        for operation in methods.values()
    }

    assert operations <= anchors
    assert links <= anchors


def test_page_says_how_to_get_a_token_and_what_errors_look_like(client: Client) -> None:
    page = client.get("/api/").content.decode()

    assert "Authorization: Bearer $ANNOTATE_TOKEN" in page
    assert "&quot;error&quot;" in page or '{"error"' in page
    assert "429" in page

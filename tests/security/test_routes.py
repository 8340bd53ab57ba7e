"""Every route declares who may use it, and a change of that shows up in review."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from rest_framework.views import APIView

from labeling.access import SIGNED_IN, Who, declare
from tests.security.routes import LIBRARY_METHODS, METHODS, TABLE, UPDATE, Route, all_routes, table

# Who may be a stranger's business is decided here, by hand, one route at a time.
PUBLIC = {
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "api-export-linked-file",
    "api-link-accept",
    "api-not-here",
    "api-reference",
    "api-schema",
    "language",
    "link",
    "livez",
    "readyz",
}
CODE = [
    path
    for folder in ("annotate", "exports", "labeling")
    for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
HANDLERS = {method.lower() for method in METHODS}


def undeclared(routes: list[Route]) -> list[str]:
    """Name each route without a rule, and each method a view handles without one."""
    faults = []
    for route in routes:
        declared = {method for method in METHODS if route.rule(method)}
        if not declared:
            faults.append(f"/{route.pattern} declares nobody")
        handled = {name.upper() for name in HANDLERS if hasattr(route.view_class, name)}
        if route.is_library:
            handled &= set(LIBRARY_METHODS)
        if route.name != "api-not-here":
            faults += [f"{method} /{route.pattern} has no rule" for method in handled - declared]
    return faults


def test_every_route_and_method_declares_its_rule():
    assert undeclared(all_routes()) == []


def test_a_route_without_a_rule_is_found():
    class Forgetful(APIView):
        access = {"GET": SIGNED_IN}

        def get(self, request): ...

        def delete(self, request): ...

    routes = [
        Route("a", "a/", (), lambda request: None),
        Route("b", "api/b/", (), Forgetful.as_view()),
        Route("c", "c/", (), declare(GET=SIGNED_IN)(lambda request: None)),
    ]

    assert undeclared(routes) == ["/a/ declares nobody", "DELETE /api/b/ has no rule"]


def test_public_routes_are_those_on_the_reviewed_list():
    public = {
        route.name
        for route in all_routes()
        for method in METHODS
        if (rule := route.rule(method)) and Who.PUBLIC in rule.who
    }
    assert public == PUBLIC


def test_routes_have_names_that_no_other_route_has():
    names = [route.name for route in all_routes()]
    assert sorted(set(names)) == sorted(names)
    assert all(names)


def test_campaign_roles_are_asked_only_where_the_route_names_the_campaign():
    nowhere = [
        route.pattern
        for route in all_routes()
        for method in METHODS
        if (rule := route.rule(method))
        and rule.who & {Who.MANAGER, Who.REVIEWER, Who.ANNOTATOR}
        and "campaign_id" not in route.ids
    ]
    assert nowhere == []


def test_no_api_view_replaces_the_gate_or_the_ways_to_sign_in():
    replaced = [
        f"{view}.{name}"
        for view in {route.view_class for route in all_routes() if route.is_api}
        for name in ("permission_classes", "authentication_classes")
        if getattr(view, name) is not getattr(APIView, name)
    ]
    assert replaced == []


def test_every_view_answers_options_and_trace_with_nothing():
    assert not any(route.rule(method) for route in all_routes() for method in ("OPTIONS", "TRACE"))


def forbidden(source: str) -> Iterator[str]:
    """Name what no view and no shape may hold."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                yield from _forbidden_in_class(node.name, line)


def _forbidden_in_class(name: str, line: ast.stmt) -> Iterator[str]:
    if not isinstance(line, ast.Assign | ast.AnnAssign) or line.value is None:
        return
    targets = line.targets if isinstance(line, ast.Assign) else [line.target]
    said = ast.unparse(line.value)
    for target in map(ast.unparse, targets):
        if target in {"permission_classes", "authentication_classes", "queryset", "exclude"}:
            yield f"{name}.{target}"
        if target == "fields" and "__all__" in said:
            yield f"{name}.fields = __all__"
        if re.search(r"\bAllowAny\b", said):
            yield f"{name}: AllowAny"


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_code_lists_fields_and_leaves_access_to_the_gate(path: Path):
    assert list(forbidden(path.read_text())) == []


def test_forbidden_class_attributes_are_found():
    source = """
class A:
    permission_classes = [AllowAny]
    queryset = Campaign.objects.all()
    class Meta:
        fields = "__all__"
        exclude = ("password",)
"""
    assert list(forbidden(source)) == [
        "A.permission_classes",
        "A: AllowAny",
        "A.queryset",
        "Meta.fields = __all__",
        "Meta.exclude",
    ]


def test_table_of_routes_is_the_reviewed_one():
    assert table().splitlines() == TABLE.read_text().splitlines(), (
        f"Routes, roles or scopes have changed. If that is meant: {UPDATE}"
    )

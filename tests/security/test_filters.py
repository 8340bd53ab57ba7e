"""Lists can be narrowed by listed parameters only, never by a path into the database."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.urls import reverse

from labeling.campaigns.api import members
from tests.security.actors import Actor, make_actors
from tests.security.bodies import operation
from tests.security.routes import Route, all_routes
from tests.security.world import World

pytestmark = pytest.mark.django_db
HAND_MADE = (
    "a__b__password__startswith", "created_by__password__startswith", "user__password__regex",
    "_connector", "_negated", "order_by", "ordering", "sort", "fields", "expand", "format",
    "filter[password]", "created_by.password", "id__in", "pk", "campaign_id__gt", "q\x00",
    "select_related", "limit__gt", "cursor__startswith", "page_size", "offset", "\x1b[0m",
    "campaign", "user", "annotator", "__class__", "password) OR 1=1 --",
)  # fmt: skip
LANDING = {"api-schema", "api-reference", "api-not-here"}


def paths(model: type[models.Model], depth: int = 3) -> Iterator[str]:
    """Yield lookup paths from a model to every column within reach."""
    for field in model._meta.get_fields():
        related: Any = field.related_model
        if field.is_relation and depth > 1 and related is not None:
            for path in paths(related, depth - 1):
                yield f"{field.name}__{path}"
        elif not field.is_relation:
            yield f"{field.name}__startswith"


def relation_paths(count: int) -> list[str]:
    """Return paths out of all our models, those to secrets first."""
    found = {
        path
        for app in apps.get_app_configs()
        if app.name.startswith(("labeling.", "exports"))
        for model in app.get_models()
        for path in paths(model)
    }
    secret = sorted(path for path in found if re.search("password|digest|email", path))
    rest = sorted(path for path in found if not re.search("password|digest|email", path))
    step = max(1, len(rest) // count)
    return (secret[: count // 2] + rest[::step])[:count]


PARAMETERS = (*HAND_MADE, *relation_paths(200))


def reads(*, api: bool) -> list[Route]:
    """Return the routes whose GET answers rows or pages of a manager's campaign."""
    return [
        route
        for route in all_routes()
        if route.rule("GET")
        and route.is_api == api
        and not route.is_library
        and route.name not in LANDING | {"link", "livez", "readyz"}
    ]


def is_list(route: Route) -> bool:
    return any(one["name"] == "limit" for one in operation(route, "GET").get("parameters", ()))


@pytest.fixture(scope="module")
def manager(world: World) -> Actor:
    return make_actors(world)["manager"]


def get(actor: Actor, stage: World, route: Route, query: str = "") -> Any:
    cache.clear()
    ids = {**stage.sides["A"].ids("manager"), "path": "manifest.json"}
    url = reverse(route.name, kwargs={name: ids[name] for name in route.ids})
    return actor.send("GET", f"{url}?{query}" if query else url)


ONE_BY_ONE = (*HAND_MADE, *PARAMETERS[len(HAND_MADE) :: 10])
LISTS = [route for route in reads(api=True) if is_list(route)]


def let_through(actor: Actor, stage: World, route: Route) -> set[str]:
    """Return the parameters that a list did not refuse by name, all of them sent together."""
    named = {one["name"] for one in operation(route, "GET")["parameters"]}
    # DRF looks for a renderer named by ``format`` before the view is asked.
    asked = {name for name in PARAMETERS if name not in named} - {"format"}
    answer = get(actor, stage, route, urlencode(dict.fromkeys(asked, "md5")))
    refused = answer.json()["error"]["data"]["fields"] if answer.status_code == 400 else {}
    return asked - set(refused)


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_api_list_refuses_parameters_it_does_not_name(route: Route, stage, manager):
    plain = get(manager, stage, route)

    assert (plain.status_code, bool(plain.json()["results"])) == (200, True)
    assert let_through(manager, stage, route) == set()
    assert get(manager, stage, route, "format=md5").status_code == 404


def test_a_list_that_filters_by_what_it_is_told_is_found(stage, manager, monkeypatch):
    (route,) = (route for route in LISTS if route.name == "api-members")
    monkeypatch.setattr(members, "read", lambda shape, data: {})

    assert let_through(manager, stage, route) >= {"created_by__password__startswith"}


@pytest.mark.parametrize("route", reads(api=False), ids=lambda route: route.name)
def test_page_is_the_same_whatever_parameters_are_added(route: Route, stage, manager):
    plain = settled(get(manager, stage, route))
    together = settled(get(manager, stage, route, urlencode(dict.fromkeys(PARAMETERS, "md5"))))
    # A page may refuse one that it knows; then each is sent alone.
    alone = ONE_BY_ONE if together[0] == 400 else ()
    answers = {
        name: settled(get(manager, stage, route, urlencode({name: "md5"}))) for name in alone
    }

    assert together == plain or together[0] == 400
    assert [name for name, got in answers.items() if got != plain and got[0] != 400] == []


def settled(response: Any) -> tuple[int, str]:
    """Return status and body without what is new in each answer and without the query itself."""
    body = b"".join(response) if response.streaming else response.content
    text = re.sub(r'(?<=csrfmiddlewaretoken" value=")\w+', "", body.decode(errors="replace"))
    return response.status_code, re.sub(r'\?[^"]*"', '"', text)  # links that keep the query


# What a request says must never become a keyword, a column or a piece of SQL.
BANNED = (
    r"(?<!\{)\*\*\s*request\.",
    r"\*\*\s*self\.request\.",
    r"\.extra\(",
    r"\.raw\(",
    r"\b(?:filter|exclude|get|order_by|annotate|values|values_list)\(\s*\*{0,2}request\.",
    r"order_by\(\s*f[\"']",
    r"\{f[\"'][^\"']*request[^\"']*[\"']\s*:",
)
# One statement for SQLite that takes the tag as a parameter.
RAW_SQL = {"labeling/prompts/models.py"}
CODE = [
    path
    for folder in ("annotate", "exports", "labeling")
    for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def smuggled(source: str) -> list[str]:
    return [pattern for pattern in BANNED if re.search(pattern, source)]


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_code_makes_no_query_out_of_a_request(path: Path):
    source = path.read_text()
    assert smuggled(source) == []
    name = str(path.relative_to(settings.BASE_DIR))
    assert ("RawSQL" in source) == (name in RAW_SQL)


@pytest.mark.parametrize(
    "line",
    [
        "rows.filter(**request.GET.dict())",
        "rows.filter(** self.request.query_params)",
        "rows.extra(where=[x])",
        "User.objects.raw(x)",
        "rows.order_by(request.GET['sort'])",
        'rows.order_by(f"-{name}")',
        'rows.filter(**{f"{request.GET}__gt": 1})',
    ],
)
def test_queries_made_out_of_a_request_are_found(line: str):
    assert smuggled(line) != []

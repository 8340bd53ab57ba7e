"""Browser defences on every answer, and no write without our page."""

import re

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from annotate import health
from tests.security.actors import COOKIE, Actor, make_actors
from tests.security.bodies import FORM, JSON
from tests.security.effects import changed, state
from tests.security.routes import METHODS, Route, all_routes
from tests.security.walking import NOT_HERE, NOWHERE, PLAIN
from tests.security.world import World

pytestmark = [pytest.mark.once, pytest.mark.django_db]
UNSAFE = METHODS[1:]
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "connect-src": "'self'",
}
LEFTOVERS = (
    "/.git/config", "/.env", "/metrics", "/admin/", "/debug/", "/server-status", "/api/v1/docs/",
    "/__debug__/", "/manage.py", "/data/annotate.sqlite3", "/uploads/", "/exports/", "/media/",
    "/static/../annotate/settings.py", "/static/%2e%2e/annotate/settings.py", "/account/sign-up/",
    "/account/signup/", "/api-auth/login/", "/favicon.ico.php", "/.well-known/x",
)  # fmt: skip


@pytest.fixture(scope="module")
def actors(world: World) -> dict[str, Actor]:
    return make_actors(world)


def url_of(route: Route, stage: World) -> str:
    if route.name == NOT_HERE:
        return NOWHERE
    ids = {**PLAIN, **stage.sides["A"].ids("manager")}
    return reverse(route.name, kwargs={name: ids[name] for name in route.ids})


def lacking(response: HttpResponseBase) -> list[str]:
    """Name the defences that an answer lacks."""
    faults = [name for name, value in HEADERS.items() if value not in response.get(name, "")]
    given = response.get("Content-Security-Policy", "")
    policy = dict(part.strip().partition(" ")[::2] for part in given.split(";") if part.strip())
    faults += [name for name, value in POLICY.items() if policy.get(name) != value]
    if re.search("unsafe-|data:|blob:|\\*|http:", given):
        faults.append(f"policy: {given}")
    if "Access-Control-Allow-Origin" in response:
        faults.append("CORS")
    for cookie in response.cookies.values():
        if cookie["samesite"] not in {"Lax", "Strict"}:
            faults.append(f"{cookie.key} without SameSite")
        if cookie.key == COOKIE and cookie.value and not cookie["httponly"]:
            faults.append(f"{cookie.key} open to scripts")
    return faults


@pytest.mark.parametrize("name", ["anonymous", "annotator", "manager"])
def test_every_answer_carries_the_defences(name: str, stage: World, actors: dict[str, Actor]):
    faults = {}
    for route in all_routes():
        for method in ("GET", "POST", "TRACE"):
            cache.clear()
            with transaction.atomic():
                response = actors[name].send(
                    method, url_of(route, stage), headers={"Origin": "https://evil.example"}
                )
                transaction.set_rollback(True)
            if found := lacking(response):
                faults[f"{method} /{route.pattern}: {response.status_code}"] = found
    assert faults == {}


def test_an_answer_without_defences_is_found():
    assert len(lacking(HttpResponseBase())) == len(HEADERS) + len(POLICY)


def test_leftovers_are_not_there_and_carry_the_defences(stage: World, actors):
    answers = {path: actors["operator"].send("GET", path) for path in LEFTOVERS}
    assert {path: one.status_code for path, one in answers.items() if one.status_code != 404} == {}
    assert {path: lacking(one) for path, one in answers.items() if lacking(one)} == {}


def test_a_failure_of_ours_and_a_missing_token_carry_the_defences(stage, actors, monkeypatch):
    monkeypatch.setattr(health, "_database", lambda: 1 / 0)
    answers = [
        actors["manager"].send("GET", reverse("readyz")),
        strict(actors["manager"]).post(reverse("account_logout")),
        strict(actors["manager"]).post(reverse("api-tokens"), {}, content_type=JSON),
    ]
    assert [(one.status_code, lacking(one)) for one in answers] == [(500, []), (403, []), (403, [])]


def strict(actor: Actor) -> Client:
    """Return a client as a browser is: signed in by cookie, and held to the CSRF check."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[COOKIE] = actor.session
    return client


def unsafe(*, api: bool | None = None) -> list[tuple[Route, str]]:
    return [
        (route, method)
        for route in all_routes()
        for method in UNSAFE
        if route.rule(method) and route.name != NOT_HERE and api in (None, route.is_api)
    ]


@pytest.mark.parametrize("kind", [JSON, FORM, "text/plain", "multipart/form-data; boundary=x"])
def test_no_write_from_a_session_is_taken_without_our_token(kind, stage, actors):
    client, before = strict(actors["manager"]), state()

    taken = {
        f"{method} /{route.pattern}": response.status_code
        for route, method in unsafe()
        if (response := client.generic(method, url_of(route, stage), "{}", kind)).status_code
        not in ({403, 405} if route.is_library else {403})
    }

    assert taken == {}
    assert changed(before, state()) == []


def test_no_write_from_another_origin_is_taken_even_with_our_token(stage, actors):
    client = strict(actors["manager"])
    client.get("/")
    token = client.cookies["csrftoken"].value
    origins = (
        "https://evil.example",
        "null",
        "http://testserver.evil.example",
        "https://testserver",
    )
    before = state()

    taken = {
        f"{method} /{route.pattern} from {origin}"
        for route, method in unsafe()
        for origin in origins
        if client.generic(
            method, url_of(route, stage), "{}", JSON,
            headers={"X-CSRFToken": token, "Origin": origin},
        ).status_code not in ({403, 405} if route.is_library else {403})
    }  # fmt: skip

    assert taken == set()
    assert changed(before, state()) == []


def test_a_write_with_our_token_from_our_page_is_taken(stage, actors):
    client = strict(actors["manager"])
    client.get("/")
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value, "Origin": "http://testserver"}

    url = reverse("api-campaign-state", args=[stage.sides["A"].campaign.pk])
    response = client.post(url, {"state": "paused"}, content_type=JSON, headers=headers)

    assert response.status_code == 200


@pytest.mark.parametrize("kind", [FORM, "text/plain", "multipart/form-data; boundary=x"])
def test_the_api_lets_nobody_in_by_a_form_of_another_site(kind, stage):
    url = reverse("api-link-accept")
    body = f'{{"link": "{stage.sides["A"].shared["signed"]}"}}'
    assert Client(enforce_csrf_checks=True).generic("POST", url, body, kind).status_code == 415

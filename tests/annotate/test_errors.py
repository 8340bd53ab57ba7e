"""Errors: one JSON shape on the API, and pages that say what to do next."""

import json
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.template.loader import render_to_string
from django.test import Client
from rest_framework import exceptions

from annotate.api import answer_error
from annotate.errors import STATUS_OF
from labeling.errors import DomainError, Kind, SignInNeeded


def shape_of(error: Exception) -> tuple[int, Any]:
    answer = answer_error(error, {})
    assert answer is not None
    return answer.status_code, answer.data


@pytest.mark.parametrize("kind", list(Kind))
def test_refusal_keeps_code_message_and_data(kind: Kind) -> None:
    refusal = type("Odd", (DomainError,), {"code": "odd", "kind": kind})(
        "It is odd. Even it.", by=1
    )

    assert shape_of(refusal) == (
        STATUS_OF[kind],
        {"error": {"code": "odd", "message": "It is odd. Even it.", "data": {"by": 1}}},
    )


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (exceptions.ParseError(), 400, "malformed"),
        (exceptions.NotAuthenticated(), 401, "sign_in_needed"),
        (exceptions.PermissionDenied(), 403, "forbidden"),
        (exceptions.NotFound(), 404, "not_found"),
        (Http404(), 404, "not_found"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (exceptions.Throttled(), 429, "throttled"),
    ],
)
def test_framework_error_takes_the_same_shape(error: Exception, status: int, code: str) -> None:
    answered, body = shape_of(error)

    assert (answered, list(body), body["error"]["code"]) == (status, ["error"], code)
    assert sorted(body["error"]) == ["code", "data", "message"]
    assert body["error"]["message"]


def test_field_errors_are_named_by_field() -> None:
    status, body = shape_of(exceptions.ValidationError({"name": ["Required."]}))

    assert (status, body["error"]["code"]) == (400, "invalid")
    assert body["error"]["data"] == {"fields": {"name": ["Required."]}}


def test_sign_in_refusal_carries_the_challenge() -> None:
    answer = answer_error(SignInNeeded("Sign in first."), {})

    assert answer is not None
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="annotate"'


def test_unknown_exception_is_left_to_the_server() -> None:
    assert answer_error(ValueError("odd"), {}) is None


@pytest.mark.django_db
def test_malformed_json_is_named(client: Client) -> None:
    answer = client.post("/api/v1/links/accept/", "{", content_type="application/json")

    assert answer.status_code == 400
    assert json.loads(answer.content)["error"]["code"] == "malformed"


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "429", "500", "503"])
def test_error_page_stands_without_any_context(name: str) -> None:
    text = render_to_string(f"{name}.html")

    assert text.count("<h1>") == 1
    assert 'class="btn primary"' in text


@pytest.mark.parametrize("status", sorted(STATUS_OF.values()))
def test_refusal_page_says_what_to_do(status: int) -> None:
    refusal = DomainError("Something is not right.")
    text = render_to_string("refusal.html", {"refusal": refusal, "status": status})

    assert "Something is not right." in text
    assert f"<code>{status}</code>" in text
    assert 'class="btn primary"' in text


def test_refusal_page_escapes_what_people_typed() -> None:
    refusal = DomainError("<script>alert(1)</script>", fields={"<b>": ["<i>"]})
    text = render_to_string("refusal.html", {"refusal": refusal, "status": 400})

    assert "<script>alert" not in text
    assert "<dt>&lt;b&gt;</dt><dd>&lt;i&gt;</dd>" in text


def test_page_outside_every_route_is_styled_and_says_so(client: Client) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert b"There is nothing at this address." in answer.content


def test_wrong_csrf_token_gets_a_page_that_names_the_remedy() -> None:
    answer = Client(enforce_csrf_checks=True).post("/account/sign-in/", {"login": "a"})

    assert answer.status_code == 403
    assert b"The form has expired" in answer.content


def answer_where(error: Exception, monkeypatch: pytest.MonkeyPatch, *, api: bool = False) -> Any:
    """Return what is answered when an error that no view expects comes up."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("annotate.reference._body", fail)
    monkeypatch.setattr("labeling.accounts.services.links.link_for", fail)
    client = Client(raise_request_exception=False)
    if not api:
        return client.get("/api/")
    body = {"link": "a", "password": "b", "display_name": "c"}
    return client.post("/api/v1/links/accept/", body, content_type="application/json")


def test_crash_gets_the_static_page(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_where(RuntimeError("odd"), monkeypatch)

    assert answer.status_code == 500
    assert b"What you had already saved is safe." in answer.content
    assert b"odd" not in answer.content
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_database_that_is_away_gets_503_and_when_to_come_again(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = answer_where(error, monkeypatch)
    api = answer_where(error, monkeypatch, api=True)

    assert [page.status_code, api.status_code] == [503, 503]
    assert [page.headers["Retry-After"], api.headers["Retry-After"]] == ["5", "5"]
    assert b"The database does not answer right now" in page.content
    assert api.json()["error"]["code"] == "unavailable"


@pytest.mark.django_db
def test_crash_of_the_api_keeps_the_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_where(RuntimeError("odd"), monkeypatch, api=True)

    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "server_error")


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/v1/links/accept/", "application/json"), ("/livez", "text/html")]
)
def test_foreign_host_name_is_refused_in_kind(client: Client, path: str, kind: str) -> None:
    answer = client.get(path, headers={"host": "elsewhere.invalid"})

    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith(kind)
    assert b"ALLOWED_HOSTS" in answer.content


@pytest.mark.django_db
def test_json_without_end_is_malformed_not_a_crash(client: Client) -> None:
    answer = client.post("/api/v1/links/accept/", "[" * 100_000, content_type="application/json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed")

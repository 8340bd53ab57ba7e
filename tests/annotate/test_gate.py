"""The gate: closed unless declared, the same answer for foreign and missing, headers on all."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotate import urls
from annotate.errors import STATUS_OF
from annotate.openapi import document
from annotate.reference import MEANINGS
from labeling.access import MANAGERS, MEMBERS, PUBLIC, Scope, declare
from labeling.accounts.models import User
from labeling.errors import Invalid, Kind
from tests.factories import Cast, make_bearer, make_user, signed_in

pytestmark = pytest.mark.django_db
ROOM = "campaigns/<int:campaign_id>/room/"


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@declare(GET=PUBLIC)
def readable(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@declare(GET=PUBLIC)
def refusing(request: HttpRequest) -> HttpResponse:
    raise Invalid("The colour is unknown. Use red.", fields={"colour": ["unknown"]})


@declare(GET=MANAGERS)
def room(request: HttpRequest, campaign_id: int) -> HttpResponse:
    return HttpResponse("the room")


class Undeclared(APIView):
    def get(self, request: Request) -> Response:
        return Response("open")


class Room(APIView):
    access = {"GET": MEMBERS.with_scope(Scope.PROMPTS_READ), "POST": MEMBERS}

    def get(self, request: Request, campaign_id: int) -> Response:
        return Response("the room")

    def post(self, request: Request, campaign_id: int) -> Response:
        return Response("written", status=201)


urlpatterns = [
    path("undeclared/", undeclared),
    path("readable/", readable),
    path("refusing/", refusing),
    path(ROOM, room),
    path("api/v1/undeclared/", Undeclared.as_view()),
    path(f"api/v1/{ROOM}", Room.as_view()),
    *urls.urlpatterns,
]


@pytest.fixture(autouse=True)
def _routes(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    document.cache_clear()
    yield
    document.cache_clear()


def error_of(response: Any) -> dict[str, Any]:
    error: dict[str, Any] = json.loads(response.content)["error"]
    return error


def test_page_without_a_declaration_is_closed_to_everybody(cast: Cast) -> None:
    clients = [Client(), signed_in(cast.manager), signed_in(cast.operator)]

    assert [client.get("/undeclared/").status_code for client in clients] == [404, 404, 404]


def test_api_view_without_a_declaration_is_closed_to_everybody(cast: Cast) -> None:
    clients = [Client(), signed_in(cast.manager), signed_in(cast.operator)]
    answers = [client.get("/api/v1/undeclared/") for client in clients]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert error_of(answers[0]) == {
        "code": "not_found",
        "message": "There is nothing here.",
        "data": {},
    }


def test_method_without_a_declaration_is_closed(client: Client) -> None:
    assert client.get("/readable/").content == b"open"
    assert client.post("/readable/").status_code == 404


def test_page_sends_people_who_are_not_signed_in_to_sign_in_and_back(cast: Cast) -> None:
    address = f"/campaigns/{cast.campaign.pk}/room/"

    answer = Client().get(f"{address}?page=2")

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/account/sign-in/?next={address}%3Fpage%3D2",
    )


def test_page_asks_for_the_role_and_tells_no_foreign_campaign_from_a_missing_one(
    cast: Cast,
) -> None:
    def status_and_page(person: User, campaign_id: int) -> tuple[int, str]:
        answer = signed_in(person).get(f"/campaigns/{campaign_id}/room/")
        # The masked CSRF token differs from page to page on purpose.
        return answer.status_code, re.sub(r'value="\w{64}"', "", answer.content.decode())

    own, foreign, missing = cast.campaign.pk, cast.foreign.pk, 10**6
    assert status_and_page(cast.manager, own) == (200, "the room")
    assert status_and_page(cast.operator, own) == (200, "the room")
    assert status_and_page(cast.annotator, own)[0] == 403
    assert status_and_page(cast.manager, foreign)[0] == 404
    assert status_and_page(cast.manager, foreign) == status_and_page(cast.manager, missing)


def test_api_asks_for_sign_in_with_a_challenge(cast: Cast) -> None:
    answer = Client().get(f"/api/v1/campaigns/{cast.campaign.pk}/room/")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="annotate"'
    assert error_of(answer)["code"] == "sign_in_needed"


@pytest.mark.parametrize(
    ("scopes", "method", "status"),
    [
        ([Scope.PROMPTS_READ], "GET", 200),
        ([Scope.EXPORT_READ], "GET", 403),
        (list(Scope), "POST", 403),
    ],
    ids=["scope held", "scope lacking", "no scope opens this"],
)
def test_api_asks_for_the_scope_of_a_token(
    cast: Cast, scopes: list[Scope], method: str, status: int
) -> None:
    headers = make_bearer(cast.annotator, *scopes)

    answer = Client(headers=headers).generic(method, f"/api/v1/campaigns/{cast.campaign.pk}/room/")

    assert answer.status_code == status


def test_api_refuses_an_unknown_token_even_with_a_session(cast: Cast) -> None:
    client = signed_in(cast.manager)

    answer = client.get(
        f"/api/v1/campaigns/{cast.campaign.pk}/room/", headers={"Authorization": "Bearer ann_no"}
    )

    assert answer.status_code == 401


def test_session_write_without_a_csrf_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.manager, backend=settings.AUTHENTICATION_BACKENDS[0])

    answer = client.post(f"/api/v1/campaigns/{cast.campaign.pk}/room/")

    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_unknown_api_address_answers_json(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/nothing/here/")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    assert json.loads(answer.content) == {
        "error": {"code": "not_found", "message": "There is no such address.", "data": {}}
    }


def test_refusal_raised_by_a_page_becomes_a_page_that_names_place_and_remedy(
    client: Client,
) -> None:
    answer = client.get("/refusing/")
    page = answer.content.decode()

    assert answer.status_code == 400
    assert "The colour is unknown. Use red." in page
    assert "<dt>colour</dt><dd>unknown</dd>" in page
    assert "<code>invalid</code>" in page


def test_operators_tables_are_hidden_from_everybody_else(cast: Cast) -> None:
    assert signed_in(cast.manager).get("/operators/").status_code == 404
    assert signed_in(cast.operator).get("/operators/").status_code == 200


@pytest.mark.parametrize("address", ["/account/sign-in/", "/api/", "/nowhere/", "/api/v1/no/"])
def test_every_answer_carries_the_browser_defences(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(part.split(maxsplit=1) for part in headers["Content-Security-Policy"].split("; "))

    assert policy == {
        "default-src": "'none'",
        **dict.fromkeys(
            ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action"),
            "'self'",
        ),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_templates_hold_no_script_and_no_style() -> None:
    root = Path(__file__).resolve().parents[2]
    folders = (root / "annotate", root / "labeling", root / "exports")
    pages = [page for folder in folders for page in folder.rglob("templates/**/*.html")]
    faulty = [
        page.name
        for page in pages
        if any(
            bad in text
            for text in [page.read_text()]
            for bad in (" style=", "<style", " onclick=", " onchange=", "javascript:")
        )
        or page.read_text().count("<script") != page.read_text().count('<script type="module" src=')
    ]

    assert len(pages) > 20
    assert faulty == []


def test_every_kind_of_refusal_has_a_status_and_a_meaning() -> None:
    assert set(STATUS_OF) == set(Kind)
    assert set(MEANINGS) == set(Kind)
    assert len(set(STATUS_OF.values())) == len(Kind)


def test_deactivated_account_is_shown_the_door_at_once() -> None:
    user = make_user()
    client = signed_in(user)
    user.is_active = False
    user.save()

    assert client.get("/account/password/change/").status_code == 302

"""The accounts API: who am I, entering by link, tokens."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from labeling.access import Scope
from labeling.accounts.enums import LinkPurpose
from labeling.accounts.models import ApiToken, User
from labeling.accounts.queries import link_url, token_for
from labeling.accounts.services.links import give_link
from labeling.accounts.tries import MOST_TRIES
from labeling.clock import database_now
from tests.factories import PASSWORD, Cast, make_bearer, make_user, signed_in

pytestmark = pytest.mark.django_db
ACCEPT = "/api/v1/links/accept/"
TOKENS = "/api/v1/tokens/"


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


def invitation(email: str = "new@annotate.localhost") -> str:
    user = User.objects.create_user(email)
    now = database_now()
    return give_link(user=user, purpose=LinkPurpose.INVITATION, created_by=None, now=now)


def post(client: Client, url: str, body: object, **headers: str) -> dict[str, Any]:
    response = client.post(url, body, content_type="application/json", headers=headers)
    return {"status": response.status_code, **(response.json() if response.content else {})}


def error_of(answer: dict[str, Any]) -> object:
    return answer["status"], answer["error"]["code"]


def test_me_names_the_person() -> None:
    user = make_user("me@annotate.localhost")

    assert signed_in(user).get("/api/v1/me/").json() == {
        "id": user.pk,
        "email": "me@annotate.localhost",
        "display_name": "me",
        "is_operator": False,
    }


def test_invitation_makes_the_account_and_signs_in(client: Client) -> None:
    body = {"link": link_url(invitation()), "password": PASSWORD, "display_name": "New"}

    answer = post(client, ACCEPT, body)

    assert (answer["status"], answer["display_name"]) == (200, "New")
    assert client.get("/api/v1/me/").json()["email"] == "new@annotate.localhost"


def test_session_by_link_needs_the_csrf_token_that_came_with_it() -> None:
    client = Client(enforce_csrf_checks=True)
    post(client, ACCEPT, {"link": invitation(), "password": PASSWORD, "display_name": "New"})
    body = {"name": "x", "scopes": ["export:read"]}

    bare = post(client, TOKENS, body)
    answer = post(client, TOKENS, body, **{"X-CSRFToken": client.cookies["csrftoken"].value})

    assert (error_of(bare), answer["status"]) == ((403, "forbidden"), 201)


def test_session_id_changes_on_entering(client: Client) -> None:
    client.session["x"] = 1
    client.session.save()
    before = client.session.session_key

    post(client, ACCEPT, {"link": invitation(), "password": PASSWORD, "display_name": "New"})

    assert before != client.session.session_key


def test_link_of_another_person_replaces_the_session() -> None:
    client = signed_in(make_user("first@annotate.localhost"))
    client.session["note"] = "first person's"

    post(client, ACCEPT, {"link": invitation(), "password": PASSWORD, "display_name": "New"})

    assert client.get("/api/v1/me/").json()["email"] == "new@annotate.localhost"
    assert "note" not in client.session


def test_used_link_is_refused_by_name(client: Client) -> None:
    body = {"link": invitation(), "password": PASSWORD, "display_name": "New"}
    post(client, ACCEPT, body)

    assert error_of(post(Client(), ACCEPT, body)) == (410, "link_used")


def test_weak_password_is_refused_by_field(client: Client) -> None:
    answer = post(client, ACCEPT, {"link": invitation(), "password": "short"})

    assert error_of(answer) == (400, "invalid")
    assert set(answer["error"]["data"]["fields"]) == {"password", "display_name"}


def test_unknown_field_is_refused_by_name(client: Client) -> None:
    answer = post(client, ACCEPT, {"link": invitation(), "is_superuser": True})

    assert error_of(answer) == (400, "invalid")
    assert list(answer["error"]["data"]["fields"]) == ["is_superuser"]


def test_guessing_links_is_stopped_and_working_links_are_not_counted(client: Client) -> None:
    for number in range(MOST_TRIES):
        assert error_of(post(client, ACCEPT, {"link": f"guess{number}"})) == (404, "link_unknown")

    assert error_of(post(client, ACCEPT, {"link": "guess"})) == (429, "throttled")


def test_token_is_shown_once_and_works(client: Client) -> None:
    user = make_user()
    client = signed_in(user)

    made = post(client, TOKENS, {"name": "n", "scopes": ["campaigns:read"], "days": 7})

    listed = client.get(TOKENS).json()["results"]
    assert "secret" not in listed[0]
    assert listed[0]["id"] == made["id"]
    header = {"Authorization": f"Bearer {made['secret']}"}
    assert Client().get("/api/v1/me/", headers=header).json()["id"] == user.pk


def test_token_lasts_the_days_asked_for() -> None:
    made = post(signed_in(make_user()), TOKENS, {"name": "n", "scopes": ["export:read"], "days": 7})

    token = ApiToken.objects.get(pk=str(made["id"]))
    assert token.expires_at - token.created_at == timedelta(days=7)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": 366}, "days"),
        ({"days": 0}, "days"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["all"]}, "scopes"),
        ({"name": ""}, "name"),
        ({"user": 1}, "user"),
        ({"digest": "x"}, "digest"),
    ],
)
def test_token_refuses_by_field(change: dict[str, Any], field: str) -> None:
    body = {"name": "n", "scopes": ["export:read"], "days": 7, **change}

    answer = post(signed_in(make_user()), TOKENS, body)

    assert error_of(answer) == (400, "invalid")
    assert list(answer["error"]["data"]["fields"]) == [field]
    assert not ApiToken.objects.exists()


def test_token_cannot_make_list_or_revoke_tokens() -> None:
    user = make_user()
    headers = make_bearer(user)
    one = reverse("api-token", args=[ApiToken.objects.get().pk])

    answers = [
        Client().get(TOKENS, headers=headers),
        Client().post(TOKENS, {}, content_type="application/json", headers=headers),
        Client().delete(one, headers=headers),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert ApiToken.objects.filter(revoked_at=None).count() == 1


def test_token_without_the_scope_is_refused() -> None:
    headers = make_bearer(make_user(), Scope.EXPORT_READ)

    assert Client().get("/api/v1/me/", headers=headers).status_code == 403


def test_revoked_token_is_out_at_once() -> None:
    user = make_user()
    headers = make_bearer(user)
    token = ApiToken.objects.get()

    gone = signed_in(user).delete(reverse("api-token", args=[token.pk]))

    assert gone.status_code == 204
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401


def test_token_of_somebody_else_cannot_be_revoked(cast: Cast) -> None:
    headers = make_bearer(cast.manager)
    url = reverse("api-token", args=[ApiToken.objects.get().pk])

    assert signed_in(cast.stranger).delete(url).status_code == 404
    assert Client().get("/api/v1/me/", headers=headers).status_code == 200


def test_closed_account_is_out_at_once() -> None:
    user = make_user()
    client, headers = signed_in(user), make_bearer(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get("/api/v1/me/").status_code == 401
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401


def test_token_secret_is_nowhere_in_the_database() -> None:
    made = post(signed_in(make_user()), TOKENS, {"name": "n", "scopes": ["export:read"]})

    assert token_for(str(made["secret"]), now=database_now()) is not None
    assert str(made["secret"]) not in str(list(ApiToken.objects.values()))

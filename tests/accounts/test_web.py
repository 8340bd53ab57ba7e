"""The pages of links and tokens, and who gets to the operators' tables."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from labeling.accounts.enums import LinkPurpose
from labeling.accounts.models import AccessLink, ApiToken, AuditEvent, User
from labeling.accounts.queries import link_url
from labeling.accounts.services.links import give_link
from labeling.clock import database_now
from tests.factories import PASSWORD, Cast, make_operator, make_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


def path_of(user: User, purpose: LinkPurpose = LinkPurpose.SIGN_IN) -> str:
    signed = give_link(user=user, purpose=purpose, created_by=None, now=database_now())
    return f"/links/{signed}/"


def said_by(page: Any) -> str:
    """Return the heading and the first paragraph of a page that refuses."""
    found = re.search(r"<h1>(.*?)</h1>\s*<p[^>]*>(.*?)</p>", page.content.decode())
    assert found is not None
    return f"{found[1]}: {found[2]}"


def test_looking_at_a_link_uses_nothing_up(client: Client) -> None:
    path = path_of(make_user("someone@annotate.localhost"))

    page = client.get(path)

    assert (page.status_code, b"someone@annotate.localhost" in page.content) == (200, True)
    assert AccessLink.objects.get().used_at is None
    assert "_auth_user_id" not in client.session


def test_pressing_the_button_signs_in_and_goes_on(client: Client) -> None:
    user = make_user()

    answer = client.post(f"{path_of(user)}?next=/account/tokens/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/tokens/")
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\x"]
)
def test_link_leads_nowhere_else(client: Client, place: str) -> None:
    answer = client.post(path_of(make_user()), query_params={"next": place})

    assert answer.headers["Location"] == "/"


def test_link_needs_the_pages_own_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    path = path_of(make_user())

    assert client.post(path).status_code == 403
    assert AccessLink.objects.get().used_at is None


def test_used_link_says_what_to_do(client: Client) -> None:
    path = path_of(make_user())
    client.post(path)

    page = Client().get(path)

    assert page.status_code == 410
    assert said_by(page) == (
        "This link has been used: "
        "A link works only once, and this one has let somebody in already. If that was you, "
        "sign in with your password. If not, ask the manager of your campaign for a new link."
    )


def test_expired_link_says_until_when_it_worked(client: Client) -> None:
    path = path_of(make_user())
    given, over = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 7, 8, 5, tzinfo=UTC)
    AccessLink.objects.update(created_at=given, expires_at=over)

    page = client.get(path)

    assert page.status_code == 410
    assert said_by(page) == (
        "This link has expired: "
        "It worked until 7 March 2026, 08:05 UTC. To get in, ask the manager of your campaign "
        "for a new link."
    )


def test_forged_link_is_not_found_and_says_what_to_do(client: Client) -> None:
    page = client.get(f"/links/{'A' * 43}.{'B' * 43}/")

    assert page.status_code == 404
    assert said_by(page) == (
        "This link does not work: "
        "A part of it is missing, or it was never given out here. Copy the whole link once more, "
        "or ask the manager of your campaign for a new link."
    )
    assert b"member of that campaign" not in page.content
    assert b'href="/account/sign-in/">Sign in' in page.content


def test_link_for_another_person_says_so_and_changes_the_session() -> None:
    first, second = make_user("first@annotate.localhost"), make_user("second@annotate.localhost")
    client = signed_in(first)
    path = path_of(second)

    page = client.get(path)
    client.post(path)

    assert b"signed in as first@annotate.localhost" in page.content
    assert client.session["_auth_user_id"] == str(second.pk)


def test_invitation_keeps_the_name_when_the_password_is_weak(client: Client) -> None:
    user = User.objects.create_user("new@annotate.localhost")
    path = path_of(user, LinkPurpose.INVITATION)

    page = client.post(path, {"display_name": "Typed name", "password": "password"})

    assert page.status_code == 400
    assert b'value="Typed name"' in page.content
    assert b"too short" in page.content
    assert AccessLink.objects.get().used_at is None


def test_invitation_then_signing_in_by_password(client: Client) -> None:
    user = User.objects.create_user("new@annotate.localhost")
    form = {"display_name": "New", "password": PASSWORD}

    client.post(path_of(user, LinkPurpose.INVITATION), form)

    fresh = Client()
    fresh.post("/account/sign-in/", {"login": "new@annotate.localhost", "password": PASSWORD})
    assert fresh.session["_auth_user_id"] == str(user.pk)


def test_link_is_given_out_under_the_sites_address(settings: Settings) -> None:
    settings.BASE_URL = "https://annotate.example"

    assert link_url("a.b") == "https://annotate.example/links/a.b/"


def test_token_page_shows_the_secret_once() -> None:
    client = signed_in(make_user())

    made = client.post("/account/tokens/", {"name": "n", "scopes": ["export:read"], "days": 30})
    later = client.get("/account/tokens/")

    prefix = ApiToken.objects.get().prefix
    assert f"{prefix}_".encode() in made.content
    assert f"{prefix}_".encode() not in later.content


def test_token_page_keeps_what_was_typed() -> None:
    page = signed_in(make_user()).post("/account/tokens/", {"name": "typed", "days": 400})

    assert page.status_code == 400
    assert b'value="typed"' in page.content
    assert not ApiToken.objects.exists()


def test_token_page_revokes_own_tokens_only(cast: Cast) -> None:
    owner = signed_in(cast.manager)
    owner.post("/account/tokens/", {"name": "n", "scopes": ["export:read"], "days": 30})
    url = f"/account/tokens/{ApiToken.objects.get().pk}/revoke/"

    assert signed_in(cast.stranger).post(url).status_code == 404
    assert ApiToken.objects.get().revoked_at is None
    owner.post(url)
    assert ApiToken.objects.get().revoked_at is not None


@pytest.mark.parametrize("path", ["/operators/", "/operators/accounts/user/add/"])
def test_staff_without_superuser_finds_no_operators_tables(path: str) -> None:
    staff = make_user(is_staff=True)

    assert signed_in(staff).get(path).status_code == 404


def test_staff_cannot_lift_themselves() -> None:
    staff = make_user(is_staff=True)
    url = f"/operators/accounts/user/{staff.pk}/change/"

    answer = signed_in(staff).post(url, {"email": staff.email, "is_superuser": "on"})

    staff.refresh_from_db()
    assert (answer.status_code, staff.is_superuser) == (404, False)


def test_operator_makes_a_person_who_comes_by_invitation() -> None:
    client = signed_in(make_operator())

    client.post("/operators/accounts/user/add/", {"email": "New@annotate.localhost"})

    user = User.objects.get(email="new@annotate.localhost")
    assert (user.has_usable_password(), user.is_staff) == (False, False)
    assert AuditEvent.objects.get(action="user.created").target == f"user:{user.pk}"


@pytest.mark.parametrize("table", ["auditevent", "apitoken", "accesslink"])
def test_operators_only_look_at_what_services_write(table: str) -> None:
    client = signed_in(make_operator())

    assert client.get(f"/operators/accounts/{table}/").status_code == 200
    assert client.get(f"/operators/accounts/{table}/add/").status_code == 403


def test_operators_tables_show_no_digest() -> None:
    operator = make_operator()
    client = signed_in(operator)
    client.post("/account/tokens/", {"name": "n", "scopes": ["export:read"], "days": 30})
    token = ApiToken.objects.get()

    page = client.get(f"/operators/accounts/apitoken/{token.pk}/change/")

    assert token.prefix.encode() in page.content
    assert token.digest.encode() not in page.content

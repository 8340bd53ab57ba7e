"""Signing in and out and passwords: the account pages that the library serves in our shell."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from labeling.accounts.models import User
from tests.factories import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db
NEW = "another long passphrase"


@pytest.fixture(autouse=True)
def _no_earlier_tries() -> None:
    cache.clear()


def sign_in(client: Client, user: User, password: str) -> int:
    form = {"login": user.email, "password": password}
    return client.post(reverse("account_login"), form).status_code


def reset_link(client: Client, user: User) -> str:
    """Ask for a new password and return the address in the mail."""
    client.post(reverse("account_reset_password"), {"email": user.email})
    found = re.search(
        r"http://testserver(/account/password/reset/key/\S+)", str(mail.outbox[0].body)
    )
    assert found is not None
    return found[1]


def test_sign_in_page_says_that_accounts_come_by_invitation(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()

    assert "There is no sign-up" in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_confirm_email"])
def test_there_is_no_sign_up_and_no_mail_management(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_sign_in_leads_to_the_page_that_was_asked_for(client: Client) -> None:
    user = make_user()
    form = {"login": user.email.upper(), "password": PASSWORD, "next": "/account/password/change/"}

    answer = client.post(reverse("account_login"), form)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/password/change/")


def test_sign_in_never_leads_off_the_site(client: Client) -> None:
    user = make_user()
    form = {"login": user.email, "password": PASSWORD, "next": "https://elsewhere.example/"}

    answer = client.post(reverse("account_login"), form)

    assert answer.headers["Location"] == "/"


def test_sign_in_refuses_unknown_and_wrong_in_the_same_words(client: Client) -> None:
    user = make_user()
    form = {"login": user.email, "password": "wrong"}

    wrong = client.post(reverse("account_login"), form).content.decode()
    unknown = client.post(reverse("account_login"), {**form, "login": "nobody@annotate.localhost"})

    reason = re.compile(r'role="alert">\s*<div>(.*?)</div>', re.DOTALL)
    assert reason.findall(wrong) == reason.findall(unknown.content.decode()) != []


def test_guessing_is_slowed_down(client: Client) -> None:
    user = make_user()

    for _ in range(5):
        sign_in(client, user, "wrong")

    assert sign_in(client, user, PASSWORD) == 200
    assert not client.session.get("_auth_user_id")


def test_switched_off_account_cannot_sign_in(client: Client) -> None:
    user = make_user(is_active=False)

    sign_in(client, user, PASSWORD)

    assert not client.session.get("_auth_user_id")


def test_sign_out_needs_a_post() -> None:
    client = signed_in(make_user())

    assert b"Sign out?" in client.get(reverse("account_logout")).content
    assert client.session.get("_auth_user_id")
    assert client.post(reverse("account_logout")).status_code == 302
    assert not client.session.get("_auth_user_id")


def test_forgotten_password_is_chosen_anew_by_a_mailed_link_that_works_once(
    client: Client,
) -> None:
    user = make_user()
    link = reset_link(client, user)
    form_address = client.get(link).headers["Location"]

    page = client.get(form_address).content.decode()
    answer = client.post(form_address, {"password1": NEW, "password2": NEW}, follow=True)

    assert "<h1>Choose a new password</h1>" in page
    assert "Your password is changed" in answer.content.decode()
    assert sign_in(Client(), user, NEW) == 302
    assert b"This link no longer works" in Client().get(link).content


def test_reset_mail_is_ours_and_names_no_other_person(client: Client) -> None:
    user = make_user()
    reset_link(client, user)

    assert (mail.outbox[0].subject, mail.outbox[0].to) == (
        "Annotate: Choose a new password",
        [user.email],
    )
    assert "sign up" not in mail.outbox[0].body.lower()


def test_reset_answers_the_same_for_an_unknown_address(client: Client) -> None:
    answer = client.post(
        reverse("account_reset_password"), {"email": "nobody@annotate.localhost"}, follow=True
    )

    assert b"If there is an account with this address" in answer.content
    assert mail.outbox == []


def test_password_change_keeps_this_session_and_ends_the_others() -> None:
    user = make_user()
    here, elsewhere = signed_in(user), signed_in(user)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    here.post(reverse("account_change_password"), form)

    page = reverse("account_change_password")
    assert (here.get(page).status_code, elsewhere.get(page).status_code) == (200, 302)


def test_weak_password_is_refused_beside_its_field() -> None:
    form = {"oldpassword": PASSWORD, "password1": "12345678", "password2": "12345678"}

    answer = signed_in(make_user()).post(reverse("account_change_password"), form)
    page = answer.content.decode()

    assert 'aria-invalid="true"' in page
    assert "It must contain at least 10 characters." in page


def test_person_without_a_password_is_led_to_choose_one() -> None:
    user = User.objects.create_user("invited@annotate.localhost")
    client = signed_in(user)

    answer = client.get(reverse("account_change_password"), follow=True)
    client.post(reverse("account_set_password"), {"password1": NEW, "password2": NEW})

    assert b"<h1>Choose a password</h1>" in answer.content
    assert sign_in(Client(), user, NEW) == 302

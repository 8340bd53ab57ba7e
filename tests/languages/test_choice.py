"""Which language a page is in: the person's own choice, else the browser's; the API is English."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from labeling.access import Scope
from labeling.accounts.models import User
from labeling.wording import listed
from tests.factories import PASSWORD, make_bearer, make_campaign, make_member, make_user, signed_in

pytestmark = pytest.mark.django_db
SIGN_IN = {"en": "Sign in", "ar": "تسجيل الدخول", "ja": "サインイン"}
DOOR = "/account/sign-in/"


def choose(client: Client, code: str, page: str = "") -> Any:
    headers = {"Referer": page} if page else {}
    return client.post(reverse("language"), {"language": code}, headers=headers)


def title_of(client: Client, **headers: str) -> str:
    page = client.get(DOOR, headers=headers)
    return page.content.decode().split("<h1>")[1].split("</h1>")[0]


@pytest.mark.parametrize("code", SIGN_IN)
def test_page_is_in_the_language_of_the_browser(client: Client, code: str) -> None:
    assert title_of(client, accept_language=code) == SIGN_IN[code]


def test_page_is_english_for_a_browser_of_another_language(client: Client) -> None:
    assert title_of(client, accept_language="tlh") == SIGN_IN["en"]


def test_choice_goes_before_the_browser_and_leads_back(client: Client) -> None:
    answer = choose(client, "ja", f"http://testserver{DOOR}")

    assert answer.url.endswith(DOOR)
    assert title_of(client, accept_language="ar") == SIGN_IN["ja"]


def test_choice_leads_to_no_other_site(client: Client) -> None:
    answer = choose(client, "ja", "https://elsewhere.invalid/")

    assert answer.url == "/"


def test_choice_of_a_person_holds_on_every_device() -> None:
    person = make_user()
    choose(signed_in(person), "ar")

    page = signed_in(person).get("/", headers={"accept-language": "ja"})

    assert User.objects.get(pk=person.pk).language == "ar"
    assert page.headers["Content-Language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in page.content.decode()


def test_language_that_is_not_offered_changes_nothing() -> None:
    person = make_user()

    answer = choose(signed_in(person), "tlh")

    assert answer.status_code == 400
    assert User.objects.get(pk=person.pk).language == ""


def test_account_in_a_language_that_is_offered_no_more_has_the_browsers(client: Client) -> None:
    person = make_user(language="tlh")

    page = signed_in(person).get("/", headers={"accept-language": "ja"})

    assert page.headers["Content-Language"] == "ja"


def test_api_speaks_english_to_everybody(client: Client) -> None:
    campaign = make_campaign()
    person = make_member(campaign)
    User.objects.update(language="ar")
    bearer = make_bearer(person, Scope.CAMPAIGNS_READ)

    answer = client.get("/api/v1/campaigns/7/", headers={"accept-language": "ja", **bearer})

    assert answer.json()["error"]["message"].isascii()
    assert answer.headers["Content-Language"] == "en"


def test_refusals_and_faults_of_forms_speak_the_persons_language() -> None:
    operator = make_user(language="ja", is_superuser=True)
    client = signed_in(operator)

    refused = client.get("/campaigns/7/").content.decode()
    faulty = client.post("/campaigns/new/", {"name": ""}).content.decode()

    assert '<html lang="ja">' in refused
    assert "There is" not in refused
    assert "この項目は必須です。" in faulty


def test_english_pages_load_no_catalogue(client: Client) -> None:
    assert "/words/" not in client.get(DOOR).content.decode()
    assert (
        '<link rel="modulepreload" href="/static/annotate/words/ar.js">'
        in client.get(DOOR, headers={"accept-language": "ar"}).content.decode()
    )


def test_signing_in_keeps_the_persons_own_language(client: Client) -> None:
    person = make_user(language="ar")

    client.post(DOOR, {"login": person.email, "password": PASSWORD})

    assert client.get("/").headers["Content-Language"] == "ar"


@pytest.mark.parametrize("typed", ["too long, untrue", "too long، untrue", "too long、untrue,"])
def test_lists_are_read_with_the_commas_of_each_language(typed: str) -> None:
    assert listed(typed) == ["too long", "untrue"]

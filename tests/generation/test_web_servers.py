"""The manager's page of model servers."""

import pytest

from labeling.generation.models import ModelServer
from tests.factories import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"name": "lab", "base_url": "https://models.example/v1", "at_once": 4}
KEY = "sk-very-secret"


@pytest.fixture(autouse=True)
def hosts(settings):
    settings.MODEL_HOSTS = frozenset({"models.example:443"})


@pytest.fixture
def url(campaign):
    return f"/campaigns/{campaign.pk}/generation/servers/"


@pytest.fixture
def page(manager):
    return signed_in(manager)


def test_server_is_added_and_its_key_never_shown(page, url):
    answer = page.post(f"{url}add/", FORM | {"api_key": KEY})

    assert (answer.status_code, answer.headers["Location"]) == (302, url)
    shown = page.get(url).content.decode()
    assert "with a key" in shown
    assert "4 calls at a time" in shown
    assert KEY not in shown
    assert KEY not in ModelServer.objects.get().sealed_key


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"base_url": "https://other.example/v1"}, "not a host that is allowed here"),
        ({"base_url": "models"}, "must be an address like"),
        ({"at_once": 0}, "greater than or equal to 1"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_refused_server_names_what_does_not_hold_and_gives_no_key_back(page, url, changes, reason):
    answer = page.post(f"{url}add/", FORM | {"api_key": KEY} | changes)

    assert answer.status_code == 400
    assert reason in answer.content.decode()
    assert KEY not in answer.content.decode()
    assert not ModelServer.objects.exists()


def test_name_that_is_taken_is_said_above_the_form(page, url):
    page.post(f"{url}add/", FORM)

    answer = page.post(f"{url}add/", FORM)

    assert "There is a server of this name." in answer.content.decode()


def test_key_is_changed_and_taken_away(page, url):
    page.post(f"{url}add/", FORM)
    server = ModelServer.objects.get()

    page.post(f"{url}{server.pk}/key/", {"api_key": KEY})
    assert "“lab” has another key now." in page.get(url).content.decode()
    assert "with a key" in page.get(url).content.decode()
    page.post(f"{url}{server.pk}/key/", {"api_key": ""})

    assert "without a key" in page.get(url).content.decode()


def test_key_that_is_too_long_changes_nothing(page, url):
    page.post(f"{url}add/", FORM | {"api_key": KEY})
    server = ModelServer.objects.get()

    answer = page.post(f"{url}{server.pk}/key/", {"api_key": "x" * 1001})

    assert answer.status_code == 400
    assert "at most 1000 characters" in answer.content.decode()
    assert ModelServer.objects.get().sealed_key == server.sealed_key


def test_server_is_removed_with_its_key(page, url):
    page.post(f"{url}add/", FORM | {"api_key": KEY})

    page.post(f"{url}{ModelServer.objects.get().pk}/remove/")

    assert not ModelServer.objects.exists()
    assert "is removed, and its key with it" in page.get(url).content.decode()


def test_page_without_allowed_hosts_says_who_allows_them(page, url, settings):
    settings.MODEL_HOSTS = frozenset()

    shown = page.get(url).content.decode()

    assert "MODEL_HOSTS" in shown
    assert "<form" not in shown.partition("Add a server")[2]

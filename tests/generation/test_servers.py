"""Managers name servers on hosts that the operator allows; a key goes in and never comes out."""

import json

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from annotate.endpoints import Endpoint
from labeling.accounts.models import AuditEvent
from labeling.errors import Invalid
from labeling.generation.backends.port import BackendUnavailable
from labeling.generation.models import ModelServer, RunPart
from labeling.generation.services.backends import open_backend
from labeling.generation.services.generators import Draft, add_generator
from labeling.generation.services.servers import (
    ServerNameTaken,
    add_server,
    server_named,
    set_key,
)
from tests.factories import make_campaign, signed_in

URL, KEY, JSON = "https://models.example/v1", "sk-very-secret", "application/json"


@pytest.fixture(autouse=True)
def _hosts(settings):
    settings.MODEL_HOSTS = frozenset({"models.example:443", "127.0.0.1:8000"})
    settings.MODEL_ENDPOINTS = {"lab": Endpoint("http://lab.invalid/v1", "")}


@pytest.fixture
def add(campaign, manager):
    def add(**changes):
        given = {"name": "Ours", "base_url": URL, "api_key": KEY}
        return add_server(campaign=campaign, by=manager, **(given | changes))

    return add


def test_server_is_found_by_name_with_its_key(add, campaign):
    add(at_once=3, many=True)

    found = server_named(campaign.pk, "Ours")

    assert found is not None
    assert (found.base_url, found.api_key, found.at_once, found.many) == (URL, KEY, 3, True)
    assert KEY not in repr(found)


def test_server_of_another_campaign_is_not_found(add):
    add()

    assert server_named(make_campaign().pk, "Ours") is None


def test_key_stands_sealed_in_the_database_and_in_no_event(add):
    server = add()

    assert server.sealed_key
    assert KEY not in server.sealed_key
    assert KEY not in str([event.data for event in AuditEvent.objects.all()])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"base_url": "https://other.example/v1"}, "base_url"),
        ({"base_url": "http://models.example/v1"}, "base_url"),
        ({"base_url": "https://models.example:8443/v1"}, "base_url"),
        ({"base_url": "https://models.example@evil.example/v1"}, "base_url"),
        ({"base_url": "https://u:p@models.example/v1"}, "base_url"),
        ({"base_url": "https://models.example/v1?key=a"}, "base_url"),
        ({"base_url": "ftp://models.example/v1"}, "base_url"),
        ({"base_url": "https://[models.example/v1"}, "base_url"),
        ({"base_url": "https://models.example:99999/v1"}, "base_url"),
        ({"api_key": "x" * 1001}, "api_key"),
        ({"at_once": 0}, "at_once"),
        ({"a_minute": 0}, "a_minute"),
    ],
)
def test_server_that_does_not_hold_names_the_field(add, changes, field):
    with pytest.raises(Invalid) as refused:
        add(**changes)

    assert list(refused.value.data["fields"]) == [field]
    assert not ModelServer.objects.exists()


def test_name_is_taken_once_a_campaign_and_never_that_of_the_deployment(add):
    add()

    for name in ("Ours", "lab"):
        with pytest.raises(ServerNameTaken):
            add(name=name)


def test_generator_names_the_server_and_is_opened_with_its_key(add, campaign, manager):
    add()
    draft = Draft("Warm", "openai", "m", endpoint="Ours")
    generator = add_generator(campaign=campaign, user=manager, draft=draft)

    backend = open_backend(RunPart(generator=generator, run_id=1))

    assert backend._headers == {"Authorization": f"Bearer {KEY}"}  # type: ignore[attr-defined]


def test_key_that_cannot_be_opened_is_a_clear_refusal(add, campaign, manager, settings):
    add()
    draft = Draft("Warm", "openai", "m", endpoint="Ours")
    generator = add_generator(campaign=campaign, user=manager, draft=draft)
    settings.SEALING_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(BackendUnavailable, match="cannot be opened"):
        open_backend(RunPart(generator=generator, run_id=1))


def test_command_seals_all_keys_with_the_newest_or_none(add, campaign, manager, settings, capsys):
    old, new = settings.SEALING_KEYS[0], Fernet.generate_key().decode()
    first, second = add(), add(name="Theirs")
    settings.SEALING_KEYS = [new]
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("reseal_keys")

    settings.SEALING_KEYS = [new, old]
    call_command("reseal_keys")
    settings.SEALING_KEYS = [new]

    assert "2 keys are sealed" in capsys.readouterr().out
    for server in (first, second):
        found = server_named(campaign.pk, server.name)
        assert found is not None
        assert found.api_key == KEY


def test_key_is_set_anew_and_taken_away(add, campaign, manager):
    server = add()

    set_key(server=server, api_key="sk-other", by=manager)
    found = server_named(campaign.pk, "Ours")
    set_key(server=server, api_key="", by=manager)

    assert found is not None
    assert found.api_key == "sk-other"
    assert server.sealed_key == ""


def test_api_takes_a_key_and_never_gives_one_out(cast):
    api = signed_in(cast.manager)
    base = f"/api/v1/campaigns/{cast.campaign.pk}/servers/"
    body = {"name": "Ours", "base_url": URL, "api_key": KEY}

    made = api.post(base, json.dumps(body), content_type=JSON)
    place = f"{base}{made.json()['id']}/"
    changed = api.put(f"{place}key/", json.dumps({"api_key": "sk-other"}), content_type=JSON)
    listed = api.get(base)
    removed = api.delete(place)

    assert (made.status_code, changed.status_code, removed.status_code) == (201, 200, 204)
    assert made.json()["has_key"] is True
    for answer in (made, changed, listed):
        assert "sk-" not in answer.content.decode()
    assert not ModelServer.objects.exists()

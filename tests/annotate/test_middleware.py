"""Large bodies are refused by their stated length, before they are read."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import Cast, signed_in

MEGABYTE = 1024 * 1024


class Unread:
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def send(client: Client, path: str, size: int, kind: str = "application/json"):
    environment: Any = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(size)}
    return client.generic("POST", path, b"", kind, **environment)


@pytest.mark.django_db
def test_large_json_is_413_before_it_is_read(cast: Cast) -> None:
    response = send(signed_in(cast.manager), "/api/v1/campaigns/", 6 * MEGABYTE)

    assert response.status_code == 413
    assert response.json()["error"]["code"] == "body_too_large"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/account/sign-in/", "/nowhere/"])
def test_large_form_from_anyone_is_refused_before_it_is_read(client: Client, path: str) -> None:
    response = send(client, path, 6 * MEGABYTE, "multipart/form-data; boundary=x")

    assert response.status_code in {404, 413}


@pytest.mark.django_db
def test_files_of_strangers_are_refused_before_they_are_read(cast: Cast) -> None:
    path = f"/campaigns/{cast.campaign.pk}/prompts/import/"

    response = send(
        signed_in(cast.stranger), path, 50 * MEGABYTE, "multipart/form-data; boundary=x"
    )

    assert response.status_code == 404

"""Every error of the API has one shape."""

import pytest
from django.test import Client

from tests.factories import Cast, signed_in


@pytest.mark.django_db
def test_what_breaks_on_our_side_keeps_the_shape(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("labeling.ranking.api.judgments.current_judgments", broken)
    client = signed_in(cast.manager)
    client.raise_request_exception = False

    response = client.get(f"/api/v1/campaigns/{cast.campaign.pk}/judgments/")

    assert response.status_code == 500
    assert response.json() == {
        "error": {"code": "server_error", "message": "This broke on our side.", "data": {}}
    }


def test_an_unknown_address_keeps_the_shape(client: Client) -> None:
    response = client.get("/api/v1/nowhere/")

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


@pytest.mark.django_db
@pytest.mark.parametrize("scheme", ["Bearer nothing", "bearer ann_x_y"])
def test_an_unknown_token_is_401_with_the_scheme(client: Client, scheme: str) -> None:
    response = client.get("/api/v1/me/", headers={"Authorization": scheme})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="annotate"'
    assert response.json()["error"]["code"] == "sign_in_needed"


def test_missing_and_foreign_campaigns_are_told_apart_by_nothing(cast: Cast) -> None:
    client = signed_in(cast.annotator)

    foreign = client.get(f"/api/v1/campaigns/{cast.foreign.pk}/")
    missing = client.get("/api/v1/campaigns/999999/")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.json() == missing.json()

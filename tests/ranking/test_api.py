"""Ranking over REST: blind, once, and with the remedy in every refusal."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from labeling.ranking.models import Judgment
from tests.factories import Cast, signed_in
from tests.stock import stock

pytestmark = pytest.mark.django_db


def post(client: Client, name: str, body: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    headers = kwargs.pop("headers", {})
    return client.post(
        reverse(name, kwargs=kwargs), body or {}, content_type="application/json", headers=headers
    )


def next_for(client: Client, cast: Cast) -> dict[str, Any]:
    found: dict[str, Any] = post(client, "api-next", campaign_id=cast.campaign.pk).json()
    return found


def test_next_shows_texts_in_display_order_and_nothing_else(cast: Cast) -> None:
    stock(cast.campaign, 1, texts=("good", "bad"))

    response = post(signed_in(cast.annotator), "api-next", campaign_id=cast.campaign.pk)

    shown = response.json()["assignment"]
    assert set(shown) == {
        "id", "token", "expires_at", "prompt", "responses", "question", "guideline_version",
    }  # fmt: skip
    assert [set(one) for one in shown["responses"]] == [{"letter", "text", "html"}] * 2
    assert sorted(one["text"].split()[0] for one in shown["responses"]) == ["bad", "good"]
    assert "model-" not in response.content.decode()


def test_next_with_nothing_left_says_so(cast: Cast) -> None:
    assert next_for(signed_in(cast.annotator), cast) == {
        "assignment": None,
        "upcoming": [],
        "why": "nothing_left",
        "done": 0,
        "open": 0,
    }


def test_submit_answers_201_with_the_receipt_and_replays_it(cast: Cast) -> None:
    stock(cast.campaign, 1)
    client = signed_in(cast.annotator)
    shown = next_for(client, cast)["assignment"]
    body = {"token": shown["token"], "outcome": "ranked", "ranks": [1, 2], "strength": 2}
    where = {"campaign_id": cast.campaign.pk, "assignment_id": shown["id"]}

    first = post(client, "api-submit", body, headers={"Idempotency-Key": "k"}, **where)
    again = post(client, "api-submit", body, headers={"Idempotency-Key": "k"}, **where)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json()["judgment"] == Judgment.objects.get().pk


def test_submit_of_another_body_under_the_same_key_is_422(cast: Cast) -> None:
    stock(cast.campaign, 1)
    client = signed_in(cast.annotator)
    shown = next_for(client, cast)["assignment"]
    where = {"campaign_id": cast.campaign.pk, "assignment_id": shown["id"]}
    for outcome, status in (("tie", 201), ("both_bad", 422)):
        body = {"token": shown["token"], "outcome": outcome}
        response = post(client, "api-submit", body, headers={"Idempotency-Key": "k"}, **where)
        assert response.status_code == status
    assert response.json()["error"]["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "ranked", "ranks": [1, 1]}, "ranks"),
        ({"outcome": "ranked", "ranks": "AB"}, "ranks"),
        ({"outcome": "tie", "annotator": 1}, "annotator"),
        ({"outcome": "tie", "counted": True}, "counted"),
        ({"outcome": "skipped"}, "outcome"),
    ],
)
def test_submit_of_a_wrong_body_names_the_field(
    cast: Cast, body: dict[str, Any], field: str
) -> None:
    stock(cast.campaign, 1)
    client = signed_in(cast.annotator)
    shown = next_for(client, cast)["assignment"]

    response = post(
        client,
        "api-submit",
        {"token": shown["token"], **body},
        campaign_id=cast.campaign.pk,
        assignment_id=shown["id"],
    )

    assert response.status_code == 400
    assert list(response.json()["error"]["data"]["fields"]) == [field]
    assert Judgment.objects.count() == 0


def test_skip_answers_201_and_the_next_one_is_another(cast: Cast) -> None:
    stock(cast.campaign, 2)
    client = signed_in(cast.annotator)
    first = next_for(client, cast)["assignment"]
    where = {"campaign_id": cast.campaign.pk, "assignment_id": first["id"]}

    response = post(client, "api-skip", {"token": first["token"], "reason": "language"}, **where)

    assert response.status_code == 201
    assert next_for(client, cast)["assignment"]["prompt"] != first["prompt"]


def test_judgments_are_listed_for_reviewers_and_hidden_from_annotators(cast: Cast) -> None:
    where = reverse("api-judgments", kwargs={"campaign_id": cast.campaign.pk})

    statuses = [
        signed_in(person).get(where).status_code
        for person in (cast.manager, cast.reviewer, cast.annotator, cast.stranger)
    ]

    assert statuses == [200, 200, 403, 404]

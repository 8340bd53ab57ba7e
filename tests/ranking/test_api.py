"""Ranking over REST: blind, once, and with the remedy in every refusal."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from labeling.accounts.models import User
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.services.leases import expire_leases
from labeling.campaigns.services import set_state
from labeling.clock import database_now
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


def test_submit_claims_what_comes_next_in_the_same_request(cast: Cast) -> None:
    stock(cast.campaign, 2)
    client = signed_in(cast.annotator)
    shown = next_for(client, cast)["assignment"]
    body = {"token": shown["token"], "outcome": "tie", "hold": 1}
    where = {"campaign_id": cast.campaign.pk, "assignment_id": shown["id"]}

    first = post(client, "api-submit", body, headers={"Idempotency-Key": "k"}, **where)
    again = post(client, "api-submit", body, headers={"Idempotency-Key": "k"}, **where)

    following = first.json()["next"]
    assert following["done"] == 1
    assert following["assignment"]["id"] != shown["id"]
    assert following["assignment"] == next_for(client, cast)["assignment"] | {
        "expires_at": following["assignment"]["expires_at"]
    }
    assert again.content == first.content


def test_submit_after_a_pause_is_saved_and_nothing_comes_next(cast: Cast) -> None:
    stock(cast.campaign, 2)
    client = signed_in(cast.annotator)
    shown = next_for(client, cast)["assignment"]
    set_state(campaign=cast.campaign, state="paused", by=cast.manager)
    where = {"campaign_id": cast.campaign.pk, "assignment_id": shown["id"]}

    body = {"token": shown["token"], "outcome": "tie", "hold": 1}
    answer = post(client, "api-submit", body, **where)

    assert (answer.status_code, answer.json()["next"]) == (201, None)


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


def hold(client: Client, cast: Cast, number: int) -> list[dict[str, Any]]:
    found = post(client, "api-next", {"hold": number}, campaign_id=cast.campaign.pk).json()
    return [found["assignment"], *found["upcoming"]]


def test_heartbeat_renews_what_is_live_and_names_what_is_lost(cast: Cast) -> None:
    stock(cast.campaign, 3)
    client = signed_in(cast.annotator)
    first, second, third = hold(client, cast, 3)
    soon = database_now() + timedelta(seconds=5)
    Assignment.objects.update(expires_at=soon)
    give_back(cast, third)
    tokens = [first["token"], third["token"], second["token"], str(uuid4())]

    answer = post(client, "api-heartbeat", {"tokens": tokens}, campaign_id=cast.campaign.pk).json()

    assert [lease["id"] for lease in answer["live"]] == [first["id"], second["id"]]
    assert answer["lost"] == [tokens[1], tokens[3]]
    assert all(lease.expires_at > soon for lease in Assignment.objects.filter(state="live"))


def give_back(cast: Cast, *leases: dict[str, Any], by: User | None = None) -> int:
    body = {"leases": [{"id": each["id"], "token": each["token"]} for each in leases]}
    client = signed_in(by or cast.annotator)
    answer = post(client, "api-give-back", body, campaign_id=cast.campaign.pk)
    return int(answer.status_code)


def test_leases_given_back_are_free_for_others_and_nothing_is_counted(cast: Cast) -> None:
    stock(cast.campaign, 3)
    leases = hold(signed_in(cast.annotator), cast, 3)
    free = Comparison.objects.aggregate(free=Sum("open_slots"))["free"]

    assert give_back(cast, *leases[1:]) == 204
    assert give_back(cast, *leases[1:]) == 204

    assert Comparison.objects.aggregate(free=Sum("open_slots"))["free"] == free + 2
    assert sorted(Assignment.objects.values_list("state", flat=True)) == [
        *("live", "released", "released")
    ]
    assert Judgment.objects.count() == 0


def test_nobody_gives_back_what_is_somebody_elses_or_under_a_new_token(cast: Cast) -> None:
    stock(cast.campaign, 2)
    first, second = hold(signed_in(cast.annotator), cast, 2)

    give_back(cast, first, by=cast.teammate)
    give_back(cast, {**second, "token": str(uuid4())})

    assert set(Assignment.objects.values_list("state", flat=True)) == {"live"}


def answered(client: Client, cast: Cast) -> tuple[dict[str, Any], int]:
    """Let the annotator answer their next comparison; return it and the judgment's id."""
    shown = next_for(client, cast)["assignment"]
    body = {"token": shown["token"], "outcome": "ranked", "ranks": [1, 2], "strength": 2}
    where = {"campaign_id": cast.campaign.pk, "assignment_id": shown["id"]}
    return shown, post(client, "api-submit", body, **where).json()["judgment"]


def test_undo_gives_the_comparison_back_under_a_new_token_and_keeps_the_history(
    cast: Cast,
) -> None:
    stock(cast.campaign, 1)
    client = signed_in(cast.annotator)
    shown, judgment = answered(client, cast)
    where: dict[str, Any] = {"campaign_id": cast.campaign.pk, "judgment_id": judgment}

    undone = post(client, "api-undo", headers={"Idempotency-Key": "u"}, **where)
    replay = post(client, "api-undo", headers={"Idempotency-Key": "u"}, **where)
    again = post(client, "api-undo", **where)

    held = undone.json()["assignment"]
    assert (undone.json()["outcome"], undone.json()["held"]) == ("undone", True)
    assert held["token"] != shown["token"]
    assert {**held, "token": 0, "expires_at": 0} == {**shown, "token": 0, "expires_at": 0}
    assert replay.content == undone.content
    assert (again.status_code, again.json()["error"]["code"]) == (409, "already_judged")
    assert Judgment.objects.count() == 2
    assert Comparison.objects.get().judged == 0


def test_an_answer_after_undo_supersedes_and_counts(cast: Cast) -> None:
    stock(cast.campaign, 1)
    client = signed_in(cast.annotator)
    _, judgment = answered(client, cast)
    where: dict[str, Any] = {"campaign_id": cast.campaign.pk, "judgment_id": judgment}
    held = post(client, "api-undo", **where).json()["assignment"]

    body = {"token": held["token"], "outcome": "tie"}
    where = {"campaign_id": cast.campaign.pk, "assignment_id": held["id"]}
    assert post(client, "api-submit", body, **where).status_code == 201

    assert list(Judgment.objects.order_by("id").values_list("outcome", "counted")) == [
        ("ranked", True),
        ("undone", False),
        ("tie", True),
    ]
    assert Comparison.objects.get().judged == 1


def test_an_answer_after_undo_is_taken_when_the_lease_ran_out_meanwhile(cast: Cast) -> None:
    stock(cast.campaign, 1)
    client = signed_in(cast.annotator)
    _, judgment = answered(client, cast)
    where: dict[str, Any] = {"campaign_id": cast.campaign.pk, "judgment_id": judgment}
    held = post(client, "api-undo", **where).json()["assignment"]
    expire_leases(now=database_now() + timedelta(days=1))

    body = {"token": held["token"], "outcome": "tie"}
    where = {"campaign_id": cast.campaign.pk, "assignment_id": held["id"]}

    assert post(client, "api-submit", body, **where).status_code == 201


def test_undo_of_somebody_elses_answer_is_not_found(cast: Cast) -> None:
    stock(cast.campaign, 1)
    _, judgment = answered(signed_in(cast.annotator), cast)
    where: dict[str, Any] = {"campaign_id": cast.campaign.pk, "judgment_id": judgment}

    assert post(signed_in(cast.teammate), "api-undo", **where).status_code == 404
    assert Judgment.objects.count() == 1

"""Rounds and what is known of members, over REST."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.queries import rounds_of
from tests.campaigns.test_api import of, refusal_of, send
from tests.conftest import Rings
from tests.factories import Cast, signed_in

pytestmark = pytest.mark.django_db
FIELDS = {"number", "name", "checkpoint", "state", "opened_at", "closed_at"}
PLAN = "assignment.plan_comparisons"


def rows_of(cast: Cast) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (
        signed_in(cast.manager).get(of(cast.campaign, "rounds")).json()["results"]
    )
    return rows


def member_of(campaign: Campaign, cast: Cast) -> str:
    member = Membership.objects.get(campaign=campaign, user=cast.annotator)
    return of(campaign, "members", member.pk)


def test_next_round_is_opened_and_listed_first(cast: Cast) -> None:
    body = {"name": "Second", "checkpoint": "step-200"}

    response = send(signed_in(cast.manager), "POST", of(cast.campaign, "rounds"), body)

    made = response.json()
    assert (response.status_code, set(made)) == (201, FIELDS)
    assert (made["number"], made["checkpoint"], made["closed_at"]) == (2, "step-200", None)
    assert [(row["number"], row["state"]) for row in rows_of(cast)] == [(2, "open"), (1, "closed")]


def test_round_is_closed_and_opened_again(cast: Cast) -> None:
    client, url = signed_in(cast.manager), of(cast.campaign, "rounds", 1)

    closed = send(client, "POST", f"{url}close/").json()
    opened = send(client, "POST", f"{url}open/").json()

    assert (closed["state"], opened["state"]) == ("closed", "open")
    assert closed["closed_at"] is not None
    assert opened["closed_at"] is None


def test_round_is_not_reopened_beside_another(cast: Cast) -> None:
    client = signed_in(cast.manager)
    send(client, "POST", of(cast.campaign, "rounds"), {"name": "Second"})

    response = send(client, "POST", of(cast.campaign, "rounds", 1, "open"))

    assert refusal_of(response) == (409, "round_open")
    assert response.json()["error"]["data"] == {"open": 2}


def test_round_gets_its_checkpoint_later(cast: Cast) -> None:
    url = of(cast.campaign, "rounds", 1)

    response = send(signed_in(cast.manager), "PATCH", url, {"checkpoint": "step-100"})

    assert (response.json()["name"], response.json()["checkpoint"]) == ("Round 1", "step-100")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "Round 1"}, "name"),
        ({"name": "x\0"}, "name"),
        ({"name": "x", "checkpoint": "x" * 201}, "checkpoint"),
        ({"name": "x", "number": 7}, "number"),
        ({"name": "x", "state": "closed"}, "state"),
    ],
)
def test_round_is_refused_by_field(cast: Cast, body: object, field: str) -> None:
    response = send(signed_in(cast.manager), "POST", of(cast.campaign, "rounds"), body)

    assert refusal_of(response) == (400, "invalid")
    assert list(response.json()["error"]["data"]["fields"]) == [field]
    assert rounds_of(cast.campaign).count() == 1


def test_round_that_is_none_is_not_found(cast: Cast) -> None:
    client = signed_in(cast.manager)

    for number in (2, 2**64):
        response = send(client, "POST", of(cast.campaign, "rounds", number, "close"))
        assert refusal_of(response) == (404, "not_found")


@pytest.mark.parametrize("person", ["annotator", "reviewer"])
def test_checkpoints_are_the_managers_alone(cast: Cast, person: str) -> None:
    response = signed_in(getattr(cast, person)).get(of(cast.campaign, "rounds"))

    assert refusal_of(response) == (403, "forbidden")


def test_list_costs_the_same_for_one_and_for_three(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, url = signed_in(cast.manager), of(cast.campaign, "rounds")

    for more in (0, 2):
        for n in range(more):
            send(client, "POST", url, {"name": f"More {n}"})
        with django_assert_num_queries(4):
            client.get(url)


def test_member_is_described_and_shown_so(cast: Cast) -> None:
    client, url = signed_in(cast.manager), member_of(cast.campaign, cast)
    body = {"role": "reviewer", "languages": ["DE", "pt-br"], "skills": ["law"], "qualified": True}

    changed = send(client, "PATCH", url, body).json()

    rows = client.get(of(cast.campaign, "members")).json()["results"]
    assert [row for row in rows if row["id"] == changed["id"]] == [changed]
    assert (changed["role"], changed["languages"]) == ("reviewer", ["de", "pt-BR"])
    assert (changed["skills"], changed["qualified"]) == (["law"], True)
    assert changed["qualified_at"] is not None


def test_member_keeps_what_is_not_named(cast: Cast) -> None:
    client, url = signed_in(cast.manager), member_of(cast.campaign, cast)
    send(client, "PATCH", url, {"languages": ["de"], "skills": ["law"], "qualified": True})

    changed = send(client, "PATCH", url, {"qualified": False}).json()

    assert (changed["role"], changed["languages"]) == ("annotator", ["de"])
    assert (changed["skills"], changed["qualified_at"]) == (["law"], None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "owner"}, "role"),
        ({"languages": "en"}, "languages"),
        ({"languages": ["not a tag"]}, "languages"),
        ({"skills": ["law, tax"]}, "skills"),
        ({"skills": ["x"] * 51}, "skills"),
        ({"qualified": "soon"}, "qualified"),
        ({"qualified_at": "2020-01-01T00:00:00Z"}, "qualified_at"),
    ],
)
def test_member_is_refused_by_field(cast: Cast, body: object, field: str) -> None:
    response = send(signed_in(cast.manager), "PATCH", member_of(cast.campaign, cast), body)

    assert refusal_of(response) == (400, "invalid")
    assert list(response.json()["error"]["data"]["fields"]) == [field]


def test_planning_is_told_of_rounds_and_members(
    cast: Cast, rings: Rings, django_capture_on_commit_callbacks: Any
) -> None:
    client, member = signed_in(cast.manager), member_of(cast.campaign, cast)
    people = {"members": [{"email": "new@annotate.localhost"}]}
    writes = [
        ("POST", of(cast.campaign, "rounds"), {"name": "Second"}),
        ("POST", of(cast.campaign, "rounds", 2, "close"), None),
        ("POST", of(cast.campaign, "rounds", 1, "open"), None),
        ("POST", of(cast.campaign, "members"), people),
        ("PATCH", member, {"skills": ["law"]}),
        ("DELETE", member, None),
    ]

    for method, url, body in writes:
        rings.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert send(client, method, url, body).status_code < 300
        assert rings == [(PLAN, {"campaign_id": cast.campaign.pk})], (method, url)

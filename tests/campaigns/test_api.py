"""The campaigns API: what each role may do, what a stranger sees, how it refuses."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign, Membership
from tests.factories import Cast, add_person, make_campaign, make_user, signed_in

pytestmark = pytest.mark.django_db
ALL = "/api/v1/campaigns/"
FIELDS = {
    "id", "name", "description", "state", "candidates_per_comparison", "overlap", "criteria",
    "tie_allowed", "neither_allowed", "counts_ai", "rationale", "rationale_min", "reason_tags",
    "ideal", "lease_seconds", "version",
    "content_warning", "most_a_day", "pay", "currency", "guideline_version", "role", "created_at",
}  # fmt: skip


def of(campaign: Campaign, *parts: object) -> str:
    return ALL + "/".join(str(part) for part in (campaign.pk, *parts)) + "/"


def send(client: Client, method: str, url: str, body: object = None, **headers: str) -> Any:
    return client.generic(
        method, url, json.dumps(body), content_type="application/json", headers=headers
    )


def refusal_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def test_list_holds_own_campaigns_with_own_role(cast: Cast) -> None:
    second = make_campaign(name="Second")
    add_person(second, cast.annotator, "reviewer")

    rows = signed_in(cast.annotator).get(ALL).json()["results"]

    assert [(row["id"], row["role"]) for row in rows] == [
        (second.pk, "reviewer"),
        (cast.campaign.pk, "annotator"),
    ]
    assert set(rows[0]) == FIELDS


def test_list_of_an_operator_holds_every_campaign(cast: Cast) -> None:
    rows = signed_in(cast.operator).get(ALL).json()["results"]

    assert [(row["id"], row["role"]) for row in rows] == [
        (cast.foreign.pk, "manager"),
        (cast.campaign.pk, "manager"),
    ]


def test_list_is_paged_by_cursor(cast: Cast) -> None:
    for _ in range(2):
        make_campaign(cast.manager)
    client = signed_in(cast.manager)

    first = client.get(ALL, {"limit": 2}).json()
    second = client.get(first["next"]).json()

    ids = [row["id"] for row in [*first["results"], *second["results"]]]
    assert ids == sorted(ids, reverse=True)
    assert (len(first["results"]), len(second["results"]), second["next"]) == (2, 1, None)


@pytest.mark.parametrize(
    "query", ["state=active", "created_by__password__startswith=p", "cursor=!", "limit=201"]
)
def test_list_refuses_unlisted_parameters(cast: Cast, query: str) -> None:
    response = signed_in(cast.manager).get(f"{ALL}?{query}")

    assert refusal_of(response) == (400, "invalid")
    assert list(response.json()["error"]["data"]["fields"]) == [query.partition("=")[0]]


def test_list_costs_the_same_for_one_and_for_three(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.manager)

    for more in (0, 2):
        for _ in range(more):
            make_campaign(cast.manager)
        with django_assert_num_queries(3):
            client.get(ALL)


def test_manager_creates_a_campaign(cast: Cast) -> None:
    asked = {"reason_tags": [" false "], "rationale_min": 20, "ideal": "optional"}
    body = {"name": "Third", "guideline": "Be fair.", "candidates_per_comparison": 4, **asked}

    response = send(signed_in(cast.manager), "POST", ALL, body)

    made = response.json()
    assert (response.status_code, set(made)) == (201, FIELDS)
    assert (made["state"], made["role"], made["guideline_version"]) == ("draft", "manager", 1)
    kept = {name: made[name] for name in asked}
    assert kept == {"reason_tags": ["false"], "rationale_min": 20, "ideal": "optional"}
    assert Campaign.objects.get(pk=made["id"]).candidates_per_comparison == 4


def test_annotator_creates_no_campaign(cast: Cast) -> None:
    response = send(signed_in(cast.annotator), "POST", ALL, {"name": "x"})

    assert refusal_of(response) == (403, "forbidden")
    assert Campaign.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x", "overlap": 26}, "overlap"),
        ({"name": "x", "candidates_per_comparison": 1}, "candidates_per_comparison"),
        ({"name": "x", "criteria": ["a", "A"]}, "criteria"),
        ({"name": "x\0"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "x", "shuffle_seed": 1}, "shuffle_seed"),
        ({"name": "x", "created_by": 1}, "created_by"),
        ({"name": "x", "state": "active"}, "state"),
    ],
)
def test_campaign_is_refused_by_field(cast: Cast, body: object, field: str) -> None:
    response = send(signed_in(cast.manager), "POST", ALL, body)

    assert refusal_of(response) == (400, "invalid")
    assert list(response.json()["error"]["data"]["fields"]) == [field]
    assert Campaign.objects.count() == 2


def test_edit_of_an_older_version_is_refused(cast: Cast) -> None:
    client, url = signed_in(cast.manager), of(cast.campaign)
    first = send(client, "PATCH", url, {"version": 1, "overlap": 5})

    second = send(client, "PATCH", url, {"version": 1, "overlap": 7})

    assert (first.json()["version"], first.json()["overlap"]) == (2, 5)
    assert refusal_of(second) == (409, "campaign_changed")
    assert second.json()["error"]["data"] == {"version": 2}


def test_edit_without_a_version_is_refused(cast: Cast) -> None:
    response = send(signed_in(cast.manager), "PATCH", of(cast.campaign), {"overlap": 5})

    assert list(response.json()["error"]["data"]["fields"]) == ["version"]


def test_state_is_set_and_illegal_steps_are_named(cast: Cast) -> None:
    client, url = signed_in(cast.manager), of(cast.campaign, "state")

    paused = send(client, "POST", url, {"state": "paused"})
    draft = send(client, "POST", url, {"state": "draft"})

    assert paused.json()["state"] == "paused"
    assert refusal_of(draft) == (409, "campaign_state")
    assert draft.json()["error"]["data"] == {"state": "paused", "allowed": ["active", "completed"]}


def test_guide_is_published_and_read_by_annotators(cast: Cast) -> None:
    url = of(cast.campaign, "guidelines")

    made = send(signed_in(cast.manager), "POST", url, {"text": "Newer."})
    rows = signed_in(cast.annotator).get(url).json()["results"]

    assert (made.status_code, made.json()["version"]) == (201, 2)
    assert [(row["version"], row["text"]) for row in rows] == [
        (2, "Newer."),
        (1, "Prefer what is true."),
    ]
    assert set(rows[0]) == {"version", "text", "must_be_read", "created_at"}


def test_reading_the_guide_is_confirmed_for_the_one_who_asks(cast: Cast) -> None:
    guides = of(cast.campaign, "guidelines")
    made = send(signed_in(cast.manager), "POST", guides, {"text": "Newer.", "must_be_read": True})

    read = send(signed_in(cast.annotator), "POST", f"{guides}2/read/")
    absent = send(signed_in(cast.annotator), "POST", f"{guides}3/read/")

    assert made.json()["must_be_read"] is True
    assert (read.status_code, read.json()) == (200, {"guideline_read": 2})
    assert refusal_of(absent) == (400, "invalid")
    readers = Membership.objects.filter(campaign=cast.campaign, guideline_read=2)
    assert [each.user for each in readers] == [cast.annotator]


def test_members_are_added_with_links_that_let_them_in(cast: Cast) -> None:
    body = {
        "members": [
            {"email": "new@annotate.localhost"},
            {"email": cast.stranger.email, "role": "reviewer"},
        ]
    }

    response = send(signed_in(cast.manager), "POST", of(cast.campaign, "members"), body)

    new, known = response.json()["results"]
    assert (response.status_code, new["member"]["role"], new["member"]["has_come"]) == (
        201,
        "annotator",
        False,
    )
    assert (known["member"]["role"], known["is_new"], known["link"]) == ("reviewer", True, None)
    accept = {"link": new["link"], "password": "a long enough passphrase", "display_name": "New"}
    client = Client()
    assert send(client, "POST", "/api/v1/links/accept/", accept).status_code == 200
    assert client.get(of(cast.campaign)).json()["role"] == "annotator"


def test_members_with_one_bad_address_are_all_refused(cast: Cast) -> None:
    body = {"members": [{"email": "fine@annotate.localhost"}, {"email": "not an address"}]}

    response = send(signed_in(cast.manager), "POST", of(cast.campaign, "members"), body)

    assert response.json()["error"]["data"]["fields"]["members"] == [
        "Entry 2: 'not an address' is not an e-mail address."
    ]
    assert not User.objects.filter(email="fine@annotate.localhost").exists()


def test_member_gets_another_role_and_is_removed(cast: Cast) -> None:
    client = signed_in(cast.manager)
    membership = Membership.objects.get(campaign=cast.campaign, user=cast.annotator)
    url = of(cast.campaign, "members", membership.pk)

    assert send(client, "PATCH", url, {"role": "reviewer"}).json()["role"] == "reviewer"
    assert send(client, "DELETE", url).status_code == 204
    assert signed_in(cast.annotator).get(of(cast.campaign)).status_code == 404


def test_last_manager_cannot_be_removed(cast: Cast) -> None:
    membership = Membership.objects.get(campaign=cast.campaign, user=cast.manager)

    response = send(signed_in(cast.manager), "DELETE", of(cast.campaign, "members", membership.pk))

    assert refusal_of(response) == (409, "last_manager")


def test_member_list_costs_the_same_for_one_and_for_many(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, url = signed_in(cast.manager), of(cast.campaign, "members")

    for more in (0, 3):
        for _ in range(more):
            add_person(cast.campaign, make_user())
        with django_assert_num_queries(4):
            client.get(url)

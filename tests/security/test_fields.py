"""Each role gets its fields and no others, and sets its fields and no others."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from annotate.openapi import document
from labeling.accounts.models import User
from labeling.campaigns.models import Membership
from labeling.ranking.models import Judgment
from labeling.shapes import Strict
from tests.security.actors import Actor, make_actors
from tests.security.bodies import FORM, body_for, body_shape
from tests.security.effects import changed, state
from tests.security.fields import TABLE, UPDATE, answers, beyond, listed, operations, table
from tests.security.routes import Route, all_routes
from tests.security.walking import PLAIN
from tests.security.world import World

pytestmark = [pytest.mark.once, pytest.mark.django_db]
SENT = [(route, method) for route, method in operations() if body_shape(route, method)]
NEVER = {
    "password", "digest", "is_staff", "is_superuser", "claim", "claim_expires_at", "session",
    "upload", "shuffle_seed", "last_login", "token_hash", "candidate_key", "api_key",
}  # fmt: skip
# Where an address or a secret may be answered at all: to oneself, to managers, and once.
GIVEN_IN = {"email": {"MeOut", "MemberOut"}, "secret": {"NewTokenOut"}, "link": {"AddedOut"}}


def model_fields() -> list[str]:
    """Return the name of every column and relation of every table."""
    names = {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    columns = {
        field.attname for model in apps.get_models() for field in model._meta.concrete_fields
    }
    return sorted(names | columns | {"pk", "weight", "project", "owner", "is_operator", "scope"})


@pytest.fixture(scope="module")
def actors(world: World) -> dict[str, Actor]:
    return make_actors(world)


def url_of(route: Route, ids: dict[str, Any]) -> str:
    return reverse(route.name, kwargs={name: {**PLAIN, **ids}[name] for name in route.ids})


def test_table_of_fields_is_the_reviewed_one():
    assert table().splitlines() == TABLE.read_text().splitlines(), (
        f"Fields of the REST API have changed. If that is meant: {UPDATE}"
    )


@pytest.mark.parametrize("name", ["annotator", "reviewer", "manager", "operator"])
def test_answers_hold_no_field_that_the_schema_does_not_list(name, stage, actors):
    side, found, compared = stage.sides["A"], [], 0
    for route, method in operations():
        cache.clear()
        ids = side.ids(name if name != "operator" else "manager")
        with transaction.atomic():
            response = actors[name].send(method, url_of(route, ids), **body_for(route, method, ids))
            transaction.set_rollback(True)
        shapes = list(answers(route, method))
        if response.status_code < 300 and shapes:
            compared += 1
            extra = min((list(beyond(response.json(), shape)) for shape in shapes), key=len)
            found += [f"{method} /{route.pattern}: {key}" for key in extra]
    assert found == []
    assert compared >= 5


def test_a_field_that_is_not_listed_is_found():
    shape = {"properties": {"rows": {"items": {"properties": {"id": {"type": "integer"}}}}}}
    assert list(beyond({"rows": [{"id": 1, "email": "x"}]}, shape)) == [".rows[].email"]


def test_no_shape_lists_a_secret_and_addresses_stay_with_managers():
    shapes = document()["components"]["schemas"]
    out = {name: set(shape.get("properties", {})) for name, shape in shapes.items()
           if not name.removesuffix("Request").endswith("In")}  # fmt: skip
    assert {name: sorted(fields & NEVER) for name, fields in out.items() if fields & NEVER} == {}
    for field, wanted in GIVEN_IN.items():
        having = {name for name, fields in out.items() if field in fields}
        assert having == {one.removesuffix("Out") for one in wanted} or having == wanted


@pytest.mark.parametrize(
    ("route", "method"), SENT, ids=[f"{method} {route.name}" for route, method in SENT]
)
def test_body_with_any_other_field_is_refused_by_its_name(route, method, stage, actors):
    ids = stage.sides["A"].ids("manager")
    known = {name.partition("[]")[0].partition(".")[0]
             for name in listed(body_shape(route, method) or {})}  # fmt: skip
    unknown = [name for name in model_fields() if name not in known]
    given = body_for(route, method, ids)
    body = {**json.loads(given["data"]), **dict.fromkeys(unknown, 1)}
    before = state()

    response = actors["manager"].send(
        method, url_of(route, ids), **{**given, "data": json.dumps(body)}
    )

    assert response.status_code == 400
    assert set(unknown) <= set(response.json()["error"]["data"]["fields"])
    assert changed(before, state()) == []


def test_a_shape_that_ignores_unknown_fields_is_found(stage, actors, monkeypatch):
    lax = super(Strict, Strict).to_internal_value
    monkeypatch.setattr(Strict, "to_internal_value", lax)
    (route,) = (route for route, _ in SENT if route.name == "api-campaign-state")

    with pytest.raises(AssertionError):
        test_body_with_any_other_field_is_refused_by_its_name(route, "POST", stage, actors)


def test_people_in_a_list_of_new_members_take_no_other_field(stage, actors):
    url = reverse("api-members", args=[stage.sides["A"].campaign.pk])
    before = state()
    for name in ("is_superuser", "is_staff", "password", "user", "campaign"):
        person = {"email": "new@annotate.localhost", "role": "annotator", name: 1}
        response = actors["manager"].send(
            "POST", url, data=json.dumps({"members": [person]}), content_type="application/json"
        )
        assert response.status_code == 400
    assert changed(before, state()) == []


def privileges() -> list[Any]:
    """Return what no form of any page may set."""
    return [
        list(User.objects.order_by("pk").values_list("is_superuser", "is_staff", "is_active")),
        list(User.objects.order_by("pk").values_list("email", "password")),
        list(Membership.objects.order_by("pk").values_list("user", "campaign", "created_at")),
        list(Judgment.objects.order_by("pk").values_list("annotator", "counted", "created_at")),
    ]


@pytest.mark.parametrize("name", ["annotator", "manager"])
def test_forms_with_the_name_of_every_column_lift_nobody(name, stage, actors):
    ids = stage.sides["A"].ids(name)
    extra = "&".join(f"{field}=1" for field in model_fields() if field not in {"token"})
    before, lifted = privileges(), []
    for route in all_routes():
        if route.is_api or not route.rule("POST") or route.name == "member-remove":
            continue
        cache.clear()
        with transaction.atomic():
            actors[name].send("POST", url_of(route, ids), data=extra, content_type=FORM)
            now = [rows[: len(was)] for rows, was in zip(privileges(), before, strict=True)]
            lifted += [route.pattern] if now != before else []
            transaction.set_rollback(True)
    assert lifted == []


def test_an_answer_on_the_page_is_its_persons_own_whatever_the_form_says(stage, actors):
    side = stage.sides["A"]
    ids, other = side.ids("annotator"), side.people["teammate"]
    criterion = "criterion-0=same"
    form = f"token={ids['lease_token']}&scale=1&{criterion}&annotator={other.pk}&counted=0"
    url = next(
        url_of(route, ids)
        for route in all_routes()
        if not route.is_api and route.rule("POST") and route.ids[-1:] == ("assignment_id",)
        and "skip" not in route.pattern
    )  # fmt: skip

    response = actors["annotator"].send("POST", url, data=form, content_type=FORM)

    latest = Judgment.objects.latest("pk")
    assert response.status_code == 303
    assert (latest.annotator, latest.counted) == (side.people["annotator"], True)

"""Ids inside bodies are checked like ids in addresses: foreign ones are refused, without effect."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from labeling.accounts.models import IdempotencyKey
from tests.security.actors import Actor, make_actors
from tests.security.bodies import FORM, JSON, body_for, body_shape, resolve
from tests.security.effects import changed, state
from tests.security.routes import Route, all_routes
from tests.security.sides import Side
from tests.security.world import World

pytestmark = pytest.mark.django_db
# Whole numbers in bodies name objects or count something; a new one is put on one of the lists.
NAMES_AN_OBJECT = {
    "annotator": "user_id",
    "candidates": "candidate_id",
    "comparison": "comparison_id",
    "comparisons": "comparison_id",
    "constitution": "constitution_id",
    "generator": "generator_id",
    "members": "membership_id",
    "prompt": "prompt_id",
    "prompts": "prompt_id",
    "revises": "judgment_id",
    "run": "run_id",
}
COUNTS_SOMETHING = {
    "a_minute", "acceptable_to", "active_ms", "at_once", "candidates_per_comparison", "days",
    "fewest_items",
    "gold_percent", "guideline_version", "hold", "hours", "in_seconds", "lease_seconds", "longest",
    "max_pairs", "max_tokens", "min_votes", "most_a_day",
    "most_items", "most_votes", "overlap", "pairs_per_prompt", "pass_percent", "per_prompt",
    "person_limit", "random_percent", "ranks", "rationale_min", "repeat_percent", "retry_hours",
    "rounds",
    "seed", "share_percent", "skip_limit", "slice_percent", "strength", "training_items",
    "version",
}  # fmt: skip
# Leases are given back by id and token: what is somebody else's is left as it is, not refused.
BESIDE_A_TOKEN = {"id"}
WRITES = ("POST", "PUT", "PATCH")


@pytest.fixture(scope="module")
def manager(world: World) -> Actor:
    return make_actors(world)["manager"]


@pytest.fixture(scope="module")
def annotator(world: World) -> Actor:
    return make_actors(world)["annotator"]


Way = tuple[str | int, ...]


def numbers() -> Iterator[tuple[Route, str, Way, bool]]:
    """Yield the way to each field of each body that holds a whole number or a list of them."""
    for route in all_routes():
        for method in WRITES if route.is_api else ():
            for way, many in ways_in(body_shape(route, method) or {}):
                yield route, method, way, many


def ways_in(shape: dict[str, Any], above: Way = ()) -> Iterator[tuple[Way, bool]]:
    for name, field in shape.get("properties", {}).items():
        many = field.get("type") == "array"
        each = resolve(field["items"] if many else field)
        if each.get("type") == "integer":
            yield (*above, name), many
        elif many and each.get("type") == "object":
            yield from ways_in(each, (*above, name, 0))


def put(body: Any, way: Way, value: object) -> None:
    """Write a value into a body."""
    for step in way[:-1]:
        body = body[step]
    body[way[-1]] = value


def test_every_number_in_a_body_is_known_to_name_an_object_or_not():
    names = {way[-1] for _, _, way, _ in numbers()}
    assert names == NAMES_AN_OBJECT.keys() | COUNTS_SOMETHING | BESIDE_A_TOKEN


def refused(actor: Actor, method: str, url: str, **given: Any) -> list[str]:
    """Send a request that must be refused; return what went otherwise."""
    cache.clear()
    before = state()
    response = actor.send(method, url, **given)
    faults = [] if 400 <= response.status_code < 500 else [f"{url}: {response.status_code}"]
    return faults + [f"{url}: {name} changed" for name in changed(before, state())]


def with_foreign_ids(side: Side, person: str, foreign: dict[str, Any]) -> Iterator[tuple]:
    """Yield every write with one field of its body naming a foreign object."""
    for route, method, way, many in numbers():
        name = str(way[-1])
        if name in NAMES_AN_OBJECT and not {"run_id"} & set(route.ids):
            ids = side.ids(person)
            url = reverse(route.name, kwargs={key: ids[key] for key in route.ids})
            given = body_for(route, method, ids)
            number = foreign[NAMES_AN_OBJECT[name]]
            body = json.loads(given["data"])
            put(body, way, [number] if many else number)
            yield method, url, json.dumps(body)


@pytest.mark.parametrize("whose", ["B", "a colleague's"])
def test_foreign_ids_in_api_bodies_are_refused(whose: str, stage: World, manager: Actor):
    side = stage.sides["A"]
    foreign = stage.sides["B"].ids("worker") if whose == "B" else {
        **dict.fromkeys(NAMES_AN_OBJECT.values(), 10**9),
        "judgment_id": side.ids("teammate")["judgment_id"],
    }  # fmt: skip
    sent = list(with_foreign_ids(side, "manager", foreign))

    faults = [
        fault
        for method, url, body in sent
        for fault in refused(manager, method, url, data=body, content_type=JSON)
    ]

    assert len(sent) >= len(NAMES_AN_OBJECT)
    assert faults == []


@pytest.mark.parametrize("page", ["answer", "skip"])
def test_page_that_revises_somebody_elses_judgment_is_refused(page, stage, annotator):
    ids = stage.sides["A"].ids("annotator")
    routes = {route.name: route for route in all_routes()}
    (name,) = (name for name in routes if name in {page, f"rank-{page}"})
    url = reverse(name, args=[ids["campaign_id"], ids["assignment_id"]])
    for person, letter in (("teammate", "A"), ("worker", "B")):
        other = stage.sides[letter].ids(person)["judgment_id"]
        form = f"token={ids['lease_token']}&scale=1&reason=broken&revises={other}"
        assert refused(annotator, "POST", url, data=form, content_type=FORM) == []


def test_somebody_elses_lease_token_opens_nothing(stage, annotator):
    mine = stage.sides["A"].ids("annotator")
    theirs = stage.sides["A"].ids("teammate")
    body = json.dumps({"token": theirs["lease_token"], "outcome": "tie"})
    for assignment in (mine["assignment_id"], theirs["assignment_id"]):
        url = reverse("api-submit", args=[mine["campaign_id"], assignment])
        assert refused(annotator, "POST", url, data=body, content_type=JSON) == []


def test_somebody_elses_idempotency_key_replays_nothing(stage, annotator):
    mine = stage.sides["A"].ids("annotator")
    teammate = stage.sides["A"].people["teammate"]
    key = IdempotencyKey.objects.filter(user=teammate).values_list("key", flat=True)[0]
    url = reverse("api-skip", args=[mine["campaign_id"], mine["assignment_id"]])
    body = json.dumps({"token": mine["lease_token"], "reason": "broken"})

    response = annotator.send(
        "POST", url, data=body, content_type=JSON, headers={"Idempotency-Key": key}
    )

    assert response.status_code == 201
    assert "Idempotency-Replayed" not in response.headers

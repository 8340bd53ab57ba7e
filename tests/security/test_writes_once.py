"""Every write of the REST API, sent again under its key, is not done again and answers the same."""

import json
from typing import Any

import pytest

from annotate.idempotency import HEADER, REPLAYED, takes_key
from exports.enums import ExportState
from exports.models import Export
from labeling.accounts.models import IdempotencyKey
from tests.security import effects
from tests.security.actors import make_actors
from tests.security.bodies import body_for, operation
from tests.security.routes import METHODS, Route, all_routes
from tests.security.walking import cases
from tests.security.world import World

WRITES = [
    (route, method)
    for route in all_routes()
    for method in METHODS
    if route.is_api and method != "GET" and route.rule(method) and route.name != "api-not-here"
]
KEYED = [
    (route, method)
    for route, method in WRITES
    if takes_key(route.view_class, route.rule(method), method)
]
UNKEYED = {"api-link-accept", "api-prompt-sets"}
SECRET = {"api-export-links", "api-members", "api-tokens"}
KEY = {HEADER: "a key"}
# The samples come from the schema; these fields have to fit the world.
FITTING: dict[str, dict[str, Any]] = {
    "api-campaign": {"pay": "0.5", "currency": "EUR"},
    "api-campaign-state": {"state": "paused"},
    "api-export-links": {"prefix": ""},
    "api-exports": {
        "validation_share": 0.1,
        "test_share": 0.1,
        "tokenizer": "",
        "max_tokens": 0,
        "without": [],
    },
    "api-generators": {"model": "an allowed model"},
    "api-judging": {"ceiling": "10"},
    "api-member": {"languages": ["en"]},
    "api-run": {"ceiling": "10"},
    "api-servers": {"base_url": "https://models.example/v1"},
}


def names(writes: list[tuple[Route, str]]) -> list[str]:
    return [f"{method} {route.name}" for route, method in writes]


def test_every_write_takes_a_key_but_files_and_links() -> None:
    assert {route.name for route, method in WRITES if (route, method) not in KEYED} == UNKEYED


@pytest.mark.parametrize(("route", "method"), WRITES, ids=names(WRITES))
def test_the_schema_says_which_writes_take_a_key(route: Route, method: str) -> None:
    parameters = operation(route, method).get("parameters", [])
    assert any(each["name"] == HEADER for each in parameters) == ((route, method) in KEYED)


def fitted(given: dict[str, Any], stage: World, route: Route) -> dict[str, Any]:
    """Return a request that does not only pass the gate but is carried out."""
    values = json.loads(given["data"])
    values.update(FITTING.get(route.name, {}))
    if "criteria" in values and route.name == "api-submit":
        values["criteria"] = dict.fromkeys(stage.sides["A"].campaign.criteria, "same")
    if route.name == "api-run-release":
        del values["candidates"]  # the world's run has made none yet
    if route.name == "api-revocations":  # one thing at a time
        values = {"annotator": stage.sides["A"].people["annotator"].pk, "reason": "It was spam."}
    return {**given, "data": json.dumps(values)}


@pytest.mark.parametrize(("route", "method"), KEYED, ids=names(KEYED))
def test_a_write_sent_twice_is_done_once(
    stage: World, settings: Any, route: Route, method: str
) -> None:
    settings.LOCAL_MODELS = ["an allowed model"]
    settings.MODEL_HOSTS = frozenset({"models.example:443"})
    actor = make_actors(stage)["annotator" if "judgment" in str(route.ids) else "manager"]
    case = next(cases(route, actor, stage))
    given = fitted(body_for(route, method, case.ids), stage, route)

    if route.name == "api-export-cancel":  # the world's export is ready
        Export.objects.update(state=ExportState.REQUESTED, finished_at=None)

    first = actor.send(method, case.url, headers=KEY, **given)
    assert first.status_code < 300, first.content
    before = effects.state()
    again = actor.send(method, case.url, headers=KEY, **given)

    assert effects.changed(before, effects.state()) == []
    if route.name in SECRET:
        assert again.json()["error"]["code"] == "answer_not_kept"
        assert IdempotencyKey.objects.get(key=KEY[HEADER]).answer == '{"secret":true}'
    else:
        assert again.headers[REPLAYED] == "true"
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers.get("Location") == first.headers.get("Location")

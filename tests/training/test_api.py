"""Managers set up training and qualification, and decide objections, over REST."""

import json
from typing import Any

import pytest
from django.test import Client

from labeling.access import Scope
from labeling.assignment.models import Comparison
from labeling.clock import database_now
from labeling.training.enums import Use
from labeling.training.models import Objection, TrainingItem
from labeling.training.services.objections import object_to
from tests.assignment.deciding import only
from tests.factories import Cast, make_bearer
from tests.stock import stock
from tests.training.setting import aside, begin, say, shown, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(cast: Cast) -> Client:
    return Client(headers=make_bearer(cast.manager))


def url(cast: Cast, where: str) -> str:
    return f"/api/v1/campaigns/{cast.campaign.pk}/training/{where}"


def send(api: Client, method: str, where: str, body: Any = None, **headers: str) -> Any:
    text = "" if body is None else json.dumps(body)
    return api.generic(method, where, text, "application/json", headers=headers)


def item_for(found: Comparison, **fields: Any) -> dict[str, Any]:
    given = {"comparison": found.pk, "use": "training", "reason": "Because.", "ranks": [1, 2]}
    return {**given, **fields}


def objection(cast: Cast) -> Objection:
    aside(cast.campaign, 1, Use.TRAINING)
    trial = say(shown(begin(cast.campaign, cast.annotator, Use.TRAINING)), agrees=False)
    return object_to(
        campaign=cast.campaign, person=cast.annotator, trial_id=trial.pk, text="B is false.",
        now=database_now(),
    )  # fmt: skip


def test_set_aside_list_change_and_take_back(cast: Cast, api: Client) -> None:
    stock(cast.campaign, 1)

    made = send(api, "POST", url(cast, "items/"), item_for(only(cast.campaign)))
    listed = api.get(url(cast, "items/")).json()["results"]
    item = made.json()["id"]
    changed = send(
        api, "PATCH", url(cast, f"items/{item}/"), {"use": "qualification", "ranks": [2, 1]}
    )
    gone = send(api, "DELETE", url(cast, f"items/{item}/"))

    assert made.status_code == 201
    assert listed == [made.json()]
    assert (changed.json()["use"], changed.json()["ranks"]) == ("qualification", [2, 1])
    assert gone.status_code == 204
    assert TrainingItem.objects.get().in_use is False


def test_set_aside_twice_with_one_key_is_done_once(cast: Cast, api: Client) -> None:
    stock(cast.campaign, 1)
    body, key = item_for(only(cast.campaign)), {"Idempotency-Key": "once"}

    first, second = (send(api, "POST", url(cast, "items/"), body, **key) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert TrainingItem.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"ranks": [1, 3]}, 400, "invalid"),
        ({"use": "work"}, 400, "invalid"),
        ({"model": "x"}, 400, "invalid"),
        ({"comparison": 10**9}, 404, "not_found"),
    ],
)
def test_item_that_does_not_hold_is_refused(
    cast: Cast, api: Client, fields: dict[str, Any], status: int, code: str
) -> None:
    stock(cast.campaign, 1)

    answer = send(api, "POST", url(cast, "items/"), item_for(only(cast.campaign), **fields))

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_conflicts_have_codes(cast: Cast, api: Client) -> None:
    stock(cast.campaign, 1)
    comparison = only(cast.campaign)
    body = {"comparison": comparison.pk, "use": "training", "reason": "Because."}
    unknown = send(api, "POST", url(cast, "items/"), body)
    made = send(api, "POST", url(cast, "items/"), item_for(comparison)).json()["id"]
    again = send(api, "POST", url(cast, "items/"), item_for(comparison))
    restored = send(
        api, "POST", f"/api/v1/campaigns/{cast.campaign.pk}/comparisons/{comparison.pk}/restore/"
    )
    send(api, "DELETE", url(cast, f"items/{made}/"))
    late = send(api, "PATCH", url(cast, f"items/{made}/"), {"reason": "Late."})

    answers = [unknown, again, restored, late]
    assert {answer.status_code for answer in answers} == {409}
    assert [answer.json()["error"]["code"] for answer in answers] == [
        "answer_not_known",
        "comparison_set_aside",
        "comparison_set_aside",
        "item_not_in_use",
    ]


def test_plan_is_read_and_changed(cast: Cast, api: Client) -> None:
    usual = api.get(url(cast, "plan/")).json()
    body = {"version": usual["version"], "pass_percent": 90, "retry_hours": None}

    changed = send(api, "PATCH", url(cast, "plan/"), body)
    late = send(api, "PATCH", url(cast, "plan/"), body)

    assert usual == {
        "version": 1, "pass_percent": 80, "most_items": 20, "fewest_items": 8,
        "training_items": 12, "retry_hours": 24, "training_first": True,
    }  # fmt: skip
    assert changed.json() == {**usual, "version": 2, "pass_percent": 90, "retry_hours": None}
    assert late.json()["error"]["code"] == "plan_changed"


def test_attempts_are_listed_by_use(cast: Cast, api: Client) -> None:
    aside(cast.campaign, 20)
    aside(cast.campaign, 1, Use.TRAINING)
    take(begin(cast.campaign, cast.annotator, Use.TRAINING), [True])
    take(begin(cast.campaign, cast.annotator), [True] * 20)

    found = api.get(url(cast, "attempts/?use=qualification")).json()["results"]

    assert len(api.get(url(cast, "attempts/")).json()["results"]) == 2
    (one,) = found
    assert (one["state"], one["answered"], one["agreed"]) == ("passed", 12, 12)
    assert (one["user_id"], one["name"], one["number"]) == (cast.annotator.pk, "annotator", 1)


def test_objection_is_decided_once(cast: Cast, api: Client) -> None:
    found = objection(cast)
    where = url(cast, f"objections/{found.pk}/decide/")

    bare = send(api, "POST", where, {"state": "turned_down"})
    decided = send(api, "POST", where, {"state": "corrected", "ranks": [2, 1]})
    again = send(api, "POST", where, {"state": "taken_back"})
    listed = api.get(url(cast, "objections/?state=corrected")).json()["results"]

    assert bare.json()["error"]["data"]["fields"].keys() == {"reply"}
    assert (decided.status_code, decided.json()["state"]) == (200, "corrected")
    assert listed == [decided.json()]
    assert again.json()["error"]["code"] == "objection_decided"
    assert api.get(url(cast, "objections/?state=open")).json()["results"] == []


def test_stranger_annotator_and_narrow_token_are_refused(cast: Cast) -> None:
    for who, scopes, status in (
        (cast.stranger, Scope, 404),
        (cast.annotator, Scope, 403),
        (cast.manager, [Scope.EXPORT_READ], 403),
    ):
        api = Client(headers=make_bearer(who, *scopes))
        assert api.get(url(cast, "items/")).status_code == status
        assert send(api, "PATCH", url(cast, "plan/"), {"version": 1}).status_code == status

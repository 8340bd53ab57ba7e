"""Managers decide of single comparisons over REST."""

from typing import Any

import pytest
from django.test import Client

from labeling.access import Scope
from labeling.accounts.models import User
from labeling.assignment.models import Comparison
from labeling.assignment.services.withholding import Reported, withhold
from labeling.campaigns.models import Membership
from labeling.clock import database_now
from tests.assignment.deciding import only
from tests.factories import Cast, make_bearer
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


def url(cast: Cast, comparison: Comparison, act: str = "") -> str:
    return f"/api/v1/campaigns/{cast.campaign.pk}/comparisons/{comparison.pk}/{act}"


def member(cast: Cast, person: User) -> int:
    return Membership.objects.get(campaign=cast.campaign, user=person).pk


@pytest.fixture
def api(cast: Cast) -> Client:
    """A program that acts as the manager."""
    return Client(headers=make_bearer(cast.manager))


@pytest.fixture
def comparison(cast: Cast) -> Comparison:
    stock(cast.campaign, 1)
    return only(cast.campaign)


def post(api: Client, where: str, **body: Any) -> Any:
    return api.post(where, body or None, content_type="application/json")


def test_directed_members_are_named_and_withdrawn(
    api: Client, cast: Cast, comparison: Comparison
) -> None:
    named = [member(cast, cast.annotator), member(cast, cast.teammate)]

    answer = post(api, url(cast, comparison, "directed/"), members=named)

    assert answer.status_code == 200
    assert answer.json()["kept_for"] == named
    assert answer.json()["open_slots"] == 1
    assert api.delete(url(cast, comparison, f"directed/{named[0]}/")).status_code == 204
    page = api.get(f"/api/v1/campaigns/{cast.campaign.pk}/comparisons/").json()
    assert page["results"][0]["kept_for"] == named[1:]


def test_people_who_may_not_judge_it_are_refused_by_name(
    api: Client, cast: Cast, comparison: Comparison
) -> None:
    judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))

    answer = post(api, url(cast, comparison, "directed/"), members=[member(cast, cast.annotator)])

    assert answer.status_code == 400
    fields = answer.json()["error"]["data"]["fields"]
    assert fields == {"members": ["annotator has judged it."]}


def test_members_of_other_campaigns_are_not_found(
    api: Client, cast: Cast, comparison: Comparison
) -> None:
    foreign = Membership.objects.get(campaign=cast.foreign, user=cast.stranger).pk

    assert post(api, url(cast, comparison, "directed/"), members=[foreign]).status_code == 404
    assert api.delete(url(cast, comparison, f"directed/{foreign}/")).status_code == 404


def test_known_answer_is_put_and_taken_away(
    api: Client, cast: Cast, comparison: Comparison
) -> None:
    where = url(cast, comparison, "gold/")

    answer = api.put(where, {"ranks": [2, 1]}, content_type="application/json")

    assert (answer.status_code, answer.json()["gold"]) == (200, [2, 1])
    assert api.delete(where).status_code == 204
    assert only(cast.campaign).gold is None


@pytest.mark.parametrize("ranks", [[1], [1, 3], [1, "x"], [1] * 10, None])
def test_known_answer_that_does_not_hold_is_refused(
    api: Client, cast: Cast, comparison: Comparison, ranks: Any
) -> None:
    body = {"ranks": ranks}

    answer = api.put(url(cast, comparison, "gold/"), body, content_type="application/json")

    assert answer.status_code == 400
    assert "ranks" in answer.json()["error"]["data"]["fields"]


def test_known_answer_waits_until_nobody_holds_the_comparison(
    api: Client, cast: Cast, comparison: Comparison
) -> None:
    claim(cast.campaign, cast.annotator)
    body = {"ranks": [1, 2]}

    answer = api.put(url(cast, comparison, "gold/"), body, content_type="application/json")

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "comparison_held"


def test_turn_is_set_and_shown(api: Client, cast: Cast, comparison: Comparison) -> None:
    where, body = url(cast, comparison, "turn/"), {"turn": "first"}

    answer = api.put(where, body, content_type="application/json")

    assert (answer.status_code, answer.json()["turn"]) == (200, "first")
    listed = api.get(f"/api/v1/campaigns/{cast.campaign.pk}/comparisons/").json()["results"]
    assert [row["turn"] for row in listed] == ["first"]


@pytest.mark.parametrize("body", [{}, {"turn": "soon"}, {"turn": None}, {"priority": 1}])
def test_turn_that_there_is_not_is_refused(
    api: Client, cast: Cast, comparison: Comparison, body: Any
) -> None:
    answer = api.put(url(cast, comparison, "turn/"), body, content_type="application/json")

    assert (answer.status_code, only(cast.campaign).lane.priority) == (400, 0)


def test_retired_comparisons_are_listed_and_restored(
    api: Client, cast: Cast, comparison: Comparison
) -> None:
    stock(cast.campaign, 1)

    retired = post(api, url(cast, comparison, "retire/"))

    assert (retired.status_code, retired.json()["state"]) == (200, "retired")
    where = f"/api/v1/campaigns/{cast.campaign.pk}/comparisons/"
    listed = api.get(where, {"state": "retired"}).json()["results"]
    assert [row["id"] for row in listed] == [comparison.pk]
    assert len(api.get(where, {"state": "open"}).json()["results"]) == 1
    restored = post(api, url(cast, comparison, "restore/"))
    assert (restored.status_code, restored.json()["state"]) == (200, "open")
    assert api.get(where, {"state": "retired"}).json()["results"] == []
    assert api.get(where, {"state": "gone"}).status_code == 400


def test_list_takes_the_same_queries_for_any_number(
    api: Client, cast: Cast, django_assert_num_queries: Any
) -> None:
    where = f"/api/v1/campaigns/{cast.campaign.pk}/comparisons/"
    for more in (1, 2):
        stock(cast.campaign, more)
        for each in Comparison.objects.all():
            post(api, url(cast, each, "directed/"), members=[member(cast, cast.annotator)])
        with django_assert_num_queries(5):
            assert api.get(where).status_code == 200


@pytest.mark.parametrize("act", ["directed/", "gold/", "turn/", "retire/", "restore/"])
@pytest.mark.parametrize(
    ("who", "status"), [("annotator", 403), ("reviewer", 403), ("stranger", 404)]
)
def test_only_managers_decide(
    cast: Cast, comparison: Comparison, act: str, who: str, status: int
) -> None:
    program = Client(headers=make_bearer(getattr(cast, who)))
    ask = program.put if act in ("gold/", "turn/") else program.post

    answer = ask(url(cast, comparison, act), {}, content_type="application/json")

    assert answer.status_code == status


def test_token_that_may_only_read_decides_nothing(cast: Cast, comparison: Comparison) -> None:
    program = Client(headers=make_bearer(cast.manager, Scope.JUDGMENTS_READ))

    assert post(program, url(cast, comparison, "retire/")).status_code == 403


def test_withheld_comparisons_are_listed_and_reviewed_by_prompt(
    api: Client, cast: Cast, comparison: Comparison
) -> None:
    stock(cast.campaign, 1)
    now = database_now()
    withhold(prompt=comparison.prompt, reported=Reported(cast.annotator, now, 1), now=now)
    where = f"/api/v1/campaigns/{cast.campaign.pk}/"

    def listed(withheld: str) -> list[tuple[int, str]]:
        page = api.get(f"{where}comparisons/?withheld={withheld}").json()
        return [(row["id"], row["state"]) for row in page["results"] if row["withheld"]]

    assert (listed("true"), listed("false")) == ([(comparison.pk, "retired")], [])
    assert len(api.get(f"{where}comparisons/").json()["results"]) == 2
    answer = post(api, f"{where}prompts/{comparison.prompt_id}/review/", hand_out=True)
    assert (answer.status_code, answer.json()) == (200, {"comparisons": 1})
    assert listed("true") == []
    assert post(api, f"{where}prompts/9999999/review/", hand_out=True).status_code == 404

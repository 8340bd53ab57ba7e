"""Managers set items aside, see how people do, and decide objections on their pages."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from labeling.assignment.models import Comparison
from labeling.clock import database_now
from labeling.training.enums import ObjectionState, Use
from labeling.training.models import Objection, TrainingItem
from labeling.training.queries import plan_of
from labeling.training.services.items import take_item_back
from labeling.training.services.objections import object_to
from tests.assignment.deciding import only
from tests.factories import Cast, make_member, signed_in
from tests.stock import claim, stock
from tests.training.setting import aside, begin, plan, say, shown, take

pytestmark = pytest.mark.django_db
ITEM = {"use": "qualification", "reason": "Because.", "rank_0": 1, "rank_1": 2}


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


def base(cast: Cast) -> str:
    return f"/campaigns/{cast.campaign.pk}/training/"


def text(client: Client, where: str) -> str:
    return client.get(where).content.decode()


def post(client: Client, where: str, **form: Any) -> str:
    return client.post(where, form, follow=True).content.decode()


def set_aside(client: Client, comparison: Comparison, **form: Any) -> Any:
    where = f"/campaigns/{comparison.campaign_id}/comparisons/{comparison.pk}/set-aside/"
    return client.post(where, form, follow=True)


def objection(cast: Cast) -> Objection:
    aside(cast.campaign, 1, Use.TRAINING)
    trial = say(shown(begin(cast.campaign, cast.annotator, Use.TRAINING)), agrees=False)
    return object_to(
        campaign=cast.campaign, person=cast.annotator, trial_id=trial.pk, text="B is false.",
        now=database_now(),
    )  # fmt: skip


def test_comparison_is_set_aside_on_its_page(cast: Cast, manager: Client) -> None:
    stock(cast.campaign, 1)

    told = set_aside(manager, only(cast.campaign), **ITEM).content.decode()

    item = TrainingItem.objects.get()
    assert "It is set aside" in told
    assert ">Set aside</span>" in told
    assert f'href="{base(cast)}items/{item.pk}/"' in told
    assert "Restore" not in told
    assert (item.use, item.reason, only(cast.campaign).gold) == (
        Use.QUALIFICATION, "Because.", [1, 2],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("reason", "Write why the reference prefers what it does."),
        ("rank_1", "Give this response a rank."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    cast: Cast, manager: Client, missing: str, says: str
) -> None:
    stock(cast.campaign, 1)
    given = {name: value for name, value in ITEM.items() if name != missing}

    answer = set_aside(manager, only(cast.campaign), **given)

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not TrainingItem.objects.exists()


def test_what_people_hold_is_not_set_aside_and_says_why(cast: Cast, manager: Client) -> None:
    stock(cast.campaign, 1)
    claim(cast.campaign, cast.annotator)

    told = set_aside(manager, only(cast.campaign), **ITEM).content.decode()

    assert "People hold this comparison as work" in told


def test_items_are_listed_with_how_people_do(cast: Cast, manager: Client) -> None:
    assert "No items yet" in text(manager, f"{base(cast)}items/")
    aside(cast.campaign, 1, Use.TRAINING)
    for at in range(5):
        person = make_member(cast.campaign)
        say(shown(begin(cast.campaign, person, Use.TRAINING)), agrees=at < 2)

    told = text(manager, f"{base(cast)}items/")

    assert ">40%<" in told
    assert "Fewer than half agree: is the reference right?" in told


def test_lists_ask_the_database_as_often_for_three_rows_as_for_one(
    cast: Cast, manager: Client
) -> None:
    def queries() -> list[int]:
        counts = []
        for page in ("items", "people", "objections"):
            with CaptureQueriesContext(connection) as captured:
                assert manager.get(f"{base(cast)}{page}/").status_code == 200
            counts.append(len(captured))
        return counts

    objection(cast)
    one = queries()
    for _ in range(2):
        person = make_member(cast.campaign)
        aside(cast.campaign, 1, Use.TRAINING)
        trial = say(shown(begin(cast.campaign, person, Use.TRAINING)), agrees=False)
        object_to(
            campaign=cast.campaign, person=person, trial_id=trial.pk, text="No.",
            now=database_now(),
        )  # fmt: skip

    assert queries() == one


def test_item_is_changed_on_its_page(cast: Cast, manager: Client) -> None:
    (item,) = aside(cast.campaign, 1)
    where = f"{base(cast)}items/{item.pk}/"

    told = post(manager, where, **{**ITEM, "use": "training", "rank_0": 2, "rank_1": 1})

    item.refresh_from_db()
    assert "Saved." in told
    assert (item.use, item.reason, item.comparison.gold) == ("training", "Because.", [2, 1])


def test_item_is_taken_back_on_its_page(cast: Cast, manager: Client) -> None:
    (item,) = aside(cast.campaign, 1)

    told = post(manager, f"{base(cast)}items/{item.pk}/take-back/")

    assert "Taken back." in told
    assert ">Taken back</span>" in told
    assert "It was taken back" in text(manager, f"{base(cast)}items/{item.pk}/")
    changed = manager.post(f"{base(cast)}items/{item.pk}/", ITEM, follow=True)
    assert "This item was taken back." in changed.content.decode()


def test_plan_is_changed_and_says_what_it_means(cast: Cast, manager: Client) -> None:
    where = f"{base(cast)}plan/"
    told = text(manager, where)
    assert '<td class="num">95.5 %</td>' in told

    form = {
        "version": 1, "pass_percent": 90, "most_items": 30, "fewest_items": 10,
        "training_items": 12, "retry_hours": "",
    }  # fmt: skip
    assert "Saved." in post(manager, where, **form)

    changed = plan_of(cast.campaign)
    assert (changed.pass_percent, changed.retry_hours, changed.training_first) == (90, None, False)


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"pass_percent": 50}, 400, "Ensure this value is greater than or equal to 60."),
        ({"fewest_items": 21}, 400, "Ask at least as many as are asked at most, 20, or fewer."),
        ({"version": 7}, 409, "Somebody else changed the training plan"),
    ],
)
def test_plan_that_is_refused_says_why(
    cast: Cast, manager: Client, fields: dict[str, int], status: int, says: str
) -> None:
    plan(cast.campaign)
    form = {
        "version": 1, "pass_percent": 80, "most_items": 20, "fewest_items": 8,
        "training_items": 12, **fields,
    }  # fmt: skip

    answer = manager.post(f"{base(cast)}plan/", form)

    assert answer.status_code == status
    assert says in answer.content.decode()


def test_attempts_of_everybody_are_listed(cast: Cast, manager: Client) -> None:
    assert "Nobody has begun yet" in text(manager, f"{base(cast)}people/")
    aside(cast.campaign, 20)
    take(begin(cast.campaign, cast.annotator), [True] * 20)
    take(begin(cast.campaign, cast.teammate), [False] * 20)

    told = text(manager, f"{base(cast)}people/")

    assert ">Passed</span>" in told
    assert ">Not passed</span>" in told
    assert "12 of 20" in told


def test_objection_is_read_and_upheld_by_another_answer(cast: Cast, manager: Client) -> None:
    assert "No objections" in text(manager, f"{base(cast)}objections/")
    found = objection(cast)
    where = f"{base(cast)}objections/{found.pk}/"
    assert "B is false." in text(manager, where)
    assert "1 objection to decide" in text(manager, base(cast))

    told = post(manager, where, state="corrected", rank_0=2, rank_1=1, reply="You are right.")

    found.refresh_from_db()
    assert "Decided." in told
    assert found.state == ObjectionState.CORRECTED
    assert found.trial.agrees is True
    person = text(signed_in(cast.annotator), base(cast))
    assert "Upheld: answer corrected" in person
    assert "You are right." in person


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"rank_0": 1, "rank_1": 2}, "Choose what becomes of it."),
        ({"state": "corrected", "rank_0": 1, "rank_1": 2}, "it is the same as before"),
        ({"state": "turned_down", "rank_0": 1, "rank_1": 2}, "Write the person a word"),
    ],
)
def test_decision_that_lacks_something_says_what(
    cast: Cast, manager: Client, form: dict[str, Any], says: str
) -> None:
    found = objection(cast)

    answer = manager.post(f"{base(cast)}objections/{found.pk}/", form)

    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_decision_about_an_item_that_is_gone_says_so(cast: Cast, manager: Client) -> None:
    found = objection(cast)
    take_item_back(item=found.trial.item, by=cast.manager, now=database_now())

    told = post(
        manager, f"{base(cast)}objections/{found.pk}/", state="taken_back", rank_0=1, rank_1=2
    )

    assert "This item was taken back already." in told


@pytest.mark.parametrize("page", ["items/", "plan/", "people/", "objections/"])
def test_annotators_do_not_see_the_managers_pages(cast: Cast, page: str) -> None:
    assert signed_in(cast.annotator).get(f"{base(cast)}{page}").status_code == 403

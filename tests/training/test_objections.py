"""People object to what they were held to; managers decide, and say why."""

from typing import Any

import pytest

from labeling.accounts.models import AuditEvent
from labeling.clock import database_now
from labeling.errors import Invalid, NotFound
from labeling.training.enums import ObjectionState, Use
from labeling.training.errors import ItemNotInUse, ObjectionDecided
from labeling.training.models import Objection, Trial
from labeling.training.services.items import take_item_back
from labeling.training.services.objections import decide_objection, object_to
from tests.factories import Cast
from tests.training.setting import aside, begin, say, shown, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial(cast: Cast) -> Trial:
    aside(cast.campaign, 2, Use.TRAINING)
    return say(shown(begin(cast.campaign, cast.annotator, Use.TRAINING)), agrees=False)


def objects(cast: Cast, trial: Trial, text: str = "B is false.") -> Objection:
    return object_to(
        campaign=cast.campaign,
        person=cast.annotator,
        trial_id=trial.pk,
        text=text,
        now=database_now(),
    )


def decide(cast: Cast, objection: Objection, state: str, **fields: Any) -> Objection:
    given = {"reply": "Thank you.", **fields}
    return decide_objection(
        objection=objection, state=state, by=cast.manager, now=database_now(), **given
    )


def test_objection_is_kept_once_a_trial(cast: Cast, trial: Trial) -> None:
    first, second = objects(cast, trial), objects(cast, trial, "Something else.")

    assert first == second
    assert (second.text, second.state) == ("B is false.", ObjectionState.OPEN)


@pytest.mark.parametrize("text", ["  ", "x" * 4_001])
def test_objection_needs_a_text_of_some_length(cast: Cast, trial: Trial, text: str) -> None:
    with pytest.raises(Invalid):
        objects(cast, trial, text)


def test_nobody_objects_before_they_may_know_the_reference(cast: Cast) -> None:
    aside(cast.campaign, 8)
    answered = say(shown(begin(cast.campaign, cast.annotator)))

    with pytest.raises(NotFound):
        objects(cast, answered)


def test_nobody_objects_to_a_trial_of_somebody_else(cast: Cast, trial: Trial) -> None:
    with pytest.raises(NotFound):
        object_to(
            campaign=cast.campaign, person=cast.teammate, trial_id=trial.pk, text="No.",
            now=database_now(),
        )  # fmt: skip


def test_upheld_by_another_answer_scores_anew(cast: Cast, trial: Trial) -> None:
    decided = decide(cast, objects(cast, trial), ObjectionState.CORRECTED, ranks=[2, 1])

    assert (decided.state, decided.decided_by) == (ObjectionState.CORRECTED, cast.manager)
    assert stored(trial).agrees is True
    assert stored(trial).item.comparison.gold == [2, 1]
    assert AuditEvent.objects.latest("pk").action == "objection.decided"


def test_upheld_by_taking_the_item_back_counts_for_nobody(cast: Cast, trial: Trial) -> None:
    decide(cast, objects(cast, trial), ObjectionState.TAKEN_BACK)

    assert stored(trial).agrees is None
    assert stored(trial).item.in_use is False


def test_turned_down_changes_nothing_but_says_why(cast: Cast, trial: Trial) -> None:
    decided = decide(cast, objects(cast, trial), ObjectionState.TURNED_DOWN, reply="See source.")

    assert (decided.reply, stored(trial).agrees) == ("See source.", False)


@pytest.mark.parametrize(
    ("state", "fields", "fault"),
    [
        ("open", {}, "state"),
        ("corrected", {}, "ranks"),
        ("corrected", {"ranks": [1, 2]}, "ranks"),
        ("corrected", {"ranks": [1, 3]}, "ranks"),
        ("turned_down", {"reply": " "}, "reply"),
        ("turned_down", {"reply": "x" * 4_001}, "reply"),
    ],
)
def test_decision_that_does_not_hold_decides_nothing(
    cast: Cast, trial: Trial, state: str, fields: Any, fault: str
) -> None:
    objection = objects(cast, trial)

    with pytest.raises(Invalid) as refusal:
        decide(cast, objection, state, **fields)

    objection.refresh_from_db()
    assert list(refusal.value.data["fields"]) == [fault]
    assert objection.state == ObjectionState.OPEN


def test_decided_once_is_decided(cast: Cast, trial: Trial) -> None:
    objection = objects(cast, trial)
    decide(cast, objection, ObjectionState.TURNED_DOWN)

    with pytest.raises(ObjectionDecided):
        decide(cast, objection, ObjectionState.TAKEN_BACK)


def test_item_that_is_gone_is_not_taken_back_again(cast: Cast, trial: Trial) -> None:
    objection = objects(cast, trial)
    take_item_back(item=trial.item, by=cast.manager, now=database_now())

    with pytest.raises(ItemNotInUse):
        decide(cast, objection, ObjectionState.TAKEN_BACK)
    decide(cast, objection, ObjectionState.TURNED_DOWN)

"""What is set aside is met in training or qualification alone, until it is taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from labeling.accounts.models import AuditEvent
from labeling.assignment.enums import ComparisonState
from labeling.assignment.models import Allocation, Assignment, Comparison
from labeling.assignment.services.claiming import Why
from labeling.assignment.services.directing import NotHandedOut
from labeling.assignment.services.marking import (
    AlreadySetAside,
    ComparisonHeld,
    mark_gold,
    restore,
    retire,
    unmark_gold,
)
from labeling.assignment.services.setting_aside import AnswerNotKnown
from labeling.clock import database_now
from labeling.errors import Invalid, NotFound
from labeling.training.enums import Use
from labeling.training.errors import ItemNotInUse
from labeling.training.models import TrainingItem
from labeling.training.services.items import edit_item, set_item_aside, take_item_back
from tests.assignment.deciding import deciding, only
from tests.factories import Cast
from tests.stock import claim, claims, judge, next_for, stock
from tests.training.setting import WHY, aside, begin, say, shown

pytestmark = pytest.mark.django_db


def setting(comparison: Comparison, **fields: Any) -> TrainingItem:
    given = {"use": Use.TRAINING, "reason": WHY, **fields}
    return set_item_aside(**deciding(comparison), **given)


def acting(cast: Cast) -> dict[str, Any]:
    return {"by": cast.manager, "now": database_now()}


def test_set_aside_gives_the_answer_and_takes_it_out_of_the_work(cast: Cast) -> None:
    stock(cast.campaign, 1)

    item = setting(only(cast.campaign), ranks=[2, 1])

    comparison = only(cast.campaign)
    assert (comparison.gold, comparison.set_aside) == ([2, 1], True)
    assert comparison.state == ComparisonState.RETIRED
    assert (item.use, item.in_use, item.was_known) == (Use.TRAINING, True, False)
    assert claims(cast.campaign, cast.annotator).why == Why.NOTHING_LEFT


def test_set_aside_is_never_met_as_a_known_answer_or_a_repeat(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr("labeling.assignment.queries.REPEAT_AFTER", 1)
    monkeypatch.setattr("labeling.assignment.draws.REPEAT_AFTER", 1)
    stock(cast.campaign, 12)
    seen = judged(cast, 4)
    Allocation.objects.filter(campaign=cast.campaign).update(gold_percent=50, repeat_percent=20)
    others = list(Comparison.objects.exclude(pk__in=seen).order_by("pk")[:3])
    for comparison in [*Comparison.objects.filter(pk__in=seen[:2]), *others[:2]]:
        mark_gold(**deciding(comparison), ranks=[1, 2])
        setting(comparison)
    mark_gold(**deciding(others[2]), ranks=[1, 2])

    given = set(judged(cast, 40)) & {each.pk for each in Comparison.objects.all() if each.set_aside}

    assert given == set()
    assert Assignment.objects.filter(kind="gold").count() == 1


def judged(cast: Cast, most: int) -> list[int]:
    """Judge up to so many; return which comparisons were given."""
    given = []
    for _ in range(most):
        assignment = next_for(cast.campaign, cast.annotator)
        if assignment is None:
            break
        judge(cast.campaign, cast.annotator, assignment)
        given.append(assignment.comparison_id)
    return given


def test_set_aside_writes_down_who_did_what(cast: Cast) -> None:
    stock(cast.campaign, 1)

    item = setting(only(cast.campaign), ranks=[1, 2])

    actions = list(AuditEvent.objects.order_by("-pk").values_list("action", flat=True)[:4])
    assert actions == [
        "training_item.set_aside",
        "comparison.set_aside",
        "comparison.retired",
        "comparison.gold_marked",
    ]
    latest = AuditEvent.objects.latest("pk")
    assert (latest.actor, latest.target) == (cast.manager, f"training_item:{item.pk}")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"use": "work", "ranks": [1, 2]}, "use"),
        ({"reason": "  ", "ranks": [1, 2]}, "reason"),
        ({"reason": "x" * 10_001, "ranks": [1, 2]}, "reason"),
        ({"ranks": [1, 3]}, "ranks"),
    ],
)
def test_item_that_does_not_hold_changes_nothing(cast: Cast, fields: Any, fault: str) -> None:
    stock(cast.campaign, 1)

    with pytest.raises(Invalid) as refusal:
        setting(only(cast.campaign), **fields)

    assert list(refusal.value.data["fields"]) == [fault]
    assert only(cast.campaign).gold is None
    assert not TrainingItem.objects.exists()


def test_without_a_known_answer_it_is_not_set_aside(cast: Cast) -> None:
    stock(cast.campaign, 1)

    with pytest.raises(AnswerNotKnown):
        setting(only(cast.campaign))


def test_what_people_hold_is_not_set_aside(cast: Cast) -> None:
    stock(cast.campaign, 1)
    claim(cast.campaign, cast.annotator)

    with pytest.raises(ComparisonHeld):
        setting(only(cast.campaign), ranks=[1, 2])

    assert only(cast.campaign).state == ComparisonState.OPEN


def test_what_is_retired_has_to_be_restored_first(cast: Cast) -> None:
    stock(cast.campaign, 1)
    retire(**deciding(only(cast.campaign)))

    with pytest.raises(NotHandedOut):
        setting(only(cast.campaign), ranks=[1, 2])


def test_comparison_of_another_campaign_is_not_found(cast: Cast) -> None:
    stock(cast.foreign, 1)
    foreign = {**deciding(only(cast.foreign)), "campaign": cast.campaign}

    with pytest.raises(NotFound):
        set_item_aside(**foreign, use=Use.TRAINING, reason=WHY, ranks=[1, 2])


def test_set_aside_stays_out_of_the_work_whatever_is_decided_elsewhere(cast: Cast) -> None:
    stock(cast.campaign, 1)
    setting(only(cast.campaign), ranks=[1, 2])

    for act in (restore, unmark_gold):
        with pytest.raises(AlreadySetAside):
            act(**deciding(only(cast.campaign)))
    with pytest.raises(AlreadySetAside):
        mark_gold(**deciding(only(cast.campaign)), ranks=[2, 1])
    with pytest.raises(AlreadySetAside):
        setting(only(cast.campaign), ranks=[2, 1])

    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.update(state=ComparisonState.OPEN)


def test_edit_changes_use_reason_and_answer(cast: Cast) -> None:
    (item,) = aside(cast.campaign, 1)

    edit_item(item=item, **acting(cast), use=Use.TRAINING, reason="Because.", ranks=[2, 1])

    item.refresh_from_db()
    assert (item.use, item.reason) == (Use.TRAINING, "Because.")
    assert only(cast.campaign).gold == [2, 1]


def test_taken_back_is_ordinary_work_again_but_not_for_whoever_met_it(cast: Cast) -> None:
    (item,) = aside(cast.campaign, 1, Use.TRAINING)
    say(shown(begin(cast.campaign, cast.annotator, Use.TRAINING)))

    take_item_back(item=item, **acting(cast))

    comparison = only(cast.campaign)
    assert (comparison.set_aside, comparison.gold) == (False, None)
    assert comparison.state == ComparisonState.OPEN
    assert next_for(cast.campaign, cast.annotator) is None
    assert claim(cast.campaign, cast.teammate).comparison == comparison


def test_taken_back_is_a_hidden_test_again_if_it_was_one(cast: Cast) -> None:
    stock(cast.campaign, 1)
    mark_gold(**deciding(only(cast.campaign)), ranks=[1, 2])
    item = setting(only(cast.campaign))

    take_item_back(item=item, **acting(cast))

    comparison = only(cast.campaign)
    assert item.was_known
    assert (comparison.gold, comparison.lane.gold) == ([1, 2], True)
    assert comparison.state == ComparisonState.OPEN


def test_taken_back_twice_is_taken_back_once(cast: Cast) -> None:
    (item,) = aside(cast.campaign, 1)

    take_item_back(item=item, **acting(cast))
    take_item_back(item=item, **acting(cast))

    assert AuditEvent.objects.filter(action="training_item.taken_back").count() == 1
    with pytest.raises(ItemNotInUse):
        edit_item(item=item, **acting(cast), reason="Too late.")


def test_set_aside_again_is_the_same_item_and_new_to_nobody_who_met_it(cast: Cast) -> None:
    (item,) = aside(cast.campaign, 1, Use.TRAINING)
    say(shown(begin(cast.campaign, cast.annotator, Use.TRAINING)))
    take_item_back(item=item, **acting(cast))

    again = setting(only(cast.campaign), use=Use.TRAINING, ranks=[1, 2])

    assert again.pk == item.pk
    assert again.in_use
    later = database_now() + timedelta(seconds=1)
    assert again.created_at <= later

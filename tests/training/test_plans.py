"""How people train and qualify in a campaign."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from labeling.accounts.models import AuditEvent
from labeling.errors import Invalid
from labeling.training.errors import PlanChanged
from labeling.training.models import TrainingPlan
from labeling.training.queries import plan_of
from labeling.training.services.plans import change_plan
from tests.factories import Cast
from tests.training.setting import plan

pytestmark = pytest.mark.django_db


def test_a_campaign_has_the_usual_plan_without_a_row(cast: Cast) -> None:
    usual = plan_of(cast.campaign)

    assert (usual.pass_percent, usual.most_items, usual.fewest_items) == (80, 20, 8)
    assert (usual.retry_hours, usual.training_first) == (24, True)
    assert not TrainingPlan.objects.exists()


def test_change_is_stored_and_written_down(cast: Cast) -> None:
    changed = plan(cast.campaign, pass_percent=90, retry_hours=None)

    assert plan_of(cast.campaign) == changed
    assert (changed.pass_percent, changed.retry_hours, changed.version) == (90, None, 2)
    event = AuditEvent.objects.latest("pk")
    assert event.data["after"] == {"pass_percent": 90, "retry_hours": None}


def test_change_of_what_somebody_else_changed_is_refused(cast: Cast) -> None:
    plan(cast.campaign, pass_percent=90)

    with pytest.raises(PlanChanged):
        change_plan(campaign=cast.campaign, by=cast.manager, version=1, pass_percent=70)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"pass_percent": 59}, "pass_percent"),
        ({"pass_percent": 96}, "pass_percent"),
        ({"most_items": 101}, "most_items"),
        ({"fewest_items": 0}, "fewest_items"),
        ({"fewest_items": 21}, "fewest_items"),
        ({"training_items": 0}, "training_items"),
        ({"retry_hours": -1}, "retry_hours"),
        ({"retry_hours": 2_161}, "retry_hours"),
    ],
)
def test_plan_that_does_not_hold_is_not_stored(cast: Cast, fields: Any, fault: str) -> None:
    with pytest.raises(Invalid) as refusal:
        plan(cast.campaign, **fields)

    assert list(refusal.value.data["fields"]) == [fault]
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingPlan.objects.update(**fields)

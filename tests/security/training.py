"""Items set aside, what each person answered to one of them, and an objection."""

from collections.abc import Callable
from typing import Any

from labeling.accounts.models import User
from labeling.assignment.models import Comparison
from labeling.clock import database_now
from labeling.training.enums import Use
from labeling.training.services.attempts import start_attempt
from labeling.training.services.items import set_item_aside
from labeling.training.services.objections import object_to
from labeling.training.services.plans import change_plan
from tests.security.canaries import MANAGERS, MEMBERS
from tests.security.sides import Side
from tests.training.setting import member, say, shown

ITEMS = 2


def train(
    side: Side, boss: User, names: tuple[str, ...], plant: Callable[..., str]
) -> dict[str, Any]:
    """Set items aside and let everybody begin a training; return the ids that all share."""
    campaign, now = side.campaign, database_now()
    change_plan(campaign=campaign, by=boss, version=1)
    chosen = Comparison.objects.filter(campaign=campaign).order_by("-pk")[:ITEMS]
    items = [
        set_item_aside(
            campaign=campaign,
            comparison_id=comparison.pk,
            use=Use.TRAINING,
            reason=plant(f"reason of item {at}", MEMBERS),
            ranks=[1, 2],
            by=boss,
            now=now,
        )
        for at, comparison in enumerate(chosen)
    ]
    objection = None
    for name in names:
        attempt = start_attempt(
            member=member(campaign, side.people[name]), use=Use.TRAINING, now=now
        )
        trial = say(shown(attempt), agrees=False)
        side.personal[name] = {"attempt_id": attempt.pk, "trial_id": trial.pk}
        if name in {"annotator", "worker"}:
            objection = object_to(
                campaign=campaign,
                person=side.people[name],
                trial_id=trial.pk,
                text=plant("objection", MANAGERS, name),
                now=now,
            )
    assert objection is not None
    return {"item_id": items[0].pk, "objection_id": objection.pk}

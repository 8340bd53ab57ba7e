"""Change how people train and qualify."""

from typing import Any

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.errors import Invalid
from labeling.training.errors import PlanChanged
from labeling.training.models import TrainingPlan
from labeling.training.rules import faults_of
from labeling.wording import gettext

EDITABLE = (
    "pass_percent", "most_items", "fewest_items", "training_items", "retry_hours", "training_first",
)  # fmt: skip


@transaction.atomic
def change_plan(*, campaign: Campaign, by: User, version: int, **changes: Any) -> TrainingPlan:
    """Change a campaign's plan if it still is at ``version``, which the person saw.

    It holds for attempts that begin later. Raises PlanChanged, or Invalid by field.
    """
    if set(changes) - set(EDITABLE):
        raise TypeError(f"not editable: {', '.join(sorted(set(changes) - set(EDITABLE)))}")
    TrainingPlan.objects.get_or_create(campaign=campaign)
    plan = TrainingPlan.objects.select_for_update().get(campaign=campaign)
    if plan.version != version:
        raise PlanChanged(
            gettext(
                "Somebody else changed the training plan in the meantime. Look at what is there "
                "now, then save again."
            ),
            version=plan.version,
        )
    before = {name: getattr(plan, name) for name in EDITABLE}
    after = {**before, **changes}
    if faults := faults_of(after):
        raise Invalid(gettext("The plan was not saved: some fields do not hold."), fields=faults)
    changed = [name for name in EDITABLE if before[name] != after[name]]
    if changed:
        _save(plan, {name: after[name] for name in changed})
        record_event(
            actor=by,
            action="training_plan.changed",
            target=f"campaign:{campaign.pk}",
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return plan


def _save(plan: TrainingPlan, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(plan, name, value)
    plan.version += 1
    plan.save(update_fields=[*values, "version"])

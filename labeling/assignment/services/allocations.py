"""Change how a campaign's work is made and handed out."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.assignment.models import Allocation
from labeling.assignment.rules import faults_of
from labeling.assignment.services.desks import allocation_of
from labeling.assignment.services.shares import share_out
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError, Invalid, Kind
from labeling.wording import gettext

# What every comparison already planned is fitted to anew.
FITTED = frozenset({"policy", "most_votes", "slice_percent", "vote_price", "skip_limit"})
EDITABLE = FITTED | {
    "person_limit",
    "share_percent",
    "repeat_percent",
    "gold_percent",
    "by_language",
    "qualified_only",
    "pair_design",
    "anchor_model",
    "model_weights",
    "pairs_per_prompt",
    "random_percent",
}


class AllocationChanged(DomainError):
    """Somebody else changed how work is handed out since this person opened it."""

    code = "allocation_changed"
    kind = Kind.CONFLICT


@transaction.atomic
def reallocate(*, campaign: Campaign, by: User, version: int, **changes: Any) -> Allocation:
    """Change how work is handed out, if it still is at ``version``, which the person saw.

    Caps, rates and routing hold from the next claim on; comparisons already planned are fitted
    by the next ``plan_comparisons``. Raises AllocationChanged, or Invalid by field.
    """
    if set(changes) - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(set(changes) - EDITABLE))}")
    current = _locked(campaign)
    if current.version != version:
        reason = gettext(
            "Somebody else changed how work is handed out in the meantime. Compare what you "
            "typed with what is there now, then save again."
        )
        raise AllocationChanged(reason, version=current.version)
    before = {name: getattr(current, name) for name in EDITABLE}
    after = _cleaned({**before, **changes})
    changed = sorted(name for name in EDITABLE if before[name] != after[name])
    if changed:
        _save(current, {name: after[name] for name in changed})
        record_event(
            actor=by,
            action="allocation.changed",
            target=f"campaign:{campaign.pk}",
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return current


def _locked(campaign: Campaign) -> Allocation:
    """Return the allocation as it is now, its row locked until the transaction ends."""
    known = allocation_of(campaign)
    return Allocation.objects.select_for_update(no_key=True).get(pk=known.pk)


def _cleaned(values: dict[str, Any]) -> dict[str, Any]:
    faults = faults_of(values)
    if faults:
        reason = gettext("Nothing was changed: some fields do not hold.")
        raise Invalid(reason, fields=faults)
    weights = {name.strip(): weight for name, weight in values["model_weights"].items()}
    return {**values, "anchor_model": values["anchor_model"].strip(), "model_weights": weights}


def _save(current: Allocation, values: Mapping[str, Any]) -> None:
    """Store the values; ``fitted`` is emptied when comparisons have to be looked at again."""
    for name, value in values.items():
        setattr(current, name, value)
    current.version += 1
    again = ["fitted"] if FITTED & set(values) else []
    if again:
        current.fitted = ""
    current.save(update_fields=[*values, *again, "version"])
    if "share_percent" in values:
        share_out(campaign_id=current.campaign_id)
        current.refresh_from_db(fields=["share_limit"])

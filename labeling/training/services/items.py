"""Set comparisons aside for training and qualification, correct them, take them back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.assignment.models import Comparison
from labeling.assignment.services.setting_aside import bring_back, correct_answer, set_aside
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import lock_campaign
from labeling.errors import Invalid
from labeling.ranges import choice_fault
from labeling.training.enums import Use
from labeling.training.errors import ItemNotInUse
from labeling.training.models import Attempt, TrainingItem
from labeling.training.rules import LONGEST_REASON, text_fault
from labeling.training.services.scoring import score_again
from labeling.wording import gettext


@transaction.atomic
def set_item_aside(
    *,
    campaign: Campaign,
    comparison_id: int,
    use: str,
    reason: str,
    by: User,
    now: datetime,
    ranks: Sequence[int] | None = None,
) -> TrainingItem:
    """Set a comparison aside to teach or to test, with why the reference prefers what it does.

    ``ranks`` by slot are its known answer, needed where it has none. From then on nobody is given
    it as work or as a hidden test. Raises what ``set_aside`` does, and Invalid.
    """
    _check(use, reason)
    lock_campaign(campaign.pk)
    own = Comparison.objects.filter(pk=comparison_id, campaign=campaign)
    was_known = own.filter(gold__isnull=False).exists()
    set_aside(campaign=campaign, comparison_id=comparison_id, ranks=ranks, by=by, now=now)
    item, _ = TrainingItem.objects.update_or_create(
        comparison_id=comparison_id,
        defaults={
            "campaign": campaign,
            "use": use,
            "reason": reason.strip(),
            "in_use": True,
            "was_known": was_known,
            "created_by": by,
            "created_at": now,
        },
    )
    _record(by, "training_item.set_aside", item, use=use)
    return item


@transaction.atomic
def edit_item(
    *,
    item: TrainingItem,
    by: User,
    now: datetime,
    use: str | None = None,
    reason: str | None = None,
    ranks: Sequence[int] | None = None,
) -> TrainingItem:
    """Change an item's use, reason or known answer; None leaves each as it is.

    With another answer everybody's trials of it are scored anew, and what follows from them.
    Raises ItemNotInUse, or Invalid.
    """
    item = _held(item)
    changed = {
        name: value.strip()
        for name, value in (("use", use), ("reason", reason))
        if value is not None and value.strip() != getattr(item, name)
    }
    _check(changed.get("use", item.use), changed.get("reason", item.reason))
    if ranks is not None:
        before, comparison = item.comparison.gold, item.comparison_id
        item.comparison = correct_answer(
            campaign=item.campaign, comparison_id=comparison, ranks=ranks, by=by
        )
        if item.comparison.gold != before:
            score_again(item=item, now=now)
    if changed:
        for name, value in changed.items():
            setattr(item, name, value)
        item.save(update_fields=list(changed))
        _record(by, "training_item.edited", item, changed=sorted(changed))
    return item


@transaction.atomic
def take_item_back(*, item: TrainingItem, by: User, now: datetime) -> TrainingItem:
    """Use an item no longer: its trials count for nobody, and its comparison is handed out again.

    It is what it was before, ordinary work or a hidden test, for all who have not met it here.
    """
    lock_campaign(item.campaign_id)
    item = _locked(item)
    if not item.in_use:
        return item
    item.in_use = False
    item.save(update_fields=["in_use"])
    score_again(item=item, now=now)
    met = Attempt.objects.filter(trials__item=item).values_list("person_id", flat=True)
    item.comparison = bring_back(
        campaign=item.campaign,
        comparison_id=item.comparison_id,
        keep_answer=item.was_known,
        seen_by=sorted(set(met)),
        by=by,
        now=now,
    )
    _record(by, "training_item.taken_back", item)
    return item


def _check(use: str, reason: str) -> None:
    faults: dict[str, list[str]] = {}
    if fault := choice_fault(use, Use.values):
        faults["use"] = [fault]
    missing = gettext("Write why the reference prefers what it does.")
    if fault := text_fault(reason, LONGEST_REASON, missing):
        faults["reason"] = [fault]
    if faults:
        raise Invalid(gettext("The item was not saved: some fields do not hold."), fields=faults)


def _held(item: TrainingItem) -> TrainingItem:
    lock_campaign(item.campaign_id)
    item = _locked(item)
    if not item.in_use:
        raise ItemNotInUse(
            gettext("This item was taken back. Set its comparison aside again first.")
        )
    return item


def _locked(item: TrainingItem) -> TrainingItem:
    held = TrainingItem.objects.select_for_update(of=("self",))
    return held.select_related("campaign", "comparison").get(pk=item.pk)


def _record(by: User, action: str, item: TrainingItem, **data: object) -> None:
    record_event(
        actor=by,
        action=action,
        target=f"training_item:{item.pk}",
        campaign=item.campaign_id,
        comparison=item.comparison_id,
        **data,
    )

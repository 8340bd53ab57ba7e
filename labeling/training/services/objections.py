"""Object to the reference of an item, and decide what becomes of that."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import lock_campaign
from labeling.errors import Invalid, NotFound
from labeling.ranges import choice_fault
from labeling.training.enums import ObjectionState
from labeling.training.errors import ItemNotInUse, ObjectionDecided
from labeling.training.models import Objection
from labeling.training.queries import may_see_reference, trial_for
from labeling.training.rules import LONGEST_OBJECTION, LONGEST_REPLY, length_fault, text_fault
from labeling.training.services.items import edit_item, take_item_back
from labeling.wording import gettext


@transaction.atomic
def object_to(
    *, campaign: Campaign, person: User, trial_id: int, text: str, now: datetime
) -> Objection:
    """Say what is wrong with the reference of an own trial; once, and the first word stays.

    Raises NotFound, also while the person may not know the reference yet, or Invalid.
    """
    trial = trial_for(campaign, person, trial_id)
    if not may_see_reference(trial):
        raise NotFound(gettext("You can object once you see what the reference says."))
    missing = gettext("Write what is wrong with the reference.")
    if fault := text_fault(text, LONGEST_OBJECTION, missing):
        raise Invalid(gettext("Nothing was sent."), fields={"text": [fault]})
    objection, _ = Objection.objects.get_or_create(
        trial=trial, defaults={"text": text.strip(), "created_at": now}
    )
    return objection


@transaction.atomic
def decide_objection(
    *,
    objection: Objection,
    state: str,
    reply: str,
    by: User,
    now: datetime,
    ranks: Sequence[int] | None = None,
) -> Objection:
    """Uphold an open objection, by a corrected answer or by taking the item back, or turn it down.

    Everybody's trials of a corrected item are scored anew; those of one that was taken back count
    for nobody. Raises ObjectionDecided, ItemNotInUse, or Invalid.
    """
    lock_campaign(objection.trial.item.campaign_id)
    objection = _locked(objection)
    if objection.state != ObjectionState.OPEN:
        reason = gettext("This objection has been decided already.")
        raise ObjectionDecided(reason, state=objection.state)
    item = objection.trial.item
    _check(state, reply, ranks, item.comparison.gold)
    if state == ObjectionState.CORRECTED:
        edit_item(item=item, by=by, now=now, ranks=ranks)
    elif state == ObjectionState.TAKEN_BACK:
        if not item.in_use:
            raise ItemNotInUse(
                gettext("This item was taken back already. Turn the objection down.")
            )
        take_item_back(item=item, by=by, now=now)
    objection.state, objection.reply = state, reply.strip()
    objection.decided_by, objection.decided_at = by, now
    objection.save(update_fields=["state", "reply", "decided_by", "decided_at"])
    record_event(
        actor=by,
        action="objection.decided",
        target=f"objection:{objection.pk}",
        campaign=item.campaign_id,
        item=item.pk,
        state=state,
    )
    return objection


def _check(state: str, reply: str, ranks: Sequence[int] | None, known: object) -> None:
    faults: dict[str, list[str]] = {}
    decisions = [value for value in ObjectionState.values if value != ObjectionState.OPEN]
    if fault := choice_fault(state, decisions):
        faults["state"] = [fault]
    elif state == ObjectionState.CORRECTED and (ranks is None or list(ranks) == known):
        faults["ranks"] = [gettext("Give the answer that holds; it is the same as before.")]
    if state == ObjectionState.TURNED_DOWN and not reply.strip():
        faults["reply"] = [gettext("Write the person a word why the reference stays.")]
    elif fault := length_fault(reply, LONGEST_REPLY):
        faults["reply"] = [fault]
    if faults:
        reason = gettext("The objection was not decided: some fields do not hold.")
        raise Invalid(reason, fields=faults)


def _locked(objection: Objection) -> Objection:
    held = Objection.objects.select_for_update(of=("self",))
    return held.select_related("trial__item__comparison", "trial__item__campaign").get(
        pk=objection.pk
    )

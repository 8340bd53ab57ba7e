"""Create and edit campaigns, move them from state to state, publish their guide."""

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Unpack

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.enums import CampaignState, Role
from labeling.campaigns.errors import CampaignChanged, GuidelineMissing, ShapeFixed, WrongState
from labeling.campaigns.fields import EDITABLE, CampaignFields
from labeling.campaigns.lifecycle import may_follow, next_states
from labeling.campaigns.models import Campaign, Guideline, Membership, Round
from labeling.campaigns.queries import guideline_of, lock_campaign
from labeling.campaigns.rules import LISTS, faults_of, guideline_fault, pay_faults
from labeling.campaigns.services.paying import keep_rate
from labeling.errors import Invalid
from labeling.wording import gettext, gettext_lazy

SEED_BITS = 62
NOT_SAVED = gettext_lazy("The campaign was not saved: some fields do not hold.")


@transaction.atomic
def create_campaign(
    *,
    user: User,
    name: str,
    guideline: str,
    guideline_must_be_read: bool = False,
    **fields: Unpack[CampaignFields],
) -> Campaign:
    """Make a draft with version 1 of its guide and ``user`` as its manager.

    An empty guide is left for later; the campaign cannot be started without one. Raises
    Invalid, by field.
    """
    values = _cleaned({**fields, "name": name})
    _check_pay(fields.get("pay"), fields.get("currency", ""))
    campaign = Campaign.objects.create(
        **values, created_by=user, shuffle_seed=secrets.randbits(SEED_BITS)
    )
    Membership.objects.create(campaign=campaign, user=user, role=Role.MANAGER)
    Round.objects.create(campaign=campaign, number=1, name="Round 1")
    keep_rate(campaign)
    record_event(actor=user, action="campaign.created", target=f"campaign:{campaign.pk}")
    if guideline.strip():
        publish_guideline(
            campaign=campaign, text=guideline, by=user, must_be_read=guideline_must_be_read
        )
    return campaign


@transaction.atomic
def edit_campaign(*, campaign: Campaign, by: User, version: int, **changes: Any) -> Campaign:
    """Change fields of a campaign that is still at ``version``, the one that the person saw.

    Raises CampaignChanged when somebody else was faster, ShapeFixed, or Invalid by field.
    """
    if set(changes) - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(set(changes) - EDITABLE))}")
    values = _cleaned(changes)
    current = lock_campaign(campaign.pk)
    if current.version != version:
        raise CampaignChanged(
            gettext(
                "Somebody else changed this campaign in the meantime. Compare what you typed with "
                "what is there now, then save again."
            ),
            version=current.version,
        )
    before = {name: getattr(current, name) for name in values}
    changed = sorted(name for name, value in values.items() if before[name] != value)
    if "candidates_per_comparison" in changed and current.state != CampaignState.DRAFT:
        raise ShapeFixed(
            gettext(
                "How many responses are compared at a time is fixed once a campaign has been "
                "started. Make a new campaign for another task shape."
            ),
            candidates_per_comparison=current.candidates_per_comparison,
        )
    if changed:
        for name in changed:
            setattr(current, name, values[name])
        _check_pay(current.pay, current.currency)
        current.version += 1
        current.save(update_fields=[*changed, "version"])
        _follow(current, changed)
        record_event(
            actor=by,
            action="campaign.edited",
            target=f"campaign:{current.pk}",
            before={name: _plain(before[name]) for name in changed},
            after={name: _plain(values[name]) for name in changed},
        )
    return current


def _follow(campaign: Campaign, changed: Sequence[str]) -> None:
    """Do what a change brings with it: another rate of pay, a warning that nobody has read."""
    keep_rate(campaign)
    if "content_warning" in changed:
        Membership.objects.filter(campaign=campaign).update(warning_accepted=False)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _check_pay(pay: Decimal | None, currency: str) -> None:
    faults = pay_faults(pay, currency)
    if faults:
        raise Invalid(str(NOT_SAVED), fields=faults)


def _cleaned(values: dict[str, Any]) -> dict[str, Any]:
    faults = faults_of(values)
    if faults:
        raise Invalid(str(NOT_SAVED), fields=faults)
    values = dict(values)
    for field in {"name", "content_warning"} & set(values):
        values[field] = values[field].strip()
    for field in set(LISTS) & set(values):
        values[field] = [name.strip() for name in values[field]]
    return values


@transaction.atomic
def set_state(*, campaign: Campaign, state: str, by: User) -> Campaign:
    """Move a campaign to another state; to the one it is in already changes nothing.

    Raises WrongState when the lifecycle does not allow it, GuidelineMissing when the campaign
    would start without a guide.
    """
    current = lock_campaign(campaign.pk)
    before = current.state
    if before == state:
        return current
    if not may_follow(before, state):
        allowed = next_states(before)
        raise WrongState(_refused(before, state, allowed), state=before, allowed=list(allowed))
    if state == CampaignState.ACTIVE and guideline_of(current) is None:
        raise GuidelineMissing(
            gettext("Write the judging guide first: people need to know what to judge by.")
        )
    current.state = state
    current.save(update_fields=["state"])
    record_event(
        actor=by,
        action="campaign.state_set",
        target=f"campaign:{current.pk}",
        before=before,
        after=state,
    )
    return current


def _refused(before: str, state: str, allowed: Sequence[str]) -> str:
    said = {"before": _in_words(before), "state": _in_words(state), "one": _in_words(allowed[0])}
    if len(allowed) == 1:
        reason = gettext("A campaign that is %(before)s cannot become %(state)s, only %(one)s.")
        return reason % said
    reason = gettext(
        "A campaign that is %(before)s cannot become %(state)s, only %(one)s or %(other)s."
    )
    return reason % {**said, "other": _in_words(allowed[1])}


def _in_words(state: str) -> str:
    """Return a state as a sentence names it; what is no state stays as it was given."""
    if state not in CampaignState.values:
        return state
    return str(CampaignState(state).label).lower()


@transaction.atomic
def publish_guideline(
    *, campaign: Campaign, text: str, by: User, must_be_read: bool = False
) -> Guideline:
    """Put a new version of the guide in force; the same text again makes none.

    With ``must_be_read`` nobody is handed work before they have confirmed that they read it.
    """
    fault = guideline_fault(text)
    if fault:
        reason = gettext("The guide was not published. %(reason)s") % {"reason": fault}
        raise Invalid(reason, fields={"text": [fault]})
    lock_campaign(campaign.pk)
    latest = guideline_of(campaign)
    if latest is not None and latest.text == text:
        return latest
    version = latest.version + 1 if latest else 1
    guideline = Guideline.objects.create(
        campaign=campaign, version=version, text=text, must_be_read=must_be_read, created_by=by
    )
    kept = ["guideline_version", "guideline_to_read"] if must_be_read else ["guideline_version"]
    for name in kept:
        setattr(campaign, name, version)
    campaign.save(update_fields=kept)
    record_event(
        actor=by,
        action="guideline.published",
        target=f"campaign:{campaign.pk}",
        version=version,
        must_be_read=must_be_read,
    )
    return guideline

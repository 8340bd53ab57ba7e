"""Open, close and name the rounds of a campaign; one of them is open at most."""

from datetime import datetime

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.enums import RoundState
from labeling.campaigns.errors import AnotherRoundOpen
from labeling.campaigns.models import Campaign, Round
from labeling.campaigns.queries import lock_campaign, rounds_of
from labeling.campaigns.rules import round_faults_of
from labeling.errors import Invalid
from labeling.wording import gettext


@transaction.atomic
def open_round(*, campaign: Campaign, name: str, checkpoint: str, by: User, now: datetime) -> Round:
    """Open the campaign's next round; the one that is open closes.

    A name is used once a campaign, so that the same request again opens nothing. Raises
    Invalid, by field.
    """
    lock_campaign(campaign.pk)
    values = _cleaned(campaign, name, checkpoint)
    last = rounds_of(campaign)[0]
    open_one = rounds_of(campaign).filter(state=RoundState.OPEN).first()
    if open_one is not None:
        _close(open_one, by, now)
    opened = Round.objects.create(campaign=campaign, number=last.number + 1, **values)
    _record("round.opened", opened, by, **values)
    return opened


@transaction.atomic
def close_round(*, round_: Round, by: User, now: datetime) -> Round:
    """Hand out nothing more of a round; closing a closed one changes nothing.

    What people hold of it may still be answered.
    """
    current = _locked(round_)
    if current.state == RoundState.OPEN:
        _close(current, by, now)
    return current


@transaction.atomic
def reopen_round(*, round_: Round, by: User) -> Round:
    """Hand out what is left of a closed round; reopening an open one changes nothing.

    Refused with AnotherRoundOpen rather than closing the other: going back for what is missing
    is no reason to stop, by a slip, the round that people work on.
    """
    current = _locked(round_)
    if current.state == RoundState.OPEN:
        return current
    other = rounds_of(current.campaign).filter(state=RoundState.OPEN).first()
    if other is not None:
        reason = gettext(
            "Round %(open)s is open, and only one can be. Close it first, then open round "
            "%(number)s again."
        )
        raise AnotherRoundOpen(
            reason % {"open": other.number, "number": current.number}, open=other.number
        )
    current.state, current.closed_at = RoundState.OPEN, None
    current.save(update_fields=["state", "closed_at"])
    _record("round.reopened", current, by)
    return current


@transaction.atomic
def edit_round(
    *, round_: Round, by: User, name: str | None = None, checkpoint: str | None = None
) -> Round:
    """Give a round another name or checkpoint; None leaves it. Raises Invalid, by field.

    Exports that are written already keep what they say.
    """
    current = _locked(round_)
    before = {"name": current.name, "checkpoint": current.checkpoint}
    values = _cleaned(
        current.campaign,
        current.name if name is None else name,
        current.checkpoint if checkpoint is None else checkpoint,
        but=current,
    )
    if values != before:
        current.name, current.checkpoint = values["name"], values["checkpoint"]
        current.save(update_fields=["name", "checkpoint"])
        _record("round.edited", current, by, before=before, after=values)
    return current


def _locked(round_: Round) -> Round:
    """Return the round as it is now; the campaign's lock keeps its rounds from changing."""
    campaign = lock_campaign(round_.campaign_id)
    return rounds_of(campaign).select_related("campaign").get(pk=round_.pk)


def _cleaned(
    campaign: Campaign, name: str, checkpoint: str, *, but: Round | None = None
) -> dict[str, str]:
    values = {"name": name.strip(), "checkpoint": checkpoint.strip()}
    names = [each.name for each in rounds_of(campaign) if each != but]
    faults = round_faults_of(**values, names=names)
    if faults:
        reason = gettext("The round was not saved: some fields do not hold.")
        raise Invalid(reason, fields=faults)
    return values


def _close(round_: Round, by: User, now: datetime) -> None:
    round_.state, round_.closed_at = RoundState.CLOSED, now
    round_.save(update_fields=["state", "closed_at"])
    _record("round.closed", round_, by)


def _record(action: str, round_: Round, by: User, **data: object) -> None:
    target = f"campaign:{round_.campaign_id}"
    record_event(actor=by, action=action, target=target, round=round_.number, **data)

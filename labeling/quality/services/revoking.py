"""Revoke a person's work, a prompt or a source of prompts, and lift that again."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.assignment.models import Desk
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError, Invalid, Kind
from labeling.prompts.models import Prompt
from labeling.quality.models import Revocation
from labeling.wording import gettext


class AlreadyRevoked(DomainError):
    """It is revoked already."""

    code = "already_revoked"
    kind = Kind.CONFLICT


class NotInForce(DomainError):
    """The revocation was lifted before."""

    code = "revocation_lifted"
    kind = Kind.CONFLICT


class ErasedForGood(DomainError):
    """What is erased cannot be brought back."""

    code = "erased_for_good"
    kind = Kind.CONFLICT


class Revoked(TypedDict, total=False):
    """What is revoked: one of these."""

    annotator: User | None
    prompt: Prompt | None
    source: str


def revoke(
    *, campaign: Campaign, by: User, reason: str, now: datetime, **what: Unpack[Revoked]
) -> Revocation:
    """Leave a person's work, a prompt or a source out of every export from now on.

    Nothing is deleted. Raises Invalid for what the campaign does not have, and AlreadyRevoked.
    """
    _check(campaign, what, reason)
    try:
        with transaction.atomic():
            made = Revocation.objects.create(
                campaign=campaign, reason=reason.strip(), made_by=by, made_at=now, **what
            )
            _record(made, by, "quality.revoked")
    except IntegrityError as error:
        raise AlreadyRevoked(gettext("It is revoked already.")) from error
    return made


def lift(*, revocation: Revocation, by: User, now: datetime) -> Revocation:
    """Let what was revoked count again. Raises NotInForce, and ErasedForGood."""
    with transaction.atomic():
        row = Revocation.objects.select_for_update().get(pk=revocation.pk)
        if row.lifted_at is not None:
            raise NotInForce(gettext("The revocation was lifted before."))
        if row.erased_at is not None:
            raise ErasedForGood(gettext("What is erased cannot be brought back."))
        row.lifted_by, row.lifted_at = by, now
        row.save(update_fields=["lifted_by", "lifted_at"])
        _record(row, by, "quality.revocation_lifted")
    return row


def _check(campaign: Campaign, what: Revoked, reason: str) -> None:
    """Raise Invalid, naming the field, unless one thing of the campaign is named with a reason."""
    named = {name: value for name, value in what.items() if value}
    if len(named) != 1:
        _refuse("annotator", gettext("Name one person, one prompt or one source."))
    if not reason.strip():
        _refuse("reason", gettext("Say why; the log and everybody who asks later will read it."))
    annotator, prompt, source = what.get("annotator"), what.get("prompt"), what.get("source")
    if annotator and not Desk.objects.filter(campaign=campaign, annotator=annotator).exists():
        _refuse("annotator", gettext("This person has done no work in the campaign."))
    if prompt and prompt.campaign_id != campaign.pk:
        _refuse("prompt", gettext("The campaign has no such prompt."))
    if source and not Prompt.objects.filter(campaign=campaign, source=source).exists():
        _refuse("source", gettext("No prompt of the campaign is of this source."))


def _refuse(field: str, reason: str) -> None:
    raise Invalid(f"{field}: {reason}", fields={field: [reason]})


def _record(revocation: Revocation, by: User, action: str) -> None:
    record_event(
        actor=by,
        action=action,
        target=f"revocation:{revocation.pk}",
        campaign=revocation.campaign_id,
        annotator=revocation.annotator_id,
        prompt=revocation.prompt_id,
        source=revocation.source,
        reason=revocation.reason,
    )

"""Write down what is known of a member: which work reaches them follows from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.abilities import faults_of, tidy_languages, tidy_skills
from labeling.campaigns.models import Membership
from labeling.campaigns.queries import lock_campaign
from labeling.campaigns.services.members import change_role
from labeling.errors import Invalid
from labeling.wording import gettext

KNOWN = ["languages", "skills", "qualified_at"]


@transaction.atomic
def change_member(
    *, membership: Membership, by: User, now: datetime, role: str | None = None, **known: Any
) -> Membership:
    """Give a member another role, and what ``describe_member`` takes: all of it or nothing."""
    if role is not None:
        change_role(membership=membership, role=role, by=by)
    return describe_member(membership=membership, by=by, now=now, **known)


@transaction.atomic
def describe_member(
    *,
    membership: Membership,
    by: User,
    now: datetime,
    languages: Sequence[str] | None = None,
    skills: Sequence[str] | None = None,
    qualified: bool | None = None,
) -> Membership:
    """Say what languages a member reads, what they know about, and whether they may start.

    None leaves things as they are. No languages means any; a skill matches the tag
    ``skill:<name>`` of a prompt letter by letter. Raises Invalid, by field.
    """
    faults = faults_of(languages or (), skills or ())
    if faults:
        reason = gettext("The member was not changed: some fields do not hold.")
        raise Invalid(reason, fields=faults)
    lock_campaign(membership.campaign_id)
    membership.refresh_from_db(fields=KNOWN)
    before = _facts(membership)
    if languages is not None:
        membership.languages = tidy_languages(languages)
    if skills is not None:
        membership.skills = tidy_skills(skills)
    if qualified is not None:
        since = membership.qualified_at or now
        membership.qualified_at = since if qualified else None
    after = _facts(membership)
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        membership.save(update_fields=KNOWN)
        record_event(
            actor=by,
            action="member.described",
            target=f"campaign:{membership.campaign_id}",
            user=membership.user_id,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return membership


def _facts(membership: Membership) -> dict[str, object]:
    return {
        "languages": membership.languages,
        "skills": membership.skills,
        "qualified": membership.qualified_at is not None,
    }


@transaction.atomic
def qualify_member(*, membership: Membership, attempt: int, now: datetime) -> bool:
    """Let a member start who has passed the campaign's qualification; tell if that is new."""
    unqualified = Membership.objects.filter(pk=membership.pk, qualified_at=None)
    if not unqualified.update(qualified_at=now):
        return False
    record_event(
        actor=None,
        action="member.qualified",
        target=f"campaign:{membership.campaign_id}",
        user=membership.user_id,
        attempt=attempt,
    )
    return True

"""Add people to campaigns, change their roles, remove them, invite them again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from labeling.accounts.enums import LinkPurpose
from labeling.accounts.models import User
from labeling.accounts.queries import has_come
from labeling.accounts.services.audit import record_event
from labeling.accounts.services.links import give_link, withdraw_links
from labeling.campaigns.enums import Role
from labeling.campaigns.errors import AlreadyMember, LastManager
from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.queries import lock_campaign
from labeling.errors import Forbidden, Invalid
from labeling.ranges import choice_fault
from labeling.wording import gettext

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Added:
    """A person in a campaign, the invitation link made for them if any, and whether new."""

    membership: Membership
    link: str | None
    is_new: bool


@transaction.atomic
def add_member(*, campaign: Campaign, email: str, role: str, by: User, now: datetime) -> Added:
    """Give the person with this address a role in the campaign.

    An address that is not known yet gets an account that its invitation link alone opens.
    Raises AlreadyMember, or Invalid by field.
    """
    (added,) = add_members(campaign=campaign, people=[(email, role)], by=by, now=now)
    if not added.is_new:
        raise AlreadyMember(
            gettext("This person is a member already. Change their role in the list of members."),
            membership=added.membership.pk,
        )
    return added


@transaction.atomic
def add_members(
    *, campaign: Campaign, people: Sequence[tuple[str, str]], by: User, now: datetime
) -> list[Added]:
    """Add up to 500 people, as (address, role), all or none; members stay as they are.

    Raises Invalid; its ``fields["members"]`` names each entry that does not hold.
    """
    faults = _faults_of(people)
    if faults:
        reason = gettext("Nobody was added: some entries do not hold.")
        raise Invalid(reason, fields={"members": faults})
    lock_campaign(campaign.pk)
    roles = {email.strip().lower(): role for email, role in people}
    # In one order everywhere, so that two campaigns that add the same people never deadlock.
    added = {email: _add_one(campaign, email, roles[email], by, now) for email in sorted(roles)}
    return [added[email] for email in roles]


def _faults_of(people: Sequence[tuple[str, str]]) -> list[str]:
    if not 1 <= len(people) <= MOST_AT_ONCE:
        return [gettext("Add 1 to %(most)s people at a time.") % {"most": MOST_AT_ONCE}]
    faults, seen = [], set()
    for number, (email, role) in enumerate(people, start=1):
        address = email.strip().lower()
        if not _is_address(address):
            reason = gettext("Entry %(number)s: %(address)s is not an e-mail address.")
            faults.append(reason % {"number": number, "address": repr(email[:80])})
        elif address in seen:
            reason = gettext("Entry %(number)s: %(address)s is there twice.")
            faults.append(reason % {"number": number, "address": address})
        if role not in Role.values:
            reason = gettext("Entry %(number)s: the role must be one of %(roles)s.")
            faults.append(reason % {"number": number, "roles": ", ".join(Role.values)})
        seen.add(address)
    return faults


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _add_one(campaign: Campaign, email: str, role: str, by: User, now: datetime) -> Added:
    user, is_unknown = User.objects.get_or_create(
        email=email, defaults={"password": make_password(None)}
    )
    membership, is_new = Membership.objects.get_or_create(
        campaign=campaign, user=user, defaults={"role": role}
    )
    if is_new:
        record_event(
            actor=by,
            action="member.added",
            target=f"campaign:{campaign.pk}",
            user=user.pk,
            role=role,
        )
    link = None
    if is_unknown:
        link = give_link(user=user, purpose=LinkPurpose.INVITATION, created_by=by, now=now)
    return Added(membership, link, is_new)


@transaction.atomic
def invite_again(*, membership: Membership, by: User, now: datetime) -> str:
    """Make a new invitation link for a member who has not come yet; earlier ones end.

    Whoever holds the link can become that person, so it is given only to somebody who
    manages every campaign that the person belongs to. Raises Forbidden or LinkNotGiven.
    """
    user = membership.user
    elsewhere = Membership.objects.filter(user=user).exclude(campaign__in=_managed_by(by))
    if not by.is_superuser and (user.is_staff or user.is_superuser or elsewhere.exists()):
        raise Forbidden(
            gettext(
                "This person also belongs to a campaign that you do not manage. Ask one of its "
                "managers, or an operator, to invite them."
            )
        )
    return give_link(user=user, purpose=LinkPurpose.INVITATION, created_by=by, now=now)


def _managed_by(user: User) -> Iterable[int]:
    managed = Membership.objects.filter(user=user, role=Role.MANAGER)
    return managed.values_list("campaign_id", flat=True)


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Give a member another role. Raises LastManager, or Invalid for an unknown role."""
    if fault := choice_fault(role, Role.values):
        raise Invalid(gettext("The role was not changed."), fields={"role": [fault]})
    lock_campaign(membership.campaign_id)
    membership.refresh_from_db(fields=["role"])
    before = membership.role
    if before == role:
        return membership
    _keep_a_manager(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    record_event(
        actor=by,
        action="member.role_changed",
        target=f"campaign:{membership.campaign_id}",
        user=membership.user_id,
        before=before,
        after=role,
    )
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User, now: datetime) -> None:
    """Take a person out of the campaign; what they judged stays. Raises LastManager.

    Somebody who never came and belongs to no other campaign loses the open invitation too.
    """
    lock_campaign(membership.campaign_id)
    _keep_a_manager(membership)
    user = membership.user
    record_event(
        actor=by,
        action="member.removed",
        target=f"campaign:{membership.campaign_id}",
        user=user.pk,
        role=membership.role,
    )
    membership.delete()
    if not has_come(user) and not Membership.objects.filter(user=user).exists():
        withdraw_links(user=user, now=now)


def _keep_a_manager(membership: Membership) -> None:
    if membership.role != Role.MANAGER:
        return
    others = Membership.objects.filter(campaign=membership.campaign_id, role=Role.MANAGER)
    if not others.exclude(pk=membership.pk).exists():
        raise LastManager(
            gettext("This is the campaign's last manager. Make somebody else a manager first.")
        )

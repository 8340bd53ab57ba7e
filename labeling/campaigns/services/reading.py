"""Keep what each member has confirmed: a version of the guide, the content warning."""

from django.db import transaction

from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Membership
from labeling.errors import Invalid
from labeling.wording import gettext


@transaction.atomic
def mark_read(*, membership: Membership, version: int) -> Membership:
    """Write down that a member has read a version of the guide, and with it the earlier ones.

    An operator who is no member has nothing to confirm. Raises Invalid when there is no such
    version.
    """
    campaign = membership.campaign
    if not 1 <= version <= campaign.guideline_version:
        reason = gettext("Name a version from 1 to %(latest)s.")
        raise Invalid(
            gettext("The guide of this campaign has no such version."),
            fields={"version": [reason % {"latest": campaign.guideline_version}]},
        )
    behind = Membership.objects.filter(pk=membership.pk, guideline_read__lt=version)
    if behind.update(guideline_read=version):
        membership.guideline_read = version
        record_event(
            actor=membership.user,
            action="guideline.read",
            target=f"campaign:{campaign.pk}",
            version=version,
        )
    return membership


@transaction.atomic
def accept_warning(*, membership: Membership) -> Membership:
    """Write down that a member is ready for what the campaign warns of; a new warning asks again.

    An operator who is no member has nothing to confirm.
    """
    if Membership.objects.filter(pk=membership.pk, warning_accepted=False).update(
        warning_accepted=True
    ):
        membership.warning_accepted = True
        record_event(
            actor=membership.user,
            action="warning.accepted",
            target=f"campaign:{membership.campaign_id}",
            warning=membership.campaign.content_warning,
        )
    return membership

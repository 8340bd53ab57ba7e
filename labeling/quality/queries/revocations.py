"""Reads of what is revoked."""

from django.db.models import Q, QuerySet

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.prompts.models import Prompt
from labeling.quality.models import Revocation
from labeling.wording import gettext


def revocations_of(campaign: Campaign) -> QuerySet[Revocation]:
    """Return every revocation of a campaign, newest first, with whom and what it names."""
    named = ("annotator", "prompt", "made_by", "lifted_by")
    return Revocation.objects.filter(campaign=campaign).select_related(*named).order_by("-id")


def revocation_in(campaign: Campaign, revocation_id: int) -> Revocation:
    """Return one revocation of a campaign; raise NotFound for any other."""
    found = revocations_of(campaign).filter(pk=revocation_id).first()
    if found is None:
        raise NotFound(gettext("There is no such revocation in this campaign."))
    return found


def erasure_of(prompt: Prompt) -> Revocation:
    """Return the revocation by which a prompt is erased."""
    return revocations_of(prompt.campaign).get(prompt=prompt, erased_at__isnull=False)


def in_force(campaign: Campaign) -> QuerySet[Revocation]:
    """Return the revocations of a campaign that nobody has lifted."""
    return revocations_of(campaign).filter(lifted_at=None)


def revoked_annotators(campaign: Campaign) -> list[int]:
    """Return the keys of the people whose work is revoked."""
    found = in_force(campaign).filter(annotator__isnull=False)
    return list(found.order_by("annotator_id").values_list("annotator_id", flat=True))


def revoked_prompts(campaign: Campaign) -> QuerySet[Prompt]:
    """Return the prompts that are revoked, alone or with their source."""
    revoked = in_force(campaign)
    keys = revoked.filter(prompt__isnull=False).order_by().values("prompt")
    sources = revoked.exclude(source="").order_by().values("source")
    return Prompt.objects.filter(Q(pk__in=keys) | Q(source__in=sources), campaign=campaign)


def annotators_of(campaign: Campaign) -> QuerySet[User]:
    """Return everybody who has worked in a campaign, those who have left it among them."""
    return User.objects.filter(desks__campaign=campaign).order_by("email")


def annotator_for(campaign: Campaign, user_id: int) -> User:
    """Return one of ``annotators_of``; raise NotFound for anybody else."""
    found = annotators_of(campaign).filter(pk=user_id).first()
    if found is None:
        raise NotFound(gettext("Nobody with this number has worked in the campaign."))
    return found


def sources_of(campaign: Campaign) -> list[str]:
    """Return the sources that prompts of a campaign are of."""
    found = Prompt.objects.filter(campaign=campaign).exclude(source="").order_by("source")
    return list(found.values_list("source", flat=True).distinct())

"""Reads about prompts and their imports: the one door to each of them."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.prompts.enums import UNFINISHED
from labeling.prompts.models import Prompt, PromptQuerySet, PromptSet, RefusedRow
from labeling.wording import gettext

# A set that nobody has touched for this long has lost its worker, or its message.
UNTOUCHED = timedelta(seconds=60)


def prompt_sets_of(campaign: Campaign) -> QuerySet[PromptSet]:
    """Return the imports of a campaign, newest first."""
    return PromptSet.objects.filter(campaign=campaign).order_by("-id")


def prompt_set_for(campaign: Campaign, prompt_set_id: int) -> PromptSet:
    """Return one import of a campaign; raises NotFound for other campaigns' ones."""
    found = prompt_sets_of(campaign).filter(pk=prompt_set_id).first()
    if found is None:
        raise NotFound(gettext("There is no such import in this campaign."))
    return found


def problems_of(prompt_set: PromptSet) -> QuerySet[RefusedRow]:
    """Return what an import refused, in the order of the file."""
    return RefusedRow.objects.filter(prompt_set=prompt_set).order_by("id")


def prompts_of(
    campaign: Campaign, *, tag: str = "", external_id: str = "", language: str = ""
) -> PromptQuerySet:
    """Return the prompts of a campaign, oldest first, narrowed by the filters given."""
    prompts = Prompt.objects.filter(campaign=campaign).order_by("id")
    if external_id:
        prompts = prompts.filter(external_id=external_id)
    if language:
        prompts = prompts.filter(language=language)
    return prompts.tagged(tag) if tag else prompts


def prompt_for(campaign: Campaign, prompt_id: int) -> Prompt:
    """Return one prompt of a campaign; raises NotFound for other campaigns' ones."""
    found = prompts_of(campaign).filter(pk=prompt_id).select_related("prompt_set").first()
    if found is None:
        raise NotFound(gettext("There is no such prompt in this campaign."))
    return found


def prompt_sets_to_resume(*, now: datetime) -> list[int]:
    """Return the unfinished imports that nobody is working on."""
    left = PromptSet.objects.filter(state__in=UNFINISHED, touched_at__lt=now - UNTOUCHED)
    return list(left.order_by("id").values_list("pk", flat=True))

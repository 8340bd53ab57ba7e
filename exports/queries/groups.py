"""Groups of prompts that are alike, as they are stored."""

from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from exports.models import BAND_NAMES, PromptGroup
from exports.queries.reading import IsAnyOf
from labeling.campaigns.models import Campaign
from labeling.prompts.models import Prompt


def ungrouped(campaign: Campaign) -> QuerySet[Prompt]:
    """Return the prompts of a campaign that are in no group yet."""
    return Prompt.objects.filter(~Exists(group_of(OuterRef("pk"))), campaign=campaign)


def group_of(prompt: OuterRef) -> QuerySet[PromptGroup]:
    """Return the group of a prompt of an outer query."""
    return PromptGroup.objects.filter(prompt=prompt)


def founders_like(campaign: Campaign, keys: Sequence[Sequence[int]]) -> list[PromptGroup]:
    """Return the groups' first members that share a key with one of the prompts, oldest first."""
    found: dict[int, PromptGroup] = {}
    for name, of_band in zip(BAND_NAMES, zip(*keys, strict=True), strict=False):
        groups = PromptGroup.objects.filter(campaign=campaign, **{f"{name}__in": set(of_band)})
        found.update({one.prompt_id: one for one in groups.select_related("prompt")})
    return [found[prompt_id] for prompt_id in sorted(found)]


def places_of(prompt_ids: Collection[int]) -> dict[int, float]:
    """Return where the groups of some prompts stand, 0 to 1, by prompt."""
    found = PromptGroup.objects.filter(IsAnyOf("prompt_id", prompt_ids))
    return dict(found.values_list("prompt_id", "place"))

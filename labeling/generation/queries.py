"""Reads about generators, runs and candidates."""

from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup
from labeling.prompts.enums import PromptSetState
from labeling.prompts.models import PromptSet, ReadyResponses


def campaign_of_prompt_set(prompt_set_id: int) -> int | None:
    """Return the campaign an import belongs to, None when the import is gone."""
    return PromptSet.objects.filter(pk=prompt_set_id).values_list("campaign_id", flat=True).first()


def prompt_sets_to_adopt() -> list[int]:
    """Return the finished imports that still hold ready responses nobody made candidates of."""
    waiting = ReadyResponses.objects.filter(adopted_at=None, prompt_set__state=PromptSetState.DONE)
    return list(
        waiting.order_by("prompt_set_id").values_list("prompt_set_id", flat=True).distinct()
    )


def campaigns_to_plan() -> list[int]:
    """Return the campaigns that have complete groups not planned yet."""
    complete = CandidateGroup.objects.filter(state=GroupState.COMPLETE)
    return list(
        complete.order_by("prompt__campaign_id")
        .values_list("prompt__campaign_id", flat=True)
        .distinct()
    )

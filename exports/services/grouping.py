"""Put prompts that are alike in one group, so that no split holds what another one does."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from exports.likeness import Marks, keys_of, likeness, marks_of
from exports.messages import root_of
from exports.models import BAND_NAMES, PromptGroup
from exports.queries.groups import founders_like, ungrouped
from exports.splits import place_of
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import lock_campaign
from labeling.prompts.models import Prompt

PROMPTS_AT_ONCE = 500
# Some letters differ, not a word: another word can make another task.
ALIKE = 0.9
MOST_COMPARED = 20


def group_prompts(campaign: Campaign) -> None:
    """Give every prompt of a campaign its group, for good; safe to call twice.

    A prompt joins the oldest prompt that began a group and is like it, or begins one. So groups do
    not grow from one to the next, and nothing that comes later moves a prompt.
    """
    while _group_some(campaign):
        pass


def _group_some(campaign: Campaign) -> int:
    with transaction.atomic():
        lock_campaign(campaign.pk)
        prompts = list(ungrouped(campaign).order_by("id")[:PROMPTS_AT_ONCE])
        PromptGroup.objects.bulk_create(_grouped(campaign, prompts))
    return len(prompts)


@dataclass(frozen=True)
class Root:
    """What a conversation begins with."""

    prompt: Prompt
    text: str
    marks: Marks
    keys: tuple[int, ...]


@dataclass
class Founders:
    """The prompts that began groups, by their keys; ``places`` are where their groups stand."""

    by_key: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    marks: dict[int, Marks] = field(default_factory=dict)
    places: dict[int, float] = field(default_factory=dict)

    def add(self, prompt_id: int, keys: Iterable[int], marks: Marks, place: float) -> None:
        """Add one."""
        for band, key in enumerate(keys):
            self.by_key.setdefault((band, key), []).append(prompt_id)
        self.marks[prompt_id], self.places[prompt_id] = marks, place

    def like(self, root: Root) -> int | None:
        """Return the oldest that is like a root; None where there is none."""
        near = {
            found
            for band, key in enumerate(root.keys)
            for found in self.by_key.get((band, key), ())
        }
        for prompt_id in sorted(near)[:MOST_COMPARED]:
            if likeness(root.marks, self.marks[prompt_id]) >= ALIKE:
                return prompt_id
        return None


def _grouped(campaign: Campaign, prompts: list[Prompt]) -> list[PromptGroup]:
    roots = [_root(prompt) for prompt in prompts]
    founders = Founders()
    for group in founders_like(campaign, [root.keys for root in roots]):
        text = root_of(group.prompt.messages)
        founders.add(group.prompt_id, group.keys, marks_of(text), group.place)
    return [_group(campaign, root, founders) for root in roots]


def _group(campaign: Campaign, root: Root, founders: Founders) -> PromptGroup:
    founder = founders.like(root)
    if founder is not None:
        place = founders.places[founder]
        return PromptGroup(prompt=root.prompt, campaign=campaign, founder_id=founder, place=place)
    place = place_of(root.text)
    founders.add(root.prompt.pk, root.keys, root.marks, place)
    bands = dict(zip(BAND_NAMES, root.keys, strict=True))
    return PromptGroup(
        prompt=root.prompt, campaign=campaign, founder=root.prompt, place=place, **bands
    )


def _root(prompt: Prompt) -> Root:
    text = root_of(prompt.messages)
    marks = marks_of(text)
    return Root(prompt, text, marks, keys_of(marks))

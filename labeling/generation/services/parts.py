"""The parts of a run: which generators make how many, how warm, and whether together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.generation.enums import Stage
from labeling.generation.models import MOST_A_PROMPT, GenerationRun, Generator, RunPart
from labeling.generation.recipe import BadRecipe, read_recipe
from labeling.wording import gettext


@dataclass(frozen=True)
class Wanted:
    """One part of a run as it is asked for; ``RunPart`` says what the values mean."""

    generator: Generator
    per_prompt: int
    temperature: float | None = None
    together: bool = False


def check_parts(campaign: Campaign, wanted: Sequence[Wanted]) -> dict[str, list[str]]:
    """Return what does not hold, by field; raise NotFound for another campaign's generator."""
    if any(one.generator.campaign_id != campaign.pk for one in wanted):
        raise NotFound(gettext("The campaign has no such generator."))
    problems = [(f"parts.{at}", why) for at, one in enumerate(wanted) for why in _problems(one)]
    if not wanted:
        problems.append(("parts", gettext("name at least one generator")))
    if sum(one.per_prompt for one in wanted) > MOST_A_PROMPT:
        reason = gettext("at most %(most)s responses to each prompt, all parts together")
        problems.append(("per_prompt", reason % {"most": MOST_A_PROMPT}))
    return {field: [why for where, why in problems if where == field] for field, _ in problems}


def _problems(wanted: Wanted) -> Iterator[str]:
    if wanted.per_prompt < 1:
        yield gettext("at least one response for each prompt")
    if wanted.temperature is not None:
        try:
            read_recipe({"temperature": wanted.temperature})
        except BadRecipe as bad:
            yield gettext("the temperature %(reason)s") % {"reason": bad.fields["temperature"]}
    if wanted.together and wanted.per_prompt < 2:
        yield gettext("of responses that differ on purpose ask for at least two")
    if wanted.together and wanted.generator.stage == Stage.BASE:
        reason = gettext("%(name)s is a base model: it takes no order to differ on purpose")
        yield reason % {"name": wanted.generator.name}


def store_parts(run: GenerationRun, wanted: Sequence[Wanted], *, seed: int | None) -> list[RunPart]:
    """Store a run's parts, in order."""
    parts: list[RunPart] = []
    for position, one in enumerate(wanted):
        parts.append(
            RunPart(
                run=run,
                position=position,
                generator=one.generator,
                per_prompt=one.per_prompt,
                first_sample=sum(part.per_prompt for part in parts),
                temperature=one.temperature,
                together=one.together,
                seed=seed_of_part(run, one.generator, seed),
            )
        )
    return RunPart.objects.bulk_create(parts)


def seed_of_part(run: GenerationRun, generator: Generator, asked: int | None) -> int:
    """Return the seed that was asked for, else the generator's own, else the run's."""
    if asked is not None:
        return asked
    return run.seed if generator.seed is None else generator.seed

"""Runs, and their parts: what is made of which prompts, by which generators."""

from dataclasses import replace
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from labeling.campaigns.models import Campaign
from labeling.generation.enums import Makes
from labeling.generation.hygiene import LONGEST
from labeling.generation.models.constitutions import MOST_ROUNDS, Constitution
from labeling.generation.models.generators import Generator
from labeling.generation.recipe import Recipe, read_recipe

MOST_A_PROMPT = 9
GOES_ON = Q(stopped_at=None, paused_at=None)


class GenerationRun(models.Model):
    """One request for candidates of many prompts; created by ``request_candidates``.

    Or for verdicts on what is compared, by a later stage: ``makes`` says which. Its parts say
    which generators make how many. Progress is the count of its candidates by state. ``seed``
    is the one that was asked for or drawn. ``stopped_at`` makes workers leave what is still
    pending for good, ``paused_at`` until it is resumed. ``rung_at`` is when workers were last
    told of the run; it keeps the sweep from telling them over and over. ``ceiling`` is what it
    may cost at most, ``spent`` what it has cost, ``reserved`` what the calls under way may
    still cost (``services.calls`` keeps both), all in the money of the generators' prices.
    ``unchecked`` names the flaws that its responses are not held back for, ``longest`` the
    characters beyond which one is too long.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="runs")
    makes = models.CharField(max_length=10, choices=Makes, default=Makes.RESPONSES)
    seed = models.BigIntegerField()
    unchecked = models.JSONField(default=list, blank=True)
    longest = models.PositiveIntegerField(default=LONGEST)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    ceiling = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    spent = models.DecimalField(max_digits=14, decimal_places=6, default=0)
    reserved = models.DecimalField(max_digits=14, decimal_places=6, default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(makes__in=Makes.values), name="run_makes_known"),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(paused_at=None), name="stopped_run_is_not_paused"
            ),
            models.CheckConstraint(
                condition=Q(spent__gte=0, reserved__gte=0) & (Q(ceiling=None) | Q(ceiling__gte=0)),
                name="run_owes_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def per_prompt(self) -> int:
        """Return how many responses each prompt gets."""
        return sum(part.per_prompt for part in self.parts.all())

    @property
    def generator_names(self) -> str:
        """Return what its generators are called."""
        return ", ".join(dict.fromkeys(part.generator.name for part in self.parts.all()))

    @property
    def models(self) -> str:
        """Return the names of the models that are asked."""
        return ", ".join(dict.fromkeys(part.generator.model for part in self.parts.all()))


class RunPart(models.Model):
    """What one generator makes in a run: ``per_prompt`` responses to each of its prompts.

    ``temperature`` takes the place of the recipe's. ``together`` has the model asked once a
    prompt for all of them, deliberately different from one another. With a ``constitution`` it
    revises responses that are there, at most ``per_prompt`` of a prompt, each so many ``rounds``.
    The part's responses have the samples from ``first_sample`` on; ``seed`` fixes that of each.
    """

    run = models.ForeignKey(GenerationRun, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    generator = models.ForeignKey(Generator, on_delete=models.PROTECT, related_name="parts")
    per_prompt = models.PositiveSmallIntegerField()
    first_sample = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    temperature = models.FloatField(null=True, blank=True)
    together = models.BooleanField(default=False)
    constitution = models.ForeignKey(
        Constitution, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rounds = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "position"], name="part_once_a_position"),
            models.UniqueConstraint(fields=["run", "first_sample"], name="part_once_a_sample"),
            models.CheckConstraint(
                condition=Q(per_prompt__gte=1)
                & Q(per_prompt__lte=MOST_A_PROMPT - F("first_sample")),
                name="run_makes_1_to_9_a_prompt",
            ),
            models.CheckConstraint(
                condition=Q(together=False) | Q(per_prompt__gte=2), name="together_is_several"
            ),
            models.CheckConstraint(
                condition=Q(temperature=None) | Q(temperature__gte=0, temperature__lte=2),
                name="part_temperature_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(constitution=None, rounds=0)
                | Q(
                    constitution__isnull=False,
                    rounds__gte=1,
                    rounds__lte=MOST_ROUNDS,
                    together=False,
                ),
                name="part_revises_by_a_constitution",
            ),
        ]

    def __str__(self) -> str:
        return f"part {self.position} of run {self.run_id}"

    @property
    def recipe(self) -> Recipe:
        """Return how the part's text is sampled."""
        recipe = read_recipe(self.generator.parameters)
        return recipe if self.temperature is None else replace(recipe, temperature=self.temperature)

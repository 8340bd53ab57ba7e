"""Generators: a model with everything that decides what it makes."""

from decimal import ROUND_UP, Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from labeling.campaigns.models import Campaign
from labeling.generation.enums import AUTO, Backend, Dtype, Stage
from labeling.generation.framing import Framing

MILLION, SMALLEST = Decimal(1_000_000), Decimal("0.000001")


class Generator(models.Model):
    """One model with one recipe, named by a manager; created by ``add_generator``, never edited.

    ``endpoint`` names an entry of the deployment's MODEL_ENDPOINTS (backend ``openai``);
    addresses and keys are never stored here. ``stage`` says how far the model is trained; one
    called ``base`` completes a prompt plainly. ``system_prompt`` and ``chat_template`` (Jinja)
    take the place of the prompt's and the model's own. ``parameters`` is the sampling recipe,
    ``seed`` that of its runs where they name none. ``adapter`` (a LoRA folder beside the
    models), ``dtype`` and ``device`` are for local models. ``price_read`` and ``price_written``
    are money for a million tokens.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="generators")
    name = models.CharField(max_length=120)
    backend = models.CharField(max_length=12, choices=Backend)
    endpoint = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=200)
    revision = models.CharField(max_length=80, blank=True)
    adapter = models.CharField(max_length=200, blank=True)
    dtype = models.CharField(max_length=12, choices=Dtype, default=Dtype.AUTO)
    device = models.CharField(max_length=20, default=AUTO)
    stage = models.CharField(max_length=10, choices=Stage, blank=True)
    system_prompt = models.TextField(blank=True)
    chat_template = models.TextField(blank=True)
    seed = models.BigIntegerField(null=True, blank=True)
    price_read = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    price_written = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    parameters = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "name"], name="generator_name_once_a_campaign"
            ),
            models.CheckConstraint(
                condition=Q(backend__in=Backend.values), name="generator_backend_known"
            ),
            models.CheckConstraint(
                condition=~Q(backend="openai") | ~Q(endpoint=""),
                name="openai_generator_names_endpoint",
            ),
            models.CheckConstraint(
                condition=Q(stage="") | Q(stage__in=Stage.values), name="generator_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(backend="transformers") | Q(adapter="", dtype=AUTO, device=AUTO),
                name="only_local_models_are_loaded_otherwise",
            ),
            models.CheckConstraint(
                condition=~Q(stage="base") | Q(chat_template=""),
                name="base_generator_has_no_template",
            ),
            models.CheckConstraint(
                condition=Q(price_read__gte=0, price_written__gte=0), name="generator_prices_cost"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_price(self) -> bool:
        """Tell whether its tokens cost anything."""
        return bool(self.price_read or self.price_written)

    def cost_of(self, read: int, written: int) -> Decimal:
        """Return what so many tokens cost, rounded up to a millionth."""
        whole = self.price_read * read + self.price_written * written
        return (whole / MILLION).quantize(SMALLEST, rounding=ROUND_UP)

    @property
    def framing(self) -> Framing:
        """Return how the model is shown a prompt."""
        is_plain = self.stage == Stage.BASE
        return Framing(system=self.system_prompt, template=self.chat_template, is_plain=is_plain)

"""The form of a generator."""

from decimal import Decimal
from typing import Any

from django import forms

from labeling.campaigns.models import Campaign
from labeling.generation.enums import AUTO, Backend, Dtype, Stage
from labeling.generation.queries.offers import ModelChoice, available_models, local_adapters
from labeling.generation.recipe import HIGHEST_TOP_K, MOST_NEW_TOKENS, Recipe
from labeling.generation.services.generators import Draft
from labeling.wording import gettext, gettext_lazy

DEFAULT = Recipe()
# What the services call a value, and where the form asks for it.
GENERATOR_NAMES = {
    "model": "served_model",
    "endpoint": "source",
    "backend": "source",
    "parameters.temperature": "temperature",
    "parameters.top_p": "top_p",
    "parameters.top_k": "top_k",
    "parameters.max_new_tokens": "max_new_tokens",
    "parameters.stop": "stop",
}
NOT_SAID = ("", gettext_lazy("Not said"))
# Asked for under "More": most generators go without.
MORE = (
    "stage", "system_prompt", "chat_template", "revision", "adapter", "dtype", "device", "seed",
    "price_read", "price_written",
)  # fmt: skip


def _price(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=0, max_digits=12,
        decimal_places=4,
    )  # fmt: skip


class GeneratorForm(forms.Form):
    """A model with a sampling recipe."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("Only managers see it, for example “toy, warm”."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Model or server"))
    served_model = forms.CharField(
        label=gettext_lazy("Model on the server"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For a server: the name it knows the model by."),
    )
    temperature = forms.FloatField(
        label=gettext_lazy("Temperature"),
        initial=DEFAULT.temperature,
        help_text=gettext_lazy("0 always takes the likeliest word; 2 is the wildest."),
        widget=forms.NumberInput(attrs={"step": "0.05", "min": "0", "max": "2"}),
    )
    top_p = forms.FloatField(
        label=gettext_lazy("Top-p"),
        initial=DEFAULT.top_p,
        help_text=gettext_lazy("Draw from the likeliest words that together have this share."),
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0.01", "max": "1"}),
    )
    top_k = forms.IntegerField(
        label=gettext_lazy("Top-k"),
        initial=DEFAULT.top_k,
        help_text=gettext_lazy("Draw from so many of the likeliest words; 0 is all of them."),
        widget=forms.NumberInput(attrs={"min": "0", "max": str(HIGHEST_TOP_K)}),
    )
    max_new_tokens = forms.IntegerField(
        label=gettext_lazy("Most tokens a response"),
        initial=DEFAULT.max_new_tokens,
        widget=forms.NumberInput(attrs={"min": "1", "max": str(MOST_NEW_TOKENS)}),
    )
    stop = forms.CharField(
        label=gettext_lazy("Stop at"),
        required=False,
        help_text=gettext_lazy("Texts that end a response, one on each line, at most 4."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage of training"),
        required=False,
        choices=[NOT_SAID, *Stage.choices],
        help_text=gettext_lazy("A base model goes on with the bare prompt, without a template."),
    )
    system_prompt = forms.CharField(
        label=gettext_lazy("System prompt"),
        required=False,
        help_text=gettext_lazy("In place of the one that a prompt has."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    chat_template = forms.CharField(
        label=gettext_lazy("Chat template"),
        required=False,
        strip=False,
        help_text=gettext_lazy("Jinja, in place of the model's own. Of servers, vLLM takes one."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    revision = forms.CharField(
        label=gettext_lazy("Revision"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Of a model from the hub: a commit, branch or tag."),
    )
    adapter = forms.ChoiceField(label=gettext_lazy("LoRA adapter"), required=False)
    dtype = forms.ChoiceField(
        label=gettext_lazy("Numbers"),
        required=False,
        choices=Dtype.choices,
        help_text=gettext_lazy("In which a local model is loaded."),
    )
    device = forms.CharField(
        label=gettext_lazy("Device"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("For a local model: auto, cpu, cuda, or one such as cuda:1."),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed of its runs"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Where a run names none. Left empty, each run draws one."),
    )
    price_read = _price(
        gettext_lazy("Price of tokens read"),
        gettext_lazy("For a million of them, in whatever money the server asks."),
    )
    price_written = _price(
        gettext_lazy("Price of tokens written"),
        gettext_lazy("A run can be given the most that it may cost."),
    )

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = ("", gettext("None"))
        adapters = [none, *((name, name) for name in local_adapters())]
        self.fields["adapter"].choices = adapters  # type: ignore[attr-defined]  # a ChoiceField
        choices = [
            (f"{one.backend.value}:{one.model or one.endpoint}", _shown(one))
            for one in available_models(campaign)
        ]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def usual(self) -> list[forms.BoundField]:
        """Return the fields that every generator is asked for."""
        return [field for field in self if field.name not in MORE]

    @property
    def more(self) -> list[forms.BoundField]:
        """Return the fields that most leave as they are."""
        return [self[name] for name in MORE]

    @property
    def shows_more(self) -> bool:
        """Tell whether something is wrong, or filled in, among those."""
        usual = ("", None, AUTO)
        return any(field.errors or field.value() not in usual for field in self.more)

    def draft(self) -> Draft:
        """Return what ``add_generator`` takes."""
        given = self.cleaned_data
        backend, _, name = given["source"].partition(":")
        is_server = backend == Backend.OPENAI
        sampling = ("temperature", "top_p", "top_k", "max_new_tokens")
        return Draft(
            name=given["name"],
            backend=backend,
            model=given["served_model"] if is_server else name,
            endpoint=name if is_server else "",
            revision=given["revision"],
            adapter=given["adapter"],
            dtype=given["dtype"] or Dtype.AUTO,
            device=given["device"] or AUTO,
            stage=given["stage"],
            system_prompt=given["system_prompt"],
            chat_template=given["chat_template"],
            seed=given["seed"],
            price_read=given["price_read"] or Decimal(0),
            price_written=given["price_written"] or Decimal(0),
            parameters={
                **{field: given[field] for field in sampling},
                "stop": [line for line in given["stop"].splitlines() if line],
            },
        )


def _shown(choice: ModelChoice) -> str:
    """Return what a model or a server is called in the list of them."""
    if choice.backend == Backend.TRANSFORMERS:
        return choice.label
    return gettext("Server: %(name)s") % {"name": choice.label}

"""The forms of the generation pages; the services judge the values, these say what is asked."""

import re
from typing import Any

from django import forms

from labeling.campaigns.models import Campaign
from labeling.generation.enums import Backend, Flaw
from labeling.generation.hygiene import LONGEST, MOST_CHARACTERS
from labeling.generation.models import Generator
from labeling.generation.queries import (
    ModelChoice,
    available_models,
    generators_of,
    prompts_short_of,
)
from labeling.generation.recipe import HIGHEST_TOP_K, MOST_NEW_TOKENS, Recipe
from labeling.wording import gettext, gettext_lazy, listed

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
RUN_NAMES = {"prompts": "numbers"}
WHICH = (
    ("every", gettext_lazy("Every prompt")),
    ("short", gettext_lazy("Prompts with fewer than two responses")),
    ("named", gettext_lazy("The prompts numbered below")),
)
HELD_WHEN = (
    (Flaw.CUT_OFF, gettext_lazy("was cut off")),
    (Flaw.DUPLICATE, gettext_lazy("says what another response says")),
    (Flaw.TEMPLATE, gettext_lazy("holds markers of a chat template")),
    (Flaw.NAMES_ITSELF, gettext_lazy("says which model it is")),
    (Flaw.WRONG_LANGUAGE, gettext_lazy("is in another language than the prompt")),
    (Flaw.REPETITIVE, gettext_lazy("goes round in circles")),
    (Flaw.TOO_LONG, gettext_lazy("is too long to be read")),
)
NUMBERS = re.compile(r"\s*(\d{1,18})\s*(?:[-–]\s*(\d{1,18})\s*)?")
MOST_IN_A_RANGE = 10_000


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (f"{one.backend.value}:{one.model or one.endpoint}", _shown(one))
            for one in available_models()
        ]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def values(self) -> dict[str, Any]:
        """Return what ``add_generator`` takes."""
        given = self.cleaned_data
        backend, _, name = given["source"].partition(":")
        is_server = backend == Backend.OPENAI
        return {
            "name": given["name"],
            "backend": backend,
            "model": given["served_model"] if is_server else name,
            "endpoint": name if is_server else "",
            "parameters": {
                "temperature": given["temperature"],
                "top_p": given["top_p"],
                "top_k": given["top_k"],
                "max_new_tokens": given["max_new_tokens"],
                "stop": [line for line in given["stop"].splitlines() if line],
            },
        }


class RunForm(forms.Form):
    """Which responses to make."""

    generator = forms.ModelChoiceField(
        label=gettext_lazy("Generator"), queryset=Generator.objects.none(), empty_label=None
    )
    per_prompt = forms.IntegerField(
        label=gettext_lazy("Responses for each prompt"),
        initial=2,
        min_value=1,
        max_value=9,
        help_text=gettext_lazy("From 1 to 9. They join the responses that a prompt has."),
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Of which prompts"), choices=WHICH, initial="every"
    )
    numbers = forms.CharField(
        label=gettext_lazy("Prompt numbers"),
        required=False,
        help_text=gettext_lazy("For example 3, 7-12."),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        required=False,
        min_value=0,
        help_text=gettext_lazy(
            "Leave it empty to draw one. The same seed makes the same responses again."
        ),
    )

    checks = forms.MultipleChoiceField(
        label=gettext_lazy("Hold a response back when it"),
        required=False,
        choices=HELD_WHEN,
        initial=list(Flaw),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nobody judges what is held back until you have released it."),
    )
    longest = forms.IntegerField(
        label=gettext_lazy("Characters at most"),
        initial=LONGEST,
        min_value=1,
        max_value=MOST_CHARACTERS,
        help_text=gettext_lazy("What is longer counts as too long to be read."),
    )

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._campaign = campaign
        field = self.fields["generator"]
        field.queryset = generators_of(campaign)  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """Read the numbers, where they are what is asked for."""
        given: dict[str, Any] = super().clean() or {}
        given["prompt_ids"] = None
        if given.get("which") == "short":
            given["prompt_ids"] = prompts_short_of(self._campaign, responses=2)
            if not given["prompt_ids"]:
                self.add_error("which", gettext("Every prompt has two responses already."))
        elif given.get("which") == "named":
            given["prompt_ids"] = self._read_numbers(given.get("numbers", ""))
        return given

    def _read_numbers(self, text: str) -> list[int]:
        found: list[int] = []
        for part in listed(text):
            match = NUMBERS.fullmatch(part)
            first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
            if not 0 <= last - first <= MOST_IN_A_RANGE:
                reason = gettext("“%(given)s” is not a number or a range like 7-12.")
                self.add_error("numbers", reason % {"given": part[:40]})
                return []
            found += range(first, last + 1)
        if not found:
            self.add_error("numbers", gettext("Give at least one number, or choose every prompt."))
        return sorted(set(found))

    def values(self) -> dict[str, Any]:
        """Return what ``request_candidates`` takes."""
        given = self.cleaned_data
        asked = ("generator", "per_prompt", "seed", "prompt_ids", "longest")
        unchecked = [flaw for flaw in Flaw if flaw not in given["checks"]]
        return {**{name: given[name] for name in asked}, "unchecked": unchecked}


def _shown(choice: ModelChoice) -> str:
    """Return what a model or a server is called in the list of them."""
    if choice.backend == Backend.TRANSFORMERS:
        return choice.label
    return gettext("Server: %(name)s") % {"name": choice.label}

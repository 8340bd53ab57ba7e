"""The forms of the generation pages; the services judge the values, these say what is asked."""

import re
from typing import Any

from django import forms

from labeling.campaigns.models import Campaign
from labeling.generation.enums import Backend
from labeling.generation.models import Generator
from labeling.generation.queries import available_models, generators_of, prompts_short_of
from labeling.generation.recipe import MOST_NEW_TOKENS, Recipe

DEFAULT = Recipe()
# What the services call a value, and where the form asks for it.
GENERATOR_NAMES = {
    "model": "served_model",
    "endpoint": "source",
    "backend": "source",
    "parameters.temperature": "temperature",
    "parameters.top_p": "top_p",
    "parameters.max_new_tokens": "max_new_tokens",
    "parameters.stop": "stop",
}
RUN_NAMES = {"prompts": "numbers"}
WHICH = (
    ("every", "Every prompt"),
    ("short", "Prompts with fewer than two responses"),
    ("named", "The prompts numbered below"),
)
NUMBERS = re.compile(r"\s*(\d{1,18})\s*(?:[-–]\s*(\d{1,18})\s*)?")
MOST_IN_A_RANGE = 10_000


class GeneratorForm(forms.Form):
    """A model with a sampling recipe."""

    name = forms.CharField(
        label="Name", max_length=120, help_text="Only managers see it, for example “toy, warm”."
    )
    source = forms.ChoiceField(label="Model or server")
    served_model = forms.CharField(
        label="Model on the server",
        required=False,
        max_length=200,
        help_text="For a server: the name it knows the model by.",
    )
    temperature = forms.FloatField(
        label="Temperature",
        initial=DEFAULT.temperature,
        help_text="0 always takes the likeliest word; 2 is the wildest.",
        widget=forms.NumberInput(attrs={"step": "0.05", "min": "0", "max": "2"}),
    )
    top_p = forms.FloatField(
        label="Top-p",
        initial=DEFAULT.top_p,
        help_text="Draw from the likeliest words that together have this share.",
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0.01", "max": "1"}),
    )
    max_new_tokens = forms.IntegerField(
        label="Most tokens a response",
        initial=DEFAULT.max_new_tokens,
        widget=forms.NumberInput(attrs={"min": "1", "max": str(MOST_NEW_TOKENS)}),
    )
    stop = forms.CharField(
        label="Stop at",
        required=False,
        help_text="Texts that end a response, one on each line, at most 4.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (
                f"{one.backend.value}:{one.model or one.endpoint}",
                one.label if one.backend == Backend.TRANSFORMERS else f"Server: {one.label}",
            )
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
                "max_new_tokens": given["max_new_tokens"],
                "stop": [line for line in given["stop"].splitlines() if line],
            },
        }


class RunForm(forms.Form):
    """Which responses to make."""

    generator = forms.ModelChoiceField(
        label="Generator", queryset=Generator.objects.none(), empty_label=None
    )
    per_prompt = forms.IntegerField(
        label="Responses for each prompt",
        initial=2,
        min_value=1,
        max_value=9,
        help_text="From 1 to 9. They join the responses that a prompt has.",
    )
    which = forms.ChoiceField(label="Of which prompts", choices=WHICH, initial="every")
    numbers = forms.CharField(
        label="Prompt numbers", required=False, help_text="For example 3, 7-12."
    )
    seed = forms.IntegerField(
        label="Seed",
        required=False,
        min_value=0,
        help_text="Leave it empty to draw one. The same seed makes the same responses again.",
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
                self.add_error("which", "Every prompt has two responses already.")
        elif given.get("which") == "named":
            given["prompt_ids"] = self._read_numbers(given.get("numbers", ""))
        return given

    def _read_numbers(self, text: str) -> list[int]:
        found: list[int] = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            match = NUMBERS.fullmatch(part)
            first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
            if not 0 <= last - first <= MOST_IN_A_RANGE:
                self.add_error("numbers", f"“{part[:40]}” is not a number or a range like 7-12.")
                return []
            found += range(first, last + 1)
        if not found:
            self.add_error("numbers", "Give at least one number, or choose every prompt.")
        return sorted(set(found))

    def values(self) -> dict[str, Any]:
        """Return what ``request_candidates`` takes."""
        given = self.cleaned_data
        return {name: given[name] for name in ("generator", "per_prompt", "seed", "prompt_ids")}

"""The form of a run."""

import re
from itertools import product
from typing import Any

from django import forms

from labeling.campaigns.models import Campaign
from labeling.generation.enums import Flaw
from labeling.generation.hygiene import LONGEST, MOST_CHARACTERS
from labeling.generation.models import MOST_A_PROMPT, GenerationRun, Generator
from labeling.generation.queries import generators_of, prompts_short_of
from labeling.generation.services.parts import Wanted
from labeling.wording import gettext, gettext_lazy, listed

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


def ceiling_field(help_text: Any) -> forms.DecimalField:
    """Return the field for what a run may cost at most."""
    return forms.DecimalField(
        label=gettext_lazy("Cost at most"), help_text=help_text, required=False, min_value=0,
        max_digits=14, decimal_places=6,
    )  # fmt: skip


class RunForm(forms.Form):
    """Which responses to make."""

    generators = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Generators"),
        queryset=Generator.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    per_prompt = forms.IntegerField(
        label=gettext_lazy("Responses from each, for a prompt"),
        initial=2,
        min_value=1,
        max_value=MOST_A_PROMPT,
        help_text=gettext_lazy(
            "From 1 to 9, all generators together. They join the responses that a prompt has."
        ),
    )
    temperatures = forms.CharField(
        label=gettext_lazy("Temperatures"),
        required=False,
        help_text=gettext_lazy(
            "For example 0.3, 1.0: so many responses at each. Left empty, the generator's own."
        ),
    )
    together = forms.BooleanField(
        label=gettext_lazy("Ask once for responses that differ on purpose"),
        required=False,
        help_text=gettext_lazy(
            "The model writes all of a prompt in one go. It takes a model that follows orders."
        ),
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

    ceiling = ceiling_field(
        gettext_lazy("In the money of the prices; a call that might pass it is not made.")
    )

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._campaign = campaign
        own = generators_of(campaign)
        field = self.fields["generators"]
        field.queryset = own  # type: ignore[attr-defined]  # it chooses among models
        field.initial = own[:1]

    def clean_temperatures(self) -> list[float | None]:
        """Read the numbers; none at all means the generator's own."""
        parts = listed(self.cleaned_data["temperatures"])
        try:
            return [float(part) for part in parts] or [None]
        except ValueError:
            reason = gettext("Give numbers from 0 to 2 with commas between them, like 0.3, 1.0.")
            raise forms.ValidationError(reason) from None

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
        parts = [
            Wanted(generator, given["per_prompt"], temperature, given["together"])
            for generator, temperature in product(given["generators"], given["temperatures"])
        ]
        asked = {name: given[name] for name in ("seed", "prompt_ids", "longest", "ceiling")}
        unchecked = [flaw for flaw in Flaw if flaw not in given["checks"]]
        return {**asked, "parts": parts, "unchecked": unchecked}


class CeilingForm(forms.Form):
    """What a run may cost at most."""

    ceiling = ceiling_field(gettext_lazy("Leave it empty for no limit."))

    @classmethod
    def of(cls, run: GenerationRun) -> "CeilingForm":
        """Return the form with a run's ceiling as somebody would type it, without noughts."""
        amount = run.ceiling
        return cls(initial={"ceiling": amount and format(amount.normalize(), "f")})

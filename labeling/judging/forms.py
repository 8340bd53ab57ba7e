"""The form by which a model is asked to judge; the service judges the values."""

from typing import Any

from django import forms

from labeling.campaigns.models import Campaign
from labeling.generation.forms.choices import OneOf
from labeling.generation.forms.runs import ceiling_field
from labeling.generation.models import Constitution, Generator
from labeling.generation.queries import constitutions_of, generators_of
from labeling.generation.services.opening import Terms
from labeling.judging.enums import Which
from labeling.judging.services.requests import LONGEST_STANDARD, Asked
from labeling.wording import gettext_lazy

NAMES = {"comparisons": "which"}


class JudgingForm(forms.Form):
    """Which model judges which comparisons, and by what."""

    generator = OneOf(label=gettext_lazy("Judge"), queryset=Generator.objects.none())
    standard = forms.CharField(
        label=gettext_lazy("Which response is better"),
        required=False,
        max_length=LONGEST_STANDARD,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("In words, as you would tell a person. Or choose a constitution."),
    )
    constitution = OneOf(
        label=gettext_lazy("Constitution"),
        queryset=Constitution.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: go by the words above"),
        help_text=gettext_lazy("Each pair draws one of its principles."),
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Of which comparisons"), choices=Which.choices, initial=Which.ALL
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Leave it empty to draw one."),
    )
    ceiling = ceiling_field(
        gettext_lazy("In the money of the prices; a call that might pass it is not made.")
    )

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"generator": generators_of(campaign), "constitution": constitutions_of(campaign)}
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # it chooses among models
        self.fields["generator"].initial = choices["generator"].first()

    def values(self) -> dict[str, Any]:
        """Return what ``request_judging`` takes."""
        given = self.cleaned_data
        asked = {name: given[name] for name in ("generator", "standard", "constitution", "which")}
        terms = Terms(seed=given["seed"], ceiling=given["ceiling"])
        return {"asked": Asked(**asked), "terms": terms}

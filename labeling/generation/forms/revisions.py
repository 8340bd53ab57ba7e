"""The forms of constitutions, and of runs that revise by them."""

from typing import Any

from django import forms

from labeling.campaigns.models import Campaign
from labeling.generation.forms.choices import OneOf
from labeling.generation.forms.runs import ceiling_field
from labeling.generation.models import MOST_ROUNDS, Constitution, GenerationRun, Generator
from labeling.generation.queries import constitutions_of, generators_of, runs_of
from labeling.generation.services.constitutions import LONGEST_NAME
from labeling.generation.services.opening import Terms
from labeling.wording import gettext_lazy

REVISION_NAMES = {"run": "of"}


class ConstitutionForm(forms.Form):
    """A name and its principles."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Under a name that is there already it is the next version."),
    )
    principles = forms.CharField(
        label=gettext_lazy("Principles"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "One a line, for example “The response gives no advice that could hurt somebody.”"
        ),
    )

    def values(self) -> dict[str, Any]:
        """Return what ``add_constitution`` takes."""
        given = self.cleaned_data
        lines = (line.strip() for line in given["principles"].splitlines())
        return {"name": given["name"], "principles": [line for line in lines if line]}


class RevisionForm(forms.Form):
    """Which responses are revised, by which model, under which constitution."""

    of = OneOf(
        label=gettext_lazy("Revise the responses of"),
        queryset=GenerationRun.objects.none(),
        required=False,
        empty_label=gettext_lazy("The imports"),
    )
    generator = OneOf(label=gettext_lazy("Generator"), queryset=Generator.objects.none())
    constitution = OneOf(label=gettext_lazy("Constitution"), queryset=Constitution.objects.none())
    rounds = forms.IntegerField(
        label=gettext_lazy("Rounds"),
        initial=1,
        min_value=1,
        max_value=MOST_ROUNDS,
        help_text=gettext_lazy(
            "From 1 to 4. Each draws a principle, and takes two calls of the model."
        ),
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
        choices = {
            "of": runs_of(campaign),
            "generator": generators_of(campaign),
            "constitution": constitutions_of(campaign),
        }
        for name, rows in choices.items():
            field = self.fields[name]
            field.queryset = rows  # type: ignore[attr-defined]  # it chooses among models
            field.initial = rows.first()

    def values(self) -> dict[str, Any]:
        """Return what ``request_revisions`` takes."""
        given = self.cleaned_data
        asked = {name: given[name] for name in ("of", "generator", "constitution", "rounds")}
        return {**asked, "terms": Terms(seed=given["seed"], ceiling=given["ceiling"])}

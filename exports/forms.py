"""The form that asks for an export; shares are typed in per cent."""

from collections.abc import Mapping
from typing import Any

from django import forms

from exports.configs import Config, ContainerName
from exports.policies import Policy
from exports.queries import tokenizer_names
from exports.selection import (
    CHOICES,
    LARGEST_SHARE,
    MOST_PAIRS,
    MOST_TOKENS,
    MOST_VOTES,
    Selection,
    read_selection,
)
from labeling.accounts.forms import show_refusal
from labeling.errors import Invalid
from labeling.wording import gettext, gettext_lazy, listed

# What the form calls the fields of a selection.
FORM_NAMES = {
    "min_agreement": "min_agreement_percent",
    "min_probability": "min_probability_percent",
    "validation_share": "validation_percent",
    "test_share": "test_percent",
}
DEFAULT = Selection()
TYPED_LISTS = ("rounds", "tags", "without")
BASICS = (
    "configs",
    "containers",
    "min_votes",
    "min_agreement_percent",
    "validation_percent",
    "test_percent",
    "policy",
)


def choices_of(kind: type[Policy]) -> Any:
    """Return the choices in words, in the language of whoever looks."""
    return lambda: [(str(one), gettext(one.words)) for one in kind]


def named(kind: type[Policy]) -> Any:
    """Return the choices in words, each after the name that files call it by."""
    return lambda: [(str(one), f"{one} · {gettext(one.words)}") for one in kind]


def one_of(name: str, label: Any) -> forms.ChoiceField:
    """Return the field of a policy; left out, it has its default."""
    default = getattr(DEFAULT, name)
    kind = CHOICES[name]
    return forms.ChoiceField(
        label=label,
        choices=choices_of(kind),
        initial=default,
        required=False,
        widget=forms.RadioSelect,
    )


def some_of(name: str, label: Any, choices: Any) -> forms.MultipleChoiceField:
    """Return the field of several names."""
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        initial=list(getattr(DEFAULT, name)),
        widget=forms.CheckboxSelectMultiple,
    )


def percent(label: Any, most: int, **options: Any) -> forms.IntegerField:
    """Return the field of a share."""
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, initial=0, required=False, **options
    )


def some_typed(label: Any, help_text: Any) -> forms.CharField:
    """Return the field of a list that is typed."""
    return forms.CharField(label=label, help_text=help_text, required=False)


class SelectionForm(forms.Form):
    """What the export holds."""

    configs = some_of("configs", gettext_lazy("Shapes of rows"), named(Config))
    containers = some_of("containers", gettext_lazy("Files"), named(ContainerName))
    policy = one_of("policy", gettext_lazy("How answers become a pair"))
    min_votes = forms.IntegerField(
        label=gettext_lazy("Fewest judgments"),
        min_value=1,
        max_value=MOST_VOTES,
        initial=1,
        help_text=gettext_lazy("Pairs with fewer counted judgments are left out."),
    )
    min_agreement_percent = percent(
        gettext_lazy("Least agreement, in per cent"),
        100,
        help_text=gettext_lazy(
            "The share of the judgments that prefer the chosen response. "
            "A pair always needs more than half."
        ),
    )
    validation_percent = percent(
        gettext_lazy("Validation split, in per cent"),
        int(100 * LARGEST_SHARE),
        help_text=gettext_lazy(
            "By prompt, so that no prompt is in both parts. 0 writes one part, “train”."
        ),
    )
    test_percent = percent(gettext_lazy("Test split, in per cent"), int(100 * LARGEST_SHARE))
    judges = one_of("judges", gettext_lazy("Whose answers count"))
    min_probability_percent = percent(gettext_lazy("Least certainty, in per cent"), 100)
    pairs = one_of("pairs", gettext_lazy("Pairs of three or more responses"))
    ties = one_of("ties", gettext_lazy("Ties"))
    both_bad = one_of("both_bad", gettext_lazy("All bad"))
    edits = one_of("edits", gettext_lazy("Edited responses"))
    margin = one_of("margin", gettext_lazy("Margin"))
    weight = one_of("weight", gettext_lazy("Weight"))
    system = one_of("system", gettext_lazy("System turns"))
    contradictions = one_of("contradictions", gettext_lazy("Contradictions"))
    duplicates = one_of("duplicates", gettext_lazy("Duplicates"))
    licence = one_of("licence", gettext_lazy("Licence"))
    max_pairs = forms.IntegerField(
        label=gettext_lazy("Most pairs of a comparison"),
        min_value=0,
        max_value=MOST_PAIRS,
        required=False,
        help_text=gettext_lazy("The surest are taken. 0 takes all."),
    )
    tokenizer = forms.ChoiceField(
        label=gettext_lazy("Tokenizer"),
        choices=lambda: [("", gettext("None")), *((name, name) for name in tokenizer_names())],
        required=False,
        help_text=gettext_lazy(
            "Rows state how many tokens they have. It offers the folders with a tokenizer.json in "
            "the models folder."
        ),
    )
    max_tokens = forms.IntegerField(
        label=gettext_lazy("Most tokens of prompt and response"),
        min_value=0,
        max_value=MOST_TOKENS,
        required=False,
        help_text=gettext_lazy("Longer rows are left out. 0 leaves out none."),
    )
    rounds = some_typed(gettext_lazy("Rounds"), gettext_lazy("Their numbers, with commas between."))
    tags = some_typed(
        gettext_lazy("Tags"), gettext_lazy("Prompts with one of these are taken; commas between.")
    )
    without = some_typed(
        gettext_lazy("Annotators held back"),
        gettext_lazy("The names that exports give them, with commas between."),
    )

    @property
    def basics(self) -> list[forms.BoundField]:
        """The fields that are seen at once."""
        return [self[name] for name in BASICS]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields behind a fold."""
        return [field for field in self if field.name not in BASICS]

    @property
    def has_more_errors(self) -> bool:
        """Tell whether something behind the fold must be corrected."""
        return any(field.errors for field in self.more)

    def clean(self) -> dict[str, Any]:
        """Check the choices together."""
        super().clean()
        if not self.errors:
            try:
                self.selection()
            except Invalid as refusal:
                show_refusal(self, refusal, FORM_NAMES)
        return self.cleaned_data

    def selection(self) -> Selection:
        """Return what was typed as a selection; raise Invalid."""
        given: dict[str, Any] = {
            name: value for name, value in self.cleaned_data.items() if value not in ("", None)
        }
        for name, typed in FORM_NAMES.items():
            given[name] = given.pop(typed, 0) / 100
        for name in TYPED_LISTS:
            given[name] = listed(given.get(name, ""))
        given["rounds"] = [int(one) if one.isdecimal() else one for one in given["rounds"]]
        return read_selection(given)


def in_words(selection: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Return the choices of a stored selection that are not the usual ones, as the form has them.

    The shapes of rows are not among them.
    """
    usual = DEFAULT.as_json()
    return [
        (SelectionForm.base_fields[FORM_NAMES.get(name, name)].label, _as_typed(name, value))
        for name, value in selection.items()
        if name in usual and name != "configs" and value != usual[name]
    ]


def _as_typed(name: str, value: Any) -> str:
    if name in CHOICES:
        return gettext(CHOICES[name](value).words)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{100 * value:g}" if name in FORM_NAMES else str(value)

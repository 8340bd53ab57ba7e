"""The forms of how work is handed out and of known answers; services judge the values."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from labeling.assignment.enums import PairDesign, Policy
from labeling.assignment.models import Allocation
from labeling.assignment.rules import HEAVIEST, LONGEST_MODEL, RANGES
from labeling.wording import gettext, gettext_lazy

# What each choice does, and when to choose it.
IN_WORDS = {
    Policy.FIXED: gettext_lazy(
        "Plain to explain and to compare with other data. It spends as much on clear "
        "comparisons as on hard ones."
    ),
    Policy.TIE_BREAK: gettext_lazy(
        "Decides as three people would and asks the third only where two differ. "
        "The one to begin with."
    ),
    Policy.LEAD: gettext_lazy(
        "Spends more on what is disputed. For evaluation sets and safety, where each "
        "decision has to hold by itself."
    ),
    Policy.SLICE: gettext_lazy(
        "As many different comparisons as the budget gives, and enough overlap to see "
        "how well people agree. For training a reward model."
    ),
    Policy.ADAPTIVE: gettext_lazy(
        "Goes on while another judgment is expected to make the answer surer by the "
        "price below. While there is no estimate it works like two and a third."
    ),
    PairDesign.ALL: gettext_lazy("Of each prompt, every two responses."),
    PairDesign.CHAIN: gettext_lazy("Just enough pairs to connect the responses of a prompt."),
    PairDesign.ANCHOR: gettext_lazy(
        "Each response with that of the baseline; a chain where a prompt has none."
    ),
    PairDesign.WEIGHTED: gettext_lazy(
        "A pair as likely as its two models' weights multiplied; set how many pairs to make."
    ),
}


def _whole(name: str, label: Any, help_text: Any, *, needed: bool = True) -> forms.IntegerField:
    least, most, _ = RANGES[name]
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, help_text=help_text, required=needed
    )


class AllocationForm(forms.Form):
    """How a campaign's work is made and handed out, based on the version the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    policy = forms.ChoiceField(
        label=gettext_lazy("Policy"), choices=Policy.choices, widget=forms.RadioSelect
    )
    most_votes = _whole(
        "most_votes",
        gettext_lazy("People at most"),
        gettext_lazy("Where the policy goes on until one leads, or adaptively."),
    )
    slice_percent = _whole(
        "slice_percent",
        gettext_lazy("Percent on the slice"),
        gettext_lazy("For “one, several on a slice”."),
    )
    vote_price = forms.FloatField(
        label=gettext_lazy("Price of a judgment"),
        min_value=0,
        max_value=1,
        widget=forms.NumberInput(attrs={"step": "any"}),
        help_text=gettext_lazy(
            "How much surer another judgment must make the answer, 0 to 1. Adaptive only."
        ),
    )
    person_limit = _whole(
        "person_limit",
        gettext_lazy("Judgments of one person at most"),
        gettext_lazy("As a number."),
        needed=False,
    )
    share_percent = _whole(
        "share_percent",
        gettext_lazy("Percent of the campaign at most"),
        gettext_lazy("A small team gets room: never less than twice an even share."),
    )
    repeat_percent = _whole(
        "repeat_percent",
        gettext_lazy("Percent hidden repeats"),
        gettext_lazy(
            "A person's own comparison again, sides swapped, at least 50 later. Not counted."
        ),
    )
    gold_percent = _whole(
        "gold_percent",
        gettext_lazy("Percent known answers"),
        gettext_lazy("Comparisons whose answer is known. They look like any other."),
    )
    skip_limit = _whole(
        "skip_limit",
        gettext_lazy("Retire after skips"),
        gettext_lazy(
            "When so many people skip a comparison, nobody else gets it. Raising the number brings "
            "none back."
        ),
    )
    qualified_only = forms.BooleanField(
        label=gettext_lazy("Only people whom a manager lets start"),
        required=False,
        help_text=gettext_lazy("Others can read the guide but get no work."),
    )
    by_language = forms.BooleanField(
        label=gettext_lazy("Only people who read the prompt's language"),
        required=False,
        help_text=gettext_lazy(
            "For what is planned from now on. Whoever has no language set gets every one."
        ),
    )
    pair_design = forms.ChoiceField(
        label=gettext_lazy("Pairs of a prompt"),
        choices=PairDesign.choices,
        widget=forms.RadioSelect,
    )
    anchor_model = forms.CharField(
        label=gettext_lazy("Baseline model"),
        required=False,
        max_length=LONGEST_MODEL,
        widget=forms.TextInput(attrs={"list": "models", "spellcheck": "false"}),
        help_text=gettext_lazy("For “each with a baseline model”, named as the responses name it."),
    )
    model_weights = forms.CharField(
        label=gettext_lazy("Weights of models"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "For “pairs drawn by model weights”. On each line a model = a weight; a model "
            "that is not named has 1."
        ),
    )
    pairs_per_prompt = _whole(
        "pairs_per_prompt",
        gettext_lazy("Pairs of a prompt at most"),
        gettext_lazy("A budget: the design is cut, the random pairs stay."),
        needed=False,
    )
    random_percent = _whole(
        "random_percent",
        gettext_lazy("Percent at random"),
        gettext_lazy("Drawn whatever the design prefers, so that win rates stay honest."),
    )

    def clean_model_weights(self) -> dict[str, float]:
        """Return weights by model, of lines like ``model = 2``."""
        lines = [line for line in self.cleaned_data["model_weights"].splitlines() if line.strip()]
        weights = {}
        for line in lines:
            name, _, weight = line.rpartition("=")
            try:
                weights[name.strip()] = float(weight)
            except ValueError:
                reason = gettext(
                    "Write a model, = and a weight from 0 to %(most)s; this is not: %(line)s"
                )
                raise forms.ValidationError(
                    reason % {"most": HEAVIEST, "line": line[:80]}
                ) from None
        if len(weights) < len(lines):
            raise forms.ValidationError(gettext("Name each model once."))
        return weights

    def policies(self) -> Iterator[tuple[Any, str]]:
        """Yield the button of each policy with what the policy does."""
        return self._explained("policy")

    def designs(self) -> Iterator[tuple[Any, str]]:
        """Yield the button of each pair design with what it makes."""
        return self._explained("pair_design")

    def _explained(self, name: str) -> Iterator[tuple[Any, str]]:
        return ((button, str(IN_WORDS[button.data["value"]])) for button in self[name])


class KnownAnswerForm(forms.Form):
    """A known answer: a rank for the response in each slot."""

    def __init__(
        self, data: dict[str, str] | None = None, *, size: int, ranks: Sequence[int] | None = None
    ) -> None:
        super().__init__(data)
        choices = [("", "–"), *((rank, str(rank)) for rank in range(1, size + 1))]
        for slot in range(size):
            self.fields[f"rank_{slot}"] = forms.TypedChoiceField(
                label=gettext("Rank of response %(number)s") % {"number": slot + 1},
                choices=choices,
                coerce=int,
                initial=ranks[slot] if ranks else None,
                error_messages={"required": gettext("Give this response a rank.")},
            )

    def ranks(self) -> list[int]:
        """Return the ranks by slot."""
        return [self.cleaned_data[name] for name in self.fields if name.startswith("rank_")]

    def rank_fields(self) -> list[forms.BoundField]:
        """Return the fields of the ranks, by slot."""
        return [self[name] for name in self.fields if name.startswith("rank_")]


def typed_from(allocation: Allocation) -> dict[str, Any]:
    """Return an allocation's fields as the form names and writes them."""
    given = {name: getattr(allocation, name) for name in AllocationForm.base_fields}
    weights = sorted(allocation.model_weights.items())
    return {**given, "model_weights": "\n".join(f"{name} = {n:g}" for name, n in weights)}


def differences(form: AllocationForm, allocation: Allocation) -> list[tuple[str, str]]:
    """Return (label, value now) of each field that is now other than what was typed."""
    shown = typed_from(allocation)
    return [
        (str(field.label), _in_words(shown[name]))
        for name, field in form.fields.items()
        if name != "version" and form.cleaned_data[name] != getattr(allocation, name)
    ]


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    words = {**dict(Policy.choices), **dict(PairDesign.choices)}
    return str(words.get(str(value), "" if value is None else value))

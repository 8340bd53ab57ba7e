"""The forms of items, of the plan and of objections; services judge the values."""

from collections.abc import Sequence
from typing import Any

from django import forms

from labeling.assignment.forms import KnownAnswerForm
from labeling.training.enums import ObjectionState, Use
from labeling.training.models import TrainingPlan
from labeling.training.rules import LONGEST_OBJECTION, LONGEST_REASON, LONGEST_REPLY, RANGES
from labeling.wording import gettext_lazy

DECISIONS = [
    (ObjectionState.TURNED_DOWN, gettext_lazy("Turn it down: the reference stays")),
    (ObjectionState.CORRECTED, gettext_lazy("Uphold it: the answer below holds")),
    (ObjectionState.TAKEN_BACK, gettext_lazy("Uphold it: take the item back")),
]


class ItemForm(KnownAnswerForm):
    """An item: what it is for, its known answer, and why the reference prefers that."""

    use = forms.ChoiceField(label=gettext_lazy("Set aside for"), choices=Use.choices)
    reason = forms.CharField(
        label=gettext_lazy("Why the reference prefers it"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One or two sentences, in Markdown. People read it after their answer."
        ),
        error_messages={"required": gettext_lazy("Write why the reference prefers what it does.")},
    )

    def __init__(
        self,
        data: dict[str, str] | None = None,
        *,
        size: int,
        ranks: Sequence[int] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, size=size, ranks=ranks)
        self.initial = initial or {}
        self.auto_id = "item_%s"  # beside the form of the known answer, whose ranks are its own

    def given(self) -> dict[str, Any]:
        """Return what the services of items take."""
        values = self.cleaned_data
        return {"use": values["use"], "reason": values["reason"], "ranks": self.ranks()}


class DecisionForm(KnownAnswerForm):
    """What becomes of an objection; the ranks are for a corrected answer."""

    state = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what becomes of it.")},
    )
    reply = forms.CharField(
        label=gettext_lazy("A word to the person"),
        required=False,
        max_length=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed when you turn it down."),
    )

    def given(self) -> dict[str, Any]:
        """Return what the decision takes."""
        values = self.cleaned_data
        corrected = values["state"] == ObjectionState.CORRECTED
        return {
            "state": values["state"],
            "reply": values["reply"],
            "ranks": self.ranks() if corrected else None,
        }


class ObjectionForm(forms.Form):
    """What a person says against a reference."""

    text = forms.CharField(
        label=gettext_lazy("What is wrong with the reference?"),
        max_length=LONGEST_OBJECTION,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write what is wrong with the reference.")},
    )


def _whole(name: str, label: Any, help_text: Any, *, needed: bool = True) -> forms.IntegerField:
    least, most, _ = RANGES[name]
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, help_text=help_text, required=needed
    )


class PlanForm(forms.Form):
    """How people train and qualify, based on the version that the manager saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    pass_percent = _whole(
        "pass_percent",
        gettext_lazy("Pass mark, percent"),
        gettext_lazy("The share of items that must agree."),
    )
    most_items = _whole(
        "most_items",
        gettext_lazy("Items at most"),
        gettext_lazy("At the last one the mark decides."),
    )
    fewest_items = _whole(
        "fewest_items",
        gettext_lazy("Items at least"),
        gettext_lazy("Before, only a result that is certain ends it."),
    )
    retry_hours = _whole(
        "retry_hours",
        gettext_lazy("Hours until another try"),
        gettext_lazy(
            "After a failure, with items that the person has not seen. Empty: one try only."
        ),
        needed=False,
    )
    training_items = _whole(
        "training_items",
        gettext_lazy("Items of one training"),
        gettext_lazy("It can be repeated."),
    )
    training_first = forms.BooleanField(
        label=gettext_lazy("Training before the qualification"),
        required=False,
        help_text=gettext_lazy(
            "Where items are set aside for it, people finish one training first."
        ),
    )


def typed_from(plan: TrainingPlan) -> dict[str, Any]:
    """Return a plan's values by the names of the form's fields."""
    return {name: getattr(plan, name) for name in PlanForm.base_fields}

"""The forms of items, of the plan and of objections; services judge the values."""

from collections.abc import Sequence
from typing import Any

from django import forms

from labeling.assignment.forms import KnownAnswerForm
from labeling.training.enums import ObjectionState, Use
from labeling.training.models import TrainingPlan
from labeling.training.rules import LONGEST_OBJECTION, LONGEST_REASON, LONGEST_REPLY, RANGES

DECISIONS = [
    (ObjectionState.TURNED_DOWN, "Turn it down: the reference stays"),
    (ObjectionState.CORRECTED, "Uphold it: the answer below holds"),
    (ObjectionState.TAKEN_BACK, "Uphold it: take the item back"),
]


class ItemForm(KnownAnswerForm):
    """An item: what it is for, its known answer, and why the reference prefers that."""

    use = forms.ChoiceField(label="Set aside for", choices=Use.choices)
    reason = forms.CharField(
        label="Why the reference prefers it",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One or two sentences, in Markdown. People read it after their answer.",
        error_messages={"required": "Write why the reference prefers what it does."},
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
        label="Decision",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of it."},
    )
    reply = forms.CharField(
        label="A word to the person",
        required=False,
        max_length=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed when you turn it down.",
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
        label="What is wrong with the reference?",
        max_length=LONGEST_OBJECTION,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write what is wrong with the reference."},
    )


def _whole(name: str, label: str, help_text: str, *, needed: bool = True) -> forms.IntegerField:
    least, most, _ = RANGES[name]
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, help_text=help_text, required=needed
    )


class PlanForm(forms.Form):
    """How people train and qualify, based on the version that the manager saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    pass_percent = _whole(
        "pass_percent", "Pass mark, percent", "The share of items that must agree."
    )
    most_items = _whole("most_items", "Items at most", "At the last one the mark decides.")
    fewest_items = _whole(
        "fewest_items", "Items at least", "Before, only a result that is certain ends it."
    )
    retry_hours = _whole(
        "retry_hours",
        "Hours until another try",
        "After a failure, with items that the person has not seen. Empty: one try only.",
        needed=False,
    )
    training_items = _whole("training_items", "Items of one training", "It can be repeated.")
    training_first = forms.BooleanField(
        label="Training before the qualification",
        required=False,
        help_text="Where items are set aside for it, people finish one training first.",
    )


def typed_from(plan: TrainingPlan) -> dict[str, Any]:
    """Return a plan's values by the names of the form's fields."""
    return {name: getattr(plan, name) for name in PlanForm.base_fields}

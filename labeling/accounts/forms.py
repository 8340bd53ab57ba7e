"""The forms of the account pages, and how a refusal is shown beside what was typed."""

from collections.abc import Mapping
from types import MappingProxyType

from django import forms

from labeling.access import Scope
from labeling.errors import DomainError

SCOPE_LABELS = {
    Scope.CAMPAIGNS_READ: "Read campaigns, guides and members",
    Scope.CAMPAIGNS_WRITE: "Create and change campaigns and guides",
    Scope.PROMPTS_READ: "Read prompts and imports",
    Scope.PROMPTS_WRITE: "Import prompts",
    Scope.GENERATION_READ: "Read responses and generation runs",
    Scope.GENERATION_WRITE: "Start and stop generation runs",
    Scope.JUDGMENTS_READ: "Read judgments and progress",
    Scope.JUDGMENTS_WRITE: "Take comparisons and submit judgments",
    Scope.EXPORT_READ: "List and download exports",
    Scope.EXPORT_WRITE: "Request exports",
}


def show_refusal(
    form: forms.Form, refusal: DomainError, names: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Put a refusal beside the fields it names, or above the form.

    ``names`` maps the fields that the refusal speaks of to what the form calls them.
    """
    fields = refusal.data.get("fields", {})
    for name, reasons in fields.items():
        field = names.get(name, name)
        for reason in reasons:
            form.add_error(field if field in form.fields else None, reason)
    if not fields:
        form.add_error(None, refusal.message)


class InvitationForm(forms.Form):
    """What an invited person tells about themselves."""

    display_name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="The managers and reviewers of your campaigns see it.",
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        help_text="At least 10 characters. A few words in a row are easy to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )


class TokenForm(forms.Form):
    """What a new API token is for, and how long it lives."""

    name = forms.CharField(
        label="Name",
        max_length=120,
        help_text="What will use it, for example “nightly import”.",
    )
    scopes = forms.MultipleChoiceField(
        label="May be used to",
        choices=[(scope.value, label) for scope, label in SCOPE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(label="Valid for (days)", min_value=1, max_value=365, initial=30)

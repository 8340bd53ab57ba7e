"""The forms of the account pages, and how a refusal is shown beside what was typed."""

from collections.abc import Mapping
from types import MappingProxyType

from django import forms

from labeling.access import Scope
from labeling.errors import DomainError
from labeling.wording import gettext_lazy

SCOPE_LABELS = {
    Scope.CAMPAIGNS_READ: gettext_lazy("Read campaigns, guides and members"),
    Scope.CAMPAIGNS_WRITE: gettext_lazy("Create and change campaigns and guides"),
    Scope.PROMPTS_READ: gettext_lazy("Read prompts and imports"),
    Scope.PROMPTS_WRITE: gettext_lazy("Import prompts"),
    Scope.GENERATION_READ: gettext_lazy("Read responses and generation runs"),
    Scope.GENERATION_WRITE: gettext_lazy("Start and stop generation runs"),
    Scope.JUDGMENTS_READ: gettext_lazy("Read judgments and progress"),
    Scope.JUDGMENTS_WRITE: gettext_lazy("Take comparisons and submit judgments"),
    Scope.EXPORT_READ: gettext_lazy("List and download exports"),
    Scope.EXPORT_WRITE: gettext_lazy("Request exports"),
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
        label=gettext_lazy("Your name"),
        max_length=120,
        help_text=gettext_lazy("The managers and reviewers of your campaigns see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=1000,
        help_text=gettext_lazy(
            "At least 10 characters. A few words in a row are easy to remember."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )


class TokenForm(forms.Form):
    """What a new API token is for, and how long it lives."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("What will use it, for example “nightly import”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("May be used to"),
        choices=[(scope.value, label) for scope, label in SCOPE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Valid for (days)"), min_value=1, max_value=365, initial=30
    )

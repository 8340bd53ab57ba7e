"""The forms of a campaign's members."""

from typing import Any

from django import forms

from labeling.campaigns.enums import Role
from labeling.campaigns.models import Membership
from labeling.wording import gettext_lazy, listed


class MemberForm(forms.Form):
    """The role of one member, and what is known of them."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    languages = forms.CharField(
        label=gettext_lazy("Languages"),
        required=False,
        help_text=gettext_lazy(
            "Tags with commas between them, such as en, pt-BR. None means any language."
        ),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )
    skills = forms.CharField(
        label=gettext_lazy("Skills"),
        required=False,
        help_text=gettext_lazy(
            "With commas between them. A prompt tagged skill:law goes to people with the "
            "skill law, written the same way."
        ),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )
    qualified = forms.BooleanField(
        label=gettext_lazy("Qualified"),
        required=False,
        help_text=gettext_lazy(
            "Counts where the campaign hands out work to qualified people only."
        ),
    )

    def values(self) -> dict[str, Any]:
        """Return what was typed as the service names it."""
        given = self.cleaned_data
        return {**given, **{name: listed(given[name]) for name in ("languages", "skills")}}


class MembersForm(forms.Form):
    """People to add, by address."""

    emails = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        max_length=130_000,
        help_text=gettext_lazy(
            "One on each line, up to 500. No e-mail is sent: for each person who is new "
            "here you get a link to hand over."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=Role.choices, initial=Role.ANNOTATOR
    )

    def people(self) -> list[tuple[str, str]]:
        """Return (address, role) for each line that holds something."""
        lines = (line.strip(" \t,;") for line in self.cleaned_data["emails"].splitlines())
        return [(line, self.cleaned_data["role"]) for line in lines if line]


def member_typed_from(membership: Membership) -> dict[str, Any]:
    """Return a member's fields as the edit form names them."""
    return {
        "role": membership.role,
        "languages": ", ".join(membership.languages),
        "skills": ", ".join(membership.skills),
        "qualified": membership.qualified_at is not None,
    }

"""The forms of what managers decide of single comparisons."""

from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from labeling.accounts.models import User
from labeling.assignment.enums import Turn
from labeling.campaigns.models import Membership
from labeling.quality.rules import LONGEST_REASON
from labeling.wording import gettext, gettext_lazy


class MemberForm(forms.Form):
    """One member, by name."""

    def __init__(
        self, data: dict[str, str] | None = None, *, members: Iterable[Membership]
    ) -> None:
        super().__init__(data)
        self.fields["member"] = forms.TypedChoiceField(
            label=gettext("Member"),
            choices=[
                ("", gettext("Choose a person")),
                *((each.pk, _named(each)) for each in members),
            ],
            coerce=int,
            error_messages={
                "required": gettext("Choose a person."),
                "invalid_choice": gettext("Choose a member of the campaign."),
            },
        )


class RevocationForm(forms.Form):
    """What to leave out of every export, and why."""

    annotator = forms.ModelChoiceField(
        label=gettext_lazy("Everything of one person"),
        queryset=User.objects.none(),
        required=False,
        empty_label="–",
    )
    prompt = forms.IntegerField(
        label=gettext_lazy("One prompt, by its number"), min_value=1, required=False
    )
    source = forms.ChoiceField(
        label=gettext_lazy("All prompts of one source"), choices=(), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The log keeps it, and every list of removed rows says it."),
    )

    def __init__(
        self, data: QueryDict | None = None, *, people: QuerySet[User], sources: Iterable[str]
    ) -> None:
        super().__init__(data)
        self.fields["annotator"].queryset = people  # type: ignore[attr-defined]  # it is one
        self.fields["source"].choices = [("", "–"), *((each, each) for each in sources)]  # type: ignore[attr-defined]  # it is one


class ErasureForm(forms.Form):
    """Which prompt is erased, and why, by somebody who knows what that means."""

    erased_prompt = forms.IntegerField(label=gettext_lazy("Prompt, by its number"), min_value=1)
    erased_reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept, so it must not say what is to go."),
    )
    is_known = forms.BooleanField(
        label=gettext_lazy("I know that nothing brings it back."),
        error_messages={"required": gettext_lazy("Tick this to erase it.")},
    )


class TurnForm(forms.Form):
    """When a comparison is handed out."""

    turn = forms.ChoiceField(
        label=gettext_lazy("Handed out"),
        choices=Turn.choices,
        error_messages={
            "required": gettext_lazy("Choose when it is handed out."),
            "invalid_choice": gettext_lazy("Choose one of the turns in the list."),
        },
    )


def _named(member: Membership) -> str:
    name, address = member.user.get_short_name(), member.user.email
    return address if name == address else f"{name}, {address}"

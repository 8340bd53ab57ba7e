"""The forms of what managers decide of single comparisons."""

from collections.abc import Iterable

from django import forms

from labeling.assignment.enums import Turn
from labeling.campaigns.models import Membership
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

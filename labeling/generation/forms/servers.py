"""The forms of model servers."""

from typing import Any

from django import forms

from labeling.generation.services.servers import (
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_URL,
    MOST_A_MINUTE,
    MOST_AT_ONCE,
)
from labeling.wording import gettext_lazy


def _key(help_text: Any) -> forms.CharField:
    # What was typed is not sent back, not even beside an error.
    hidden = forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False)
    return forms.CharField(
        label=gettext_lazy("Key"), required=False, max_length=LONGEST_KEY, strip=True,
        widget=hidden, help_text=help_text,
    )  # fmt: skip


class ServerForm(forms.Form):
    """A server, its key, and how many calls it takes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    base_url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST_URL,
        help_text=gettext_lazy("Up to /v1, for example https://host/v1."),
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}),
    )
    api_key = _key(
        gettext_lazy("It is sealed for this host before it is stored. Nothing shows it again.")
    )
    at_once = forms.IntegerField(
        label=gettext_lazy("Calls at a time"),
        initial=8,
        min_value=1,
        max_value=MOST_AT_ONCE,
        help_text=gettext_lazy("All workers together."),
    )
    a_minute = forms.IntegerField(
        label=gettext_lazy("Calls a minute"),
        required=False,
        min_value=1,
        max_value=MOST_A_MINUTE,
        help_text=gettext_lazy("Leave it empty for no limit."),
    )
    many = forms.BooleanField(
        label=gettext_lazy("It gives several responses to one call (n)"), required=False
    )


class KeyForm(forms.Form):
    """Another key of a server."""

    api_key = _key(gettext_lazy("Leave it empty to take the key away."))

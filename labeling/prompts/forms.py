"""The forms of the prompts stage."""

from typing import Any

from django import forms

from labeling.prompts.enums import FileFormat
from labeling.prompts.readers.sniff import SUFFIXES
from labeling.wording import gettext_lazy

AUTO = ("", gettext_lazy("Find out from the file"))


class ImportForm(forms.Form):
    """A file of prompts, and its format where that cannot be found out."""

    file = forms.FileField(
        label=gettext_lazy("A file of prompts"),
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput(attrs={"class": "drop", "accept": ",".join(SUFFIXES)}),
        help_text=gettext_lazy(
            "Drop a file here or pick one: JSON Lines, CSV or Parquet, UTF-8, not packed."
        ),
        error_messages={"required": gettext_lazy("Pick a file first.")},
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[AUTO, *FileFormat.choices], required=False
    )

    def clean_format(self) -> FileFormat | None:
        """Return the format that was picked, None to find out."""
        value: str = self.cleaned_data["format"]
        return FileFormat(value) if value else None


class PromptFilterForm(forms.Form):
    """Narrow the list of prompts; every field is optional."""

    tag = forms.CharField(required=False, label=gettext_lazy("Tag"))
    external_id = forms.CharField(required=False, label=gettext_lazy("External id"))
    language = forms.CharField(required=False, label=gettext_lazy("Language"))

    def filters(self) -> dict[str, Any]:
        """Return what was asked for."""
        return self.cleaned_data if self.is_valid() else {}

"""The form that asks for an export; shares are typed in per cent."""

from typing import Any

from django import forms

from exports.selection import LARGEST_VALIDATION_SHARE, MOST_VOTES, Selection, read_selection
from labeling.wording import gettext_lazy

# What the form calls the fields of a selection.
FORM_NAMES = {
    "min_agreement": "min_agreement_percent",
    "validation_share": "validation_percent",
}


class SelectionForm(forms.Form):
    """Which pairs the export holds."""

    min_votes = forms.IntegerField(
        label=gettext_lazy("Fewest judgments"),
        min_value=1,
        max_value=MOST_VOTES,
        initial=1,
        help_text=gettext_lazy("Pairs with fewer counted judgments are left out."),
    )
    min_agreement_percent = forms.IntegerField(
        label=gettext_lazy("Least agreement, in per cent"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=gettext_lazy(
            "The share of the judgments that prefer the chosen response. "
            "A pair always needs more than half."
        ),
    )
    validation_percent = forms.IntegerField(
        label=gettext_lazy("Validation split, in per cent"),
        min_value=0,
        max_value=int(100 * LARGEST_VALIDATION_SHARE),
        initial=0,
        help_text=gettext_lazy(
            "By prompt, so that no prompt is in both parts. 0 writes one part, “train”."
        ),
    )

    def selection(self) -> Selection:
        """Return what was typed as a selection."""
        given: dict[str, Any] = self.cleaned_data
        return read_selection(
            {
                "min_votes": given["min_votes"],
                "min_agreement": given["min_agreement_percent"] / 100,
                "validation_share": given["validation_percent"] / 100,
            }
        )

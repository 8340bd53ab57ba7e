"""The forms of a campaign, its guide and its rounds."""

from typing import Any

from django import forms

from labeling.campaigns.enums import Asked
from labeling.campaigns.models import Campaign
from labeling.campaigns.rules import (
    LONGEST_CHECKPOINT,
    LONGEST_DESCRIPTION,
    LONGEST_GUIDELINE,
    LONGEST_LEASE,
    LONGEST_NAME,
    LONGEST_WARNING,
    MOST_A_DAY,
    MOST_CANDIDATES,
    MOST_OVERLAP,
    MOST_RATIONALE_MIN,
    PAY_DIGITS,
    PAY_PLACES,
    READY_CRITERIA,
)
from labeling.wording import format_lazy, gettext, gettext_lazy, listed, pgettext_lazy

ORDERS = range(3, MOST_CANDIDATES + 1)
SHAPES = [
    (2, gettext_lazy("2: pairs, which is better?")),
    *((n, format_lazy(gettext_lazy("{count}: put in order"), count=n)) for n in ORDERS),
]
# What is asked beside the choice, as the value of a field.
ASKED = {
    Asked.OFF: pgettext_lazy("nothing is asked", "off"),
    Asked.OPTIONAL: gettext_lazy("optional"),
    Asked.REQUIRED: gettext_lazy("required"),
}
# What a form calls a field, for those that the campaign stores differently.
FORM_NAMES = {"lease_seconds": "lease_minutes", "criteria": "own_criteria", "text": "guideline"}
GUIDE_HELP = gettext_lazy(
    "Markdown. Say what counts and in which order, what a clear preference is, "
    "and when to choose a tie."
)
MUST_READ_HELP = gettext_lazy("Nobody is given a comparison before that. They see what changed.")


class CampaignForm(forms.Form):
    """What a campaign asks people to do."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        help_text=gettext_lazy("Annotators read it before they start."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    candidates_per_comparison = forms.TypedChoiceField(
        label=gettext_lazy("Responses compared at a time"), choices=SHAPES, coerce=int, initial=2
    )
    overlap = forms.IntegerField(
        label=gettext_lazy("People for each comparison"),
        min_value=1,
        max_value=MOST_OVERLAP,
        initial=3,
        help_text=gettext_lazy("An odd number avoids draws. Open comparisons follow a change."),
    )
    lease_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes a comparison is held for a person"),
        min_value=1,
        max_value=LONGEST_LEASE // 60,
        initial=30,
        help_text=gettext_lazy("After that somebody else may get it."),
    )
    tie_allowed = forms.BooleanField(
        label=gettext_lazy("Allow a tie"), required=False, initial=True
    )
    neither_allowed = forms.BooleanField(
        label=gettext_lazy("Allow “neither is acceptable”"), required=False, initial=True
    )
    counts_ai = forms.BooleanField(
        label=gettext_lazy("Count verdicts of AI judges like answers in exports"),
        required=False,
        help_text=gettext_lazy("Every row then says how many of its votes a model gave."),
    )
    rationale = forms.ChoiceField(
        label=gettext_lazy("Ask for the reason"), choices=Asked.choices, initial=Asked.OPTIONAL
    )
    rationale_min = forms.IntegerField(
        label=gettext_lazy("Characters of a required reason, at least"),
        min_value=0,
        max_value=MOST_RATIONALE_MIN,
        initial=0,
        help_text=gettext_lazy("With 0, a few words or one ticked reason will do."),
    )
    reason_tags = forms.CharField(
        label=gettext_lazy("Reasons to tick"),
        required=False,
        max_length=600,
        help_text=gettext_lazy(
            "Separated by commas, such as: factual error, too long, ignores the question."
        ),
    )
    ideal = forms.ChoiceField(
        label=gettext_lazy("Ask for an ideal response"),
        choices=Asked.choices,
        initial=Asked.OFF,
        help_text=gettext_lazy(
            "People edit one of the responses until it is as it should have been."
        ),
    )
    content_warning = forms.CharField(
        label=gettext_lazy("Content warning"),
        required=False,
        max_length=LONGEST_WARNING,
        help_text=gettext_lazy(
            "What people must be ready to read. They confirm it first, and every text is "
            "veiled until they open it. Empty for none."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    most_a_day = forms.IntegerField(
        label=gettext_lazy("At most for one person in 24 hours"),
        required=False,
        min_value=1,
        max_value=MOST_A_DAY,
        help_text=gettext_lazy("Empty for no limit. Fewer where the texts are hard to bear."),
    )
    pay = forms.DecimalField(
        label=gettext_lazy("Pay for an answer"),
        required=False,
        max_digits=PAY_DIGITS,
        decimal_places=PAY_PLACES,
        help_text=gettext_lazy("Empty for none. A change leaves alone what was earned before it."),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        required=False,
        max_length=3,
        help_text=gettext_lazy("Three letters, such as EUR."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "characters"}),
    )
    ready_criteria = forms.MultipleChoiceField(
        label=gettext_lazy("Also compare by"),
        required=False,
        choices=list(READY_CRITERIA.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each is a question of its own beside the overall choice."),
    )
    own_criteria = forms.CharField(
        label=gettext_lazy("Other criteria"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Separated by commas."),
    )

    def values(self) -> dict[str, Any]:
        """Return what was typed as the services name it."""
        given = dict(self.cleaned_data)
        own = given.pop("own_criteria")
        given["criteria"] = [*given.pop("ready_criteria"), *listed(own)]
        given["reason_tags"] = listed(given["reason_tags"])
        given["lease_seconds"] = given.pop("lease_minutes") * 60
        given["currency"] = given["currency"].upper()
        return given


class NewCampaignForm(CampaignForm):
    """A new campaign with the first version of its guide."""

    guideline = forms.CharField(
        label=gettext_lazy("Judging guide"),
        required=False,
        max_length=LONGEST_GUIDELINE,
        strip=False,
        help_text=format_lazy(
            "{help} {more}",
            help=GUIDE_HELP,
            more=gettext_lazy("It can be written later, but not after the start."),
        ),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    guideline_must_be_read = forms.BooleanField(
        label=gettext_lazy("Ask everybody to confirm that they have read it"),
        required=False,
        help_text=MUST_READ_HELP,
    )


class EditCampaignForm(CampaignForm):
    """A change of a campaign, based on the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class GuideForm(forms.Form):
    """A new version of the guide."""

    guideline = forms.CharField(
        label=gettext_lazy("Judging guide"),
        max_length=LONGEST_GUIDELINE,
        strip=False,
        help_text=GUIDE_HELP,
        widget=forms.Textarea(attrs={"rows": 22}),
    )
    must_be_read = forms.BooleanField(
        label=gettext_lazy("Ask everybody to confirm that they have read it"),
        required=False,
        help_text=MUST_READ_HELP,
    )


class RoundForm(forms.Form):
    """A round: its name and the checkpoint that it belongs to."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    checkpoint = forms.CharField(
        label=gettext_lazy("Checkpoint"),
        required=False,
        max_length=LONGEST_CHECKPOINT,
        help_text=gettext_lazy(
            "The model whose responses are judged in it. Exports name it; annotators never see it."
        ),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )


def typed_from(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign's fields as the edit form names them."""
    ready = [name for name in campaign.criteria if name in READY_CRITERIA]
    return {
        "name": campaign.name,
        "description": campaign.description,
        "candidates_per_comparison": campaign.candidates_per_comparison,
        "overlap": campaign.overlap,
        "lease_minutes": max(1, campaign.lease_seconds // 60),
        "tie_allowed": campaign.tie_allowed,
        "neither_allowed": campaign.neither_allowed,
        "counts_ai": campaign.counts_ai,
        "rationale": campaign.rationale,
        "rationale_min": campaign.rationale_min,
        "reason_tags": ", ".join(campaign.reason_tags),
        "ideal": campaign.ideal,
        "content_warning": campaign.content_warning,
        "most_a_day": campaign.most_a_day,
        "pay": campaign.pay,
        "currency": campaign.currency,
        "ready_criteria": ready,
        "own_criteria": ", ".join(name for name in campaign.criteria if name not in ready),
        "version": campaign.version,
    }


def differences(form: CampaignForm, campaign: Campaign) -> list[tuple[str, str]]:
    """Return (label, value now) of each field that is now other than what was typed."""
    now = typed_from(campaign)
    return [
        (str(form.fields[name].label), _in_words(name, now[name]))
        for name, typed in form.cleaned_data.items()
        if name != "version" and typed != now[name]
    ]


def _in_words(name: str, value: object) -> str:
    if name in ("rationale", "ideal"):
        return str(ASKED[Asked(str(value))])
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return ", ".join(value) if isinstance(value, list) else str(value)

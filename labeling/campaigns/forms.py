"""The forms of the campaign pages; the services judge the values, these say what is asked."""

from typing import Any

from django import forms

from labeling.campaigns.enums import Asked, Role
from labeling.campaigns.models import Campaign, Membership
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

ORDERS = range(3, MOST_CANDIDATES + 1)
SHAPES = [(2, "2: pairs, which is better?"), *((n, f"{n}: put in order") for n in ORDERS)]
# What a form calls a field, for those that the campaign stores differently.
FORM_NAMES = {"lease_seconds": "lease_minutes", "criteria": "own_criteria", "text": "guideline"}
GUIDE_HELP = (
    "Markdown. Say what counts and in which order, what a clear preference is, "
    "and when to choose a tie."
)
MUST_READ_HELP = "Nobody is given a comparison before that. They see what changed."


class CampaignForm(forms.Form):
    """What a campaign asks people to do."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    description = forms.CharField(
        label="Description",
        required=False,
        max_length=LONGEST_DESCRIPTION,
        help_text="Annotators read it before they start.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    candidates_per_comparison = forms.TypedChoiceField(
        label="Responses compared at a time", choices=SHAPES, coerce=int, initial=2
    )
    overlap = forms.IntegerField(
        label="People for each comparison",
        min_value=1,
        max_value=MOST_OVERLAP,
        initial=3,
        help_text="An odd number avoids draws. Open comparisons follow a change.",
    )
    lease_minutes = forms.IntegerField(
        label="Minutes a comparison is held for a person",
        min_value=1,
        max_value=LONGEST_LEASE // 60,
        initial=30,
        help_text="After that somebody else may get it.",
    )
    tie_allowed = forms.BooleanField(label="Allow a tie", required=False, initial=True)
    neither_allowed = forms.BooleanField(
        label="Allow “neither is acceptable”", required=False, initial=True
    )
    rationale = forms.ChoiceField(
        label="Ask for the reason", choices=Asked.choices, initial=Asked.OPTIONAL
    )
    rationale_min = forms.IntegerField(
        label="Characters of a required reason, at least",
        min_value=0,
        max_value=MOST_RATIONALE_MIN,
        initial=0,
        help_text="With 0, a few words or one ticked reason will do.",
    )
    reason_tags = forms.CharField(
        label="Reasons to tick",
        required=False,
        max_length=600,
        help_text="Separated by commas, such as: factual error, too long, ignores the question.",
    )
    ideal = forms.ChoiceField(
        label="Ask for an ideal response",
        choices=Asked.choices,
        initial=Asked.OFF,
        help_text="People edit one of the responses until it is as it should have been.",
    )
    content_warning = forms.CharField(
        label="Content warning",
        required=False,
        max_length=LONGEST_WARNING,
        help_text="What people must be ready to read. They confirm it first, and every text is "
        "veiled until they open it. Empty for none.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    most_a_day = forms.IntegerField(
        label="At most for one person in 24 hours",
        required=False,
        min_value=1,
        max_value=MOST_A_DAY,
        help_text="Empty for no limit. Fewer where the texts are hard to bear.",
    )
    pay = forms.DecimalField(
        label="Pay for an answer",
        required=False,
        max_digits=PAY_DIGITS,
        decimal_places=PAY_PLACES,
        help_text="Empty for none. A change leaves alone what was earned before it.",
    )
    currency = forms.CharField(
        label="Currency",
        required=False,
        max_length=3,
        help_text="Three letters, such as EUR.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "characters"}),
    )
    ready_criteria = forms.MultipleChoiceField(
        label="Also compare by",
        required=False,
        choices=[(name, name.capitalize()) for name in READY_CRITERIA],
        widget=forms.CheckboxSelectMultiple,
        help_text="Each is a question of its own beside the overall choice.",
    )
    own_criteria = forms.CharField(
        label="Other criteria", required=False, max_length=400, help_text="Separated by commas."
    )

    def values(self) -> dict[str, Any]:
        """Return what was typed as the services name it."""
        given = dict(self.cleaned_data)
        own = given.pop("own_criteria")
        given["criteria"] = [*given.pop("ready_criteria"), *_listed(own)]
        given["reason_tags"] = _listed(given["reason_tags"])
        given["lease_seconds"] = given.pop("lease_minutes") * 60
        given["currency"] = given["currency"].upper()
        return given


class NewCampaignForm(CampaignForm):
    """A new campaign with the first version of its guide."""

    guideline = forms.CharField(
        label="Judging guide",
        required=False,
        max_length=LONGEST_GUIDELINE,
        strip=False,
        help_text=f"{GUIDE_HELP} It can be written later, but not after the start.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    guideline_must_be_read = forms.BooleanField(
        label="Ask everybody to confirm that they have read it",
        required=False,
        help_text=MUST_READ_HELP,
    )


class EditCampaignForm(CampaignForm):
    """A change of a campaign, based on the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class GuideForm(forms.Form):
    """A new version of the guide."""

    guideline = forms.CharField(
        label="Judging guide",
        max_length=LONGEST_GUIDELINE,
        strip=False,
        help_text=GUIDE_HELP,
        widget=forms.Textarea(attrs={"rows": 22}),
    )
    must_be_read = forms.BooleanField(
        label="Ask everybody to confirm that they have read it",
        required=False,
        help_text=MUST_READ_HELP,
    )


class RoundForm(forms.Form):
    """A round: its name and the checkpoint that it belongs to."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    checkpoint = forms.CharField(
        label="Checkpoint",
        required=False,
        max_length=LONGEST_CHECKPOINT,
        help_text="The model whose responses are judged in it. Exports name it; annotators "
        "never see it.",
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )


class MemberForm(forms.Form):
    """The role of one member, and what is known of them."""

    role = forms.ChoiceField(label="Role", choices=Role.choices)
    languages = forms.CharField(
        label="Languages",
        required=False,
        help_text="Tags with commas between them, such as en, pt-BR. None means any language.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )
    skills = forms.CharField(
        label="Skills",
        required=False,
        help_text="With commas between them. A prompt tagged skill:law goes to people with the "
        "skill law, written the same way.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )
    qualified = forms.BooleanField(
        label="Qualified",
        required=False,
        help_text="Counts where the campaign hands out work to qualified people only.",
    )

    def values(self) -> dict[str, Any]:
        """Return what was typed as the service names it."""
        given = self.cleaned_data
        return {**given, **{name: _listed(given[name]) for name in ("languages", "skills")}}


class MembersForm(forms.Form):
    """People to add, by address."""

    emails = forms.CharField(
        label="E-mail addresses",
        max_length=130_000,
        help_text="One on each line, up to 500. No e-mail is sent: for each person who is new "
        "here you get a link to hand over.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.ANNOTATOR)

    def people(self) -> list[tuple[str, str]]:
        """Return (address, role) for each line that holds something."""
        lines = (line.strip(" \t,;") for line in self.cleaned_data["emails"].splitlines())
        return [(line, self.cleaned_data["role"]) for line in lines if line]


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
        (str(form.fields[name].label), _in_words(now[name]))
        for name, typed in form.cleaned_data.items()
        if name != "version" and typed != now[name]
    ]


def member_typed_from(membership: Membership) -> dict[str, Any]:
    """Return a member's fields as the edit form names them."""
    return {
        "role": membership.role,
        "languages": ", ".join(membership.languages),
        "skills": ", ".join(membership.skills),
        "qualified": membership.qualified_at is not None,
    }


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)

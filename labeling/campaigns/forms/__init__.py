"""The forms of the campaign pages; the services judge the values, these say what is asked."""

from labeling.campaigns.forms.campaigns import (
    FORM_NAMES,
    CampaignForm,
    EditCampaignForm,
    GuideForm,
    NewCampaignForm,
    RoundForm,
    differences,
    typed_from,
)
from labeling.campaigns.forms.members import MemberForm, MembersForm, member_typed_from

__all__ = [
    "FORM_NAMES",
    "CampaignForm",
    "EditCampaignForm",
    "GuideForm",
    "MemberForm",
    "MembersForm",
    "NewCampaignForm",
    "RoundForm",
    "differences",
    "member_typed_from",
    "typed_from",
]

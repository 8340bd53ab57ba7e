"""The REST API of the campaigns stage."""

from django.urls import path

from labeling.campaigns.api.campaigns import Campaigns, OneCampaign, State
from labeling.campaigns.api.guidelines import Guidelines, Reading, Warned
from labeling.campaigns.api.members import Members, OneMember
from labeling.campaigns.api.rounds import Close, OneRound, Open, Rounds

urlpatterns = [
    path("campaigns/", Campaigns.as_view(), name="api-campaigns"),
    path("campaigns/<int:campaign_id>/", OneCampaign.as_view(), name="api-campaign"),
    path("campaigns/<int:campaign_id>/state/", State.as_view(), name="api-campaign-state"),
    path("campaigns/<int:campaign_id>/guidelines/", Guidelines.as_view(), name="api-guidelines"),
    path(
        "campaigns/<int:campaign_id>/guidelines/<int:version>/read/",
        Reading.as_view(),
        name="api-guideline-read",
    ),
    path(
        "campaigns/<int:campaign_id>/warning/accept/", Warned.as_view(), name="api-warning-accept"
    ),
    path("campaigns/<int:campaign_id>/rounds/", Rounds.as_view(), name="api-rounds"),
    path("campaigns/<int:campaign_id>/rounds/<int:number>/", OneRound.as_view(), name="api-round"),
    path(
        "campaigns/<int:campaign_id>/rounds/<int:number>/close/",
        Close.as_view(),
        name="api-round-close",
    ),
    path(
        "campaigns/<int:campaign_id>/rounds/<int:number>/open/",
        Open.as_view(),
        name="api-round-open",
    ),
    path("campaigns/<int:campaign_id>/members/", Members.as_view(), name="api-members"),
    path(
        "campaigns/<int:campaign_id>/members/<int:membership_id>/",
        OneMember.as_view(),
        name="api-member",
    ),
]

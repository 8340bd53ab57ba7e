"""The pages of the campaigns stage."""

from django.urls import path

from labeling.campaigns.web import campaigns, guides, members, rounds

urlpatterns = [
    path("", campaigns.home, name="home"),
    path("campaigns/new/", campaigns.new, name="campaign-new"),
    path("campaigns/<int:campaign_id>/", campaigns.overview, name="campaign"),
    path("campaigns/<int:campaign_id>/edit/", campaigns.edit, name="campaign-edit"),
    path("campaigns/<int:campaign_id>/state/", campaigns.state, name="campaign-state"),
    path("campaigns/<int:campaign_id>/guide/", guides.guide, name="guide"),
    path("campaigns/<int:campaign_id>/guide/edit/", guides.edit, name="guide-edit"),
    path("campaigns/<int:campaign_id>/guide/<int:version>/", guides.version, name="guide-version"),
    path("campaigns/<int:campaign_id>/guide/<int:version>/read/", guides.read, name="guide-read"),
    path("campaigns/<int:campaign_id>/warning/accept/", guides.warned, name="warning-accept"),
    path("campaigns/<int:campaign_id>/rounds/", rounds.rounds, name="rounds"),
    path("campaigns/<int:campaign_id>/rounds/<int:number>/", rounds.edit, name="round-edit"),
    path(
        "campaigns/<int:campaign_id>/rounds/<int:number>/close/", rounds.close, name="round-close"
    ),
    path("campaigns/<int:campaign_id>/rounds/<int:number>/open/", rounds.reopen, name="round-open"),
    path("campaigns/<int:campaign_id>/members/", members.members, name="members"),
    path(
        "campaigns/<int:campaign_id>/members/<int:membership_id>/",
        members.edit,
        name="member-edit",
    ),
    path(
        "campaigns/<int:campaign_id>/members/<int:membership_id>/invite/",
        members.invite,
        name="member-invite",
    ),
    path(
        "campaigns/<int:campaign_id>/members/<int:membership_id>/remove/",
        members.remove,
        name="member-remove",
    ),
]

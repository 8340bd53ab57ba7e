"""The operators' tables of campaigns, rounds, guides and members: to look at, not to touch."""

from django.contrib import admin

from labeling.campaigns.models import Campaign, Guideline, Membership, Round
from labeling.operators import ReadOnly


@admin.register(Campaign)
class CampaignAdmin(ReadOnly):
    """Campaigns."""

    list_display = ("name", "state", "candidates_per_comparison", "overlap", "created_by")
    list_select_related = ("created_by",)
    list_filter = ("state",)
    search_fields = ("name",)
    ordering = ("-id",)


@admin.register(Round)
class RoundAdmin(ReadOnly):
    """Rounds of campaigns."""

    list_display = ("campaign", "number", "name", "checkpoint", "state", "opened_at", "closed_at")
    list_select_related = ("campaign",)
    list_filter = ("state",)
    ordering = ("-id",)


@admin.register(Guideline)
class GuidelineAdmin(ReadOnly):
    """Versions of judging guides."""

    list_display = ("campaign", "version", "created_by", "created_at")
    list_select_related = ("campaign", "created_by")
    ordering = ("-id",)


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    """Who belongs to which campaign, and as what."""

    list_display = ("user", "campaign", "role", "created_at")
    list_select_related = ("user", "campaign")
    list_filter = ("role",)
    search_fields = ("user__email", "campaign__name")
    ordering = ("-id",)

"""Campaigns, the versions of their guideline, and the people who belong to them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from labeling.campaigns.enums import CampaignState, Rationale, Role
from labeling.campaigns.rules import (
    FEWEST_CANDIDATES,
    LONGEST_LEASE,
    LONGEST_NAME,
    MOST_CANDIDATES,
    MOST_OVERLAP,
    SHORTEST_LEASE,
)


class Campaign(models.Model):
    """One collection effort; created by ``create_campaign``, edited by ``edit_campaign``.

    ``candidates_per_comparison`` is the task shape: 2 is pairwise, 3 to 9 is K-wise.
    ``overlap`` is how many people judge each comparison. ``shuffle_seed`` fixes every
    random order drawn in the campaign. ``version`` grows with each edit.
    """

    name = models.CharField(max_length=LONGEST_NAME)
    description = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    candidates_per_comparison = models.PositiveSmallIntegerField(default=2)
    overlap = models.PositiveSmallIntegerField(default=3)
    criteria = models.JSONField(default=list, blank=True)
    tie_allowed = models.BooleanField(default=True)
    neither_allowed = models.BooleanField(default=True)
    rationale = models.CharField(max_length=10, choices=Rationale, default=Rationale.OPTIONAL)
    lease_seconds = models.PositiveIntegerField(default=1800)
    shuffle_seed = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="campaigns_created"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=CampaignState.values), name="campaign_state_known"
            ),
            models.CheckConstraint(
                condition=Q(rationale__in=Rationale.values), name="campaign_rationale_known"
            ),
            models.CheckConstraint(
                condition=Q(candidates_per_comparison__range=(FEWEST_CANDIDATES, MOST_CANDIDATES)),
                name="campaign_compares_2_to_9",
            ),
            models.CheckConstraint(
                condition=Q(overlap__range=(1, MOST_OVERLAP)), name="campaign_overlap_1_to_25"
            ),
            models.CheckConstraint(
                condition=Q(lease_seconds__range=(SHORTEST_LEASE, LONGEST_LEASE)),
                name="campaign_lease_1_min_to_1_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Guideline(models.Model):
    """One version of a campaign's judging guide (Markdown); never edited, only followed.

    Created by ``publish_guideline``; the highest version is the one in force.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="guidelines")
    version = models.PositiveIntegerField()
    text = models.TextField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "version"], name="guideline_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="guideline_version_from_1"),
        ]

    def __str__(self) -> str:
        return f"guide {self.version}"


class Membership(models.Model):
    """One person's role in one campaign; created by ``create_campaign`` and ``add_members``.

    ``remove_member`` deletes the row; the person's judgments stay.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "user"], name="one_role_a_campaign"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.campaign_id}"

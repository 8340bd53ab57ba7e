"""Campaigns, the versions of their guideline, and the people who belong to them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from labeling.campaigns.enums import Asked, CampaignState, Role, RoundState
from labeling.campaigns.rules import (
    FEWEST_CANDIDATES,
    LONGEST_CHECKPOINT,
    LONGEST_LEASE,
    LONGEST_NAME,
    LONGEST_WARNING,
    MOST_A_DAY,
    MOST_CANDIDATES,
    MOST_OVERLAP,
    MOST_RATIONALE_MIN,
    PAY_DIGITS,
    PAY_PLACES,
    SHORTEST_LEASE,
)


class Campaign(models.Model):
    """One collection effort; created by ``create_campaign``, edited by ``edit_campaign``.

    ``candidates_per_comparison`` is the task shape: 2 is pairwise, 3 to 9 is K-wise.
    ``overlap`` is how many people judge each comparison. ``shuffle_seed`` fixes every random
    order drawn in the campaign. ``version`` grows with each edit. ``guideline_version`` is the
    version of the guide in force, 0 while there is none, and ``guideline_to_read`` the latest
    that people must confirm to have read; ``publish_guideline`` keeps both. ``counts_ai`` lets
    verdicts of AI judges count like people's answers in exports, and nowhere else.
    ``rationale`` asks for a reason, where it is required one of ``rationale_min`` characters or
    more; ``reason_tags`` are reasons to tick. ``ideal`` asks for an edited, better response.
    ``content_warning`` says what people must be ready to read: they confirm it, and texts are
    veiled until opened; ``most_a_day`` is how much one person is given in 24 hours. ``pay`` is
    what an answer pays now, in ``currency`` (ISO 4217); ``PayRate`` keeps what it paid before.
    """

    name = models.CharField(max_length=LONGEST_NAME)
    description = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    candidates_per_comparison = models.PositiveSmallIntegerField(default=2)
    overlap = models.PositiveSmallIntegerField(default=3)
    criteria = models.JSONField(default=list, blank=True)
    tie_allowed = models.BooleanField(default=True)
    neither_allowed = models.BooleanField(default=True)
    counts_ai = models.BooleanField(default=False, db_default=False)
    rationale = models.CharField(max_length=10, choices=Asked, default=Asked.OPTIONAL)
    rationale_min = models.PositiveSmallIntegerField(default=0)
    reason_tags = models.JSONField(default=list, blank=True)
    ideal = models.CharField(max_length=10, choices=Asked, default=Asked.OFF)
    lease_seconds = models.PositiveIntegerField(default=1800)
    content_warning = models.CharField(max_length=LONGEST_WARNING, blank=True, default="")
    most_a_day = models.PositiveSmallIntegerField(null=True, blank=True)
    pay = models.DecimalField(
        max_digits=PAY_DIGITS, decimal_places=PAY_PLACES, null=True, blank=True
    )
    currency = models.CharField(max_length=3, blank=True, default="")
    shuffle_seed = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    guideline_version = models.PositiveIntegerField(default=0)
    guideline_to_read = models.PositiveIntegerField(default=0)
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
                condition=Q(rationale__in=Asked.values), name="campaign_rationale_known"
            ),
            models.CheckConstraint(
                condition=Q(rationale_min__range=(0, MOST_RATIONALE_MIN)),
                name="campaign_rationale_min_0_to_1000",
            ),
            models.CheckConstraint(
                condition=Q(ideal__in=Asked.values), name="campaign_ideal_known"
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
            models.CheckConstraint(
                condition=Q(most_a_day=None) | Q(most_a_day__range=(1, MOST_A_DAY)),
                name="campaign_most_a_day_1_to_5000",
            ),
            models.CheckConstraint(
                condition=Q(pay=None, currency="") | (Q(pay__gt=0) & ~Q(currency="")),
                name="campaign_pays_in_a_currency",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PayRate(models.Model):
    """What an answer pays in a campaign from a moment on, 0 for nothing; never edited.

    Created by ``create_campaign`` and ``edit_campaign``, so that a new rate leaves alone what
    was earned before.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="pay_rates")
    amount = models.DecimalField(max_digits=PAY_DIGITS, decimal_places=PAY_PLACES)
    currency = models.CharField(max_length=3)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="pay_rate_from_0"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} since {self.since}"


class Round(models.Model):
    """A slice of a campaign tied to a policy checkpoint; numbered from 1.

    The first is created with the campaign, later ones by ``open_round``. Comparisons belong to
    the round that was open when they were planned and are handed out only while it is open.
    ``checkpoint`` names the model whose responses are judged in it, as the manager writes it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    checkpoint = models.CharField(max_length=LONGEST_CHECKPOINT, blank=True)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.OPEN)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state="open"), name="one_open_round_a_campaign"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False),
                name="round_closed_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Guideline(models.Model):
    """One version of a campaign's judging guide (Markdown); never edited, only followed.

    Created by ``publish_guideline``; the highest version is the one in force. ``must_be_read``
    asks everybody to confirm that they have read it before they go on.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="guidelines")
    version = models.PositiveIntegerField()
    text = models.TextField()
    must_be_read = models.BooleanField(default=False)
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

    ``remove_member`` deletes the row; the person's judgments stay. ``languages`` (BCP 47, none
    means any) and ``skills`` say which work reaches the person; ``qualified_at`` is when a
    manager or the qualification found them fit for it. ``describe_member`` writes all three,
    ``qualify_member`` the last. ``guideline_read`` is the latest version of the guide that the
    person has read, 0 for none; ``mark_read`` writes it. ``warning_accepted`` says that they are
    ready for what the campaign warns of; ``accept_warning`` writes it, a new warning takes it back.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role)
    languages = models.JSONField(default=list, blank=True)
    skills = models.JSONField(default=list, blank=True)
    qualified_at = models.DateTimeField(null=True, blank=True)
    guideline_read = models.PositiveIntegerField(default=0)
    warning_accepted = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "user"], name="one_role_a_campaign"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.campaign_id}"

    @property
    def must_read(self) -> bool:
        """Whether the person must confirm the guide first; an operator passing by need not."""
        return bool(self.pk) and self.guideline_read < self.campaign.guideline_to_read

    @property
    def must_accept(self) -> bool:
        """Whether the person must first say that they are ready for what the campaign shows."""
        return bool(self.pk and self.campaign.content_warning) and not self.warning_accepted

"""How a campaign hands its comparisons out."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from labeling.assignment.enums import PairDesign, Policy
from labeling.assignment.rules import LEAST_RANDOM, MOST_PAIRS, MOST_REPEATS, MOST_VOTES
from labeling.campaigns.models import Campaign


class Allocation(models.Model):
    """How a campaign's work is made and handed out; one a campaign, changed by ``reallocate``.

    ``policy``, its figures and the campaign's ``overlap`` say how many people judge a comparison.
    ``person_limit`` and ``share_percent`` cap one person's judgments; ``share_limit`` is the
    second as a number, kept by ``share_out`` for ``share_people`` members (none: out of date).
    ``fitted`` is the policy that was fitted last, or is just being fitted; the rates are percent of
    a person's leases.
    """

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="allocation")
    policy = models.CharField(max_length=10, choices=Policy, default=Policy.FIXED)
    most_votes = models.PositiveSmallIntegerField(default=7)
    slice_percent = models.PositiveSmallIntegerField(default=12)
    vote_price = models.FloatField(default=0.02)
    person_limit = models.PositiveIntegerField(null=True, blank=True)
    share_percent = models.PositiveSmallIntegerField(default=10)
    share_limit = models.PositiveIntegerField(null=True, blank=True)
    share_people = models.PositiveIntegerField(null=True, blank=True)
    repeat_percent = models.PositiveSmallIntegerField(default=4)
    gold_percent = models.PositiveSmallIntegerField(default=0)
    skip_limit = models.PositiveSmallIntegerField(default=3)
    by_language = models.BooleanField(default=False)
    qualified_only = models.BooleanField(default=False)
    pair_design = models.CharField(max_length=10, choices=PairDesign, default=PairDesign.ALL)
    anchor_model = models.CharField(max_length=200, blank=True)
    model_weights = models.JSONField(default=dict, blank=True)
    pairs_per_prompt = models.PositiveSmallIntegerField(null=True, blank=True)
    random_percent = models.PositiveSmallIntegerField(default=LEAST_RANDOM)
    fitted = models.CharField(max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(policy__in=Policy.values), name="allocation_policy_known"
            ),
            models.CheckConstraint(
                condition=Q(pair_design__in=PairDesign.values), name="allocation_design_known"
            ),
            models.CheckConstraint(
                condition=Q(most_votes__range=(2, MOST_VOTES)), name="allocation_2_to_25_votes"
            ),
            models.CheckConstraint(
                condition=Q(slice_percent__range=(1, 100), share_percent__range=(1, 100)),
                name="allocation_shares_are_percent",
            ),
            models.CheckConstraint(
                condition=Q(repeat_percent__lte=MOST_REPEATS, gold_percent__lte=50),
                name="allocation_rates_leave_work",
            ),
            models.CheckConstraint(
                condition=Q(random_percent__range=(LEAST_RANDOM, 100)),
                name="allocation_keeps_random_pairs",
            ),
            models.CheckConstraint(
                condition=Q(pairs_per_prompt=None) | Q(pairs_per_prompt__range=(1, MOST_PAIRS)),
                name="allocation_1_to_36_pairs",
            ),
        ]

    def __str__(self) -> str:
        return f"allocation of {self.campaign_id}"

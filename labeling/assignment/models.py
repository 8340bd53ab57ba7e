"""Comparisons with their exact capacity, and the leases people hold on them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from labeling.assignment.enums import AssignmentState, ComparisonState
from labeling.campaigns.models import Campaign
from labeling.generation.models import Candidate, CandidateGroup
from labeling.prompts.models import Prompt


class Comparison(models.Model):
    """2 to 9 candidates of one prompt, to be judged by ``wanted`` people.

    Created by ``plan_comparisons``. ``open_slots`` is kept by the assignment services alone,
    in the transaction that takes or returns a slot: it is always ``wanted`` less the live
    leases less the counted judgments (``judged``). ``candidate_key`` is the SHA-256 of the
    sorted candidate ids. ``position`` is the shuffled place in the queue; a lower
    ``priority`` is handed out first.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="comparisons")
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="comparisons")
    group = models.ForeignKey(CandidateGroup, on_delete=models.CASCADE, related_name="comparisons")
    candidates: "models.ManyToManyField[Candidate, ComparedCandidate]" = models.ManyToManyField(
        Candidate, through="ComparedCandidate", related_name="comparisons"
    )
    candidate_key = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ComparisonState, default=ComparisonState.OPEN)
    wanted = models.PositiveSmallIntegerField()
    open_slots = models.PositiveSmallIntegerField()
    judged = models.PositiveSmallIntegerField(default=0)
    priority = models.SmallIntegerField(default=0)
    position = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "candidate_key"], name="same_candidates_once_a_campaign"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ComparisonState.values), name="comparison_state_known"
            ),
            models.CheckConstraint(condition=Q(wanted__gte=1), name="comparison_wants_a_judgment"),
            models.CheckConstraint(
                condition=Q(wanted__gte=F("open_slots") + F("judged")),
                name="comparison_never_over_capacity",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["campaign", "priority", "position", "id"],
                condition=Q(state="open", open_slots__gt=0),
                name="open_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"comparison {self.pk}"


class ComparedCandidate(models.Model):
    """One candidate's place (``slot``, from 0) in one comparison; never changes."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="slots")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="slots")
    slot = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comparison", "slot"], name="slot_once_a_comparison"),
            models.UniqueConstraint(
                fields=["comparison", "candidate"], name="candidate_once_a_comparison"
            ),
            models.CheckConstraint(condition=Q(slot__lt=9), name="slot_0_to_8"),
        ]

    def __str__(self) -> str:
        return f"slot {self.slot}"


class Assignment(models.Model):
    """One person's lease of one comparison; created and renewed by ``claim_next``.

    ``token`` is the fencing token: it changes with every lease and every write must carry
    it. ``display_order[i]`` is the slot shown at place ``i`` (0 is A, leftmost); it stays
    the same when the person is given the same comparison again. Times are the database's.
    """

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="assignments")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    token = models.UUIDField(default=uuid.uuid4)
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.LIVE)
    display_order = models.JSONField()
    leased_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comparison", "annotator"], name="comparison_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="live", ended_at__isnull=True)
                | (~Q(state="live") & Q(ended_at__isnull=False)),
                name="assignment_ended_unless_live",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], condition=Q(state="live"), name="live_lease_expiry"
            ),
            models.Index(
                fields=["annotator", "id"], condition=Q(state="live"), name="live_lease_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class QueueCursor(models.Model):
    """Where one person stands in one campaign's queue; written by ``claim_next`` alone.

    The next claim reads the queue from this place on, so that its cost does not grow with
    what the person has already judged. ``claims`` counts the leases given, which balances
    the sides that the person is shown.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE)
    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    priority = models.SmallIntegerField(default=0)
    position = models.BigIntegerField(default=-1)
    claims = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "annotator"], name="cursor_once_a_person_and_campaign"
            ),
        ]

    def __str__(self) -> str:
        return f"cursor at {self.position}"

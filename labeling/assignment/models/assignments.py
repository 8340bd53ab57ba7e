"""Who is given what: people at their desks, and the comparisons leased to them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from labeling.assignment.enums import AssignmentState, Kind
from labeling.assignment.models.comparisons import Comparison
from labeling.campaigns.models import Campaign


class Desk(models.Model):
    """Where one person stands in one campaign; locked by a claim, so that it is one at a time.

    Created by the person's first claim. ``places`` maps a lane to where the person's next claim
    reads on, so that its cost does not grow with what they have judged, and to when the lane
    had nothing for them. ``claims`` counts leases, which draws repeats and known answers;
    ``orders`` the display orders drawn, ``answers`` the work in force with surplus.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE)
    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desks")
    places = models.JSONField(default=dict)
    claims = models.PositiveIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    skips = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "annotator"], name="desk_once_a_person_and_campaign"
            ),
        ]

    def __str__(self) -> str:
        return f"desk of {self.annotator_id} in {self.campaign_id}"


class Assignment(models.Model):
    """One person's lease of one comparison; created and renewed by ``claim_next``.

    ``token`` is the fencing token: it changes with every lease and every write must carry
    it. ``display_order[i]`` is the slot shown at place ``i`` (0 is A, leftmost); it stays
    the same when the person is given the same comparison again. ``ordinal`` is the desk's count
    of leases when this one was given. ``answers`` counts the judgments stored under it. Times
    are the database's. Reserved and barred rows are made by ``direct`` and ``plan_comparisons``.
    """

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="assignments")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", db_index=False
    )
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="assignments", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WORK)
    ordinal = models.PositiveIntegerField(default=0)
    token = models.UUIDField(default=uuid.uuid4)
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.LIVE)
    display_order = models.JSONField()
    answers = models.PositiveSmallIntegerField(default=0)
    leased_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comparison", "annotator", "kind"], name="comparison_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="assignment_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=("live", "reserved"), ended_at__isnull=True)
                | (~Q(state__in=("live", "reserved")) & Q(ended_at__isnull=False)),
                name="assignment_ended_unless_held",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], condition=Q(state="live"), name="live_lease_expiry"
            ),
            models.Index(
                fields=["desk", "ordinal"], name="held_at_a_desk",
                condition=Q(state__in=("live", "reserved")),
            ),
            models.Index(
                fields=["desk", "ordinal"], name="work_done_at_a_desk",
                condition=Q(state="submitted", kind="work"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"assignment {self.pk}"

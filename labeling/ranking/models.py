"""Judgments, never changed afterwards; and the HTML of what people are shown."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Value

from labeling.assignment.models import Assignment, Comparison
from labeling.campaigns.models import Campaign
from labeling.generation.models import Candidate
from labeling.prompts.models import Prompt
from labeling.ranking.enums import Outcome, SkipReason


class Judgment(models.Model):
    """One submitted answer of one person to one comparison; append-only by database trigger.

    Created by ``submit_judgment``, ``skip_comparison`` and ``undo_judgment``. ``ranks[slot]``
    is the rank (1 is best, equal is a tie, no gaps) of the candidate in that slot of the
    comparison: already mapped back from ``display_order``, which is what the person saw.
    ``strength`` is how clear the choice was, 1 (barely) to 4 (much), for pairs. For three or more
    ``acceptable_to`` is the last rank that is acceptable: 0 for none, null if that was not said.
    ``ideal`` is a better response that the person made of the one in slot ``ideal_slot``. A
    correction is a new row that ``supersedes`` the old; the outcome ``undone`` takes it back.
    ``counted`` is false for these, for skips, repeats and known answers, and for surplus answers
    whose slot was gone. Durations are milliseconds; ``client`` holds what the page measured.
    """

    comparison = models.ForeignKey(
        Comparison, on_delete=models.PROTECT, related_name="judgments", db_index=False
    )
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="judgments")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="judgments",
        db_index=False,
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    ranks = models.JSONField()
    strength = models.PositiveSmallIntegerField(null=True, blank=True)
    acceptable_to = models.PositiveSmallIntegerField(null=True, blank=True)
    criteria = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    rationale = models.TextField(blank=True)
    reason_tags = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    ideal = models.TextField(blank=True, default="", db_default="")
    ideal_slot = models.PositiveSmallIntegerField(null=True, blank=True)
    skip_reason = models.CharField(max_length=20, choices=SkipReason, blank=True)
    display_order = models.JSONField()
    guideline_version = models.PositiveIntegerField(null=True, blank=True)
    counted = models.BooleanField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    active_ms = models.PositiveIntegerField(default=0)
    client = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(supersedes=None),
                name="one_first_judgment_an_assignment",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="judgment_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(strength=None) | Q(outcome="ranked", strength__range=(1, 4)),
                name="strength_1_to_4_for_ranked",
            ),
            models.CheckConstraint(
                condition=Q(acceptable_to=None)
                | Q(outcome__in=["ranked", "tie"], acceptable_to__lte=9),
                name="acceptable_to_a_rank_of_those_given",
            ),
            models.CheckConstraint(
                condition=(Q(outcome="skipped") & ~Q(skip_reason="") & Q(counted=False))
                | (~Q(outcome="skipped") & Q(skip_reason="")),
                name="skip_has_reason_and_is_not_counted",
            ),
            models.CheckConstraint(
                condition=Q(ideal="", ideal_slot=None) | (~Q(ideal="") & Q(ideal_slot__lte=8)),
                name="ideal_names_the_slot_it_was_made_of",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="undone") | Q(counted=False, supersedes__isnull=False),
                name="undone_supersedes_and_is_not_counted",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["annotator", "-id"], name="judgments_of_a_person"),
            models.Index(fields=["comparison", "id"], name="judgments_of_a_comparison"),
        ]

    def __str__(self) -> str:
        return f"judgment {self.pk}"


class Report(models.Model):
    """A report of personal data, made by ``submit_judgment`` with the judgment that says so.

    It waits until ``withhold_reported`` has withheld what shows the prompt, at ``withheld_at``.
    """

    judgment = models.OneToOneField(
        Judgment, on_delete=models.CASCADE, primary_key=True, related_name="report"
    )
    withheld_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["judgment"], condition=Q(withheld_at=None), name="reports_that_wait"
            ),
        ]

    def __str__(self) -> str:
        return f"report in judgment {self.judgment_id}"


class RenderedPrompt(models.Model):
    """The turns of a prompt as safe HTML, in their order; made by ``render_ahead`` alone.

    ``version`` is the renderer's: what another one made is not shown, and is made anew.
    """

    prompt = models.OneToOneField(
        Prompt, on_delete=models.CASCADE, primary_key=True, related_name="rendered"
    )
    version = models.CharField(max_length=100)
    html = models.JSONField()

    def __str__(self) -> str:
        return f"HTML of prompt {self.prompt_id}"


class RenderedCandidate(models.Model):
    """A response as safe HTML; like ``RenderedPrompt``."""

    candidate = models.OneToOneField(
        Candidate, on_delete=models.CASCADE, primary_key=True, related_name="rendered"
    )
    version = models.CharField(max_length=100)
    html = models.TextField()

    def __str__(self) -> str:
        return f"HTML of candidate {self.candidate_id}"


class RenderedUpTo(models.Model):
    """The last comparison of a campaign whose texts ``render_ahead`` has rendered; 0 for none."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    version = models.CharField(max_length=100)
    comparison = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"rendered up to comparison {self.comparison}"

"""What is compared: candidates of one prompt, in the lanes by which they are handed out."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from labeling.assignment.enums import Audience, ComparisonState, Drawn
from labeling.campaigns.models import Campaign, Round
from labeling.generation.models import Candidate, CandidateGroup
from labeling.prompts.models import Prompt


class Lane(models.Model):
    """One queue of comparisons that ask the same of whoever judges them.

    Created by ``lane_for`` when the first comparison needs it. ``language`` and ``skills``
    (sorted, joined by commas) must be the person's, empty asks for nothing. A lower ``priority``,
    by ``set_turn``, is handed out first. ``returned`` lanes hold comparisons that were begun and
    opened again, in the order in which that happened, so that they are finished first. ``gold``
    lanes hold comparisons with a known answer. No comparison with a free slot has a position
    before ``head``, which ``advance_heads`` moves on.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="lanes")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.EVERYONE)
    language = models.CharField(max_length=35, blank=True)
    skills = models.CharField(max_length=200, blank=True)
    priority = models.SmallIntegerField(default=0)
    returned = models.BooleanField(default=False)
    gold = models.BooleanField(default=False)
    head = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="lane_once_a_round", fields=[
                "round", "audience", "language", "skills", "priority", "returned", "gold",
            ]),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="lane_audience_known"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"lane {self.pk}"


class Comparison(models.Model):
    """2 to 9 candidates of one prompt, to be judged by ``wanted`` people.

    Created by ``plan_comparisons``. ``open_slots`` is kept by the assignment services alone,
    in the transaction that takes or returns a slot: it is always ``wanted`` less the live and
    reserved assignments less the counted judgments (``judged``). ``tally`` counts these by what
    they say: slot ranks joined by commas, or ``bad``. ``candidate_key`` is the SHA-256 of the
    sorted candidate ids. ``position`` is the place in the ``lane``: shuffled, or in a returned
    lane the microsecond of the return. ``skips`` counts the people whose last word is a skip.
    ``vote_value``, the expected gain of one more judgment (0 to 1), is taken by ``revalue`` from
    the quality stage and good for this tally only; ``value_due`` says that the policy waits for
    it. ``gold`` is the known answer as ranks by slot; such a comparison keeps its slot. One that
    is ``set_aside`` teaches or tests people in the open and is handed out to nobody. ``drawn``
    random: chosen without regard to models, all pairs of the group alike. Since personal data was
    reported, ``withheld_from`` is the state that it had before; ``reviewed_at``, of the latest
    review that ended this, keeps reports made until then from withholding it again.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="comparisons")
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="comparisons")
    group = models.ForeignKey(CandidateGroup, on_delete=models.CASCADE, related_name="comparisons")
    lane = models.ForeignKey(Lane, models.PROTECT, related_name="comparisons", db_index=False)
    candidates: "models.ManyToManyField[Candidate, ComparedCandidate]" = models.ManyToManyField(
        Candidate, through="ComparedCandidate", related_name="comparisons"
    )
    candidate_key = models.CharField(max_length=64)
    size = models.PositiveSmallIntegerField()
    drawn = models.CharField(max_length=10, choices=Drawn, default=Drawn.DESIGN)
    state = models.CharField(max_length=10, choices=ComparisonState, default=ComparisonState.OPEN)
    wanted = models.PositiveSmallIntegerField()
    open_slots = models.PositiveSmallIntegerField()
    judged = models.PositiveSmallIntegerField(default=0)
    tally = models.JSONField(default=dict)
    skips = models.PositiveSmallIntegerField(default=0)
    gold = models.JSONField(null=True, blank=True)
    set_aside = models.BooleanField(default=False, db_default=False)
    withheld_from = models.CharField(
        max_length=10, choices=ComparisonState, blank=True, default="", db_default=""
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    vote_value = models.FloatField(null=True, blank=True)
    value_due = models.BooleanField(default=False)
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
            models.CheckConstraint(
                condition=Q(size__range=(2, 9)), name="comparison_of_2_to_9_candidates"
            ),
            models.CheckConstraint(
                condition=Q(drawn__in=Drawn.values), name="comparison_drawn_known"
            ),
            models.CheckConstraint(
                condition=Q(value_due=False) | Q(vote_value=None), name="due_value_is_unknown"
            ),
            models.CheckConstraint(
                condition=Q(set_aside=False) | Q(state="retired", gold__isnull=False),
                name="set_aside_is_known_and_not_handed_out",
            ),
            models.CheckConstraint(
                condition=Q(withheld_from="")
                | Q(withheld_from__in=ComparisonState.values, state="retired"),
                name="withheld_is_not_handed_out",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["lane", "position"], condition=Q(state="open", open_slots__gt=0),
                name="open_queue",
            ),
            models.Index(
                fields=["campaign", "id"], condition=~Q(withheld_from=""),
                name="comparisons_withheld",
            ),
            models.Index(fields=["id"], condition=Q(value_due=True), name="vote_value_due"),
        ]  # fmt: skip

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

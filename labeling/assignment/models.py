"""Comparisons with their exact capacity, and the leases people hold on them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from labeling.assignment.enums import (
    AssignmentState,
    Audience,
    ComparisonState,
    Drawn,
    Kind,
    PairDesign,
    Policy,
)
from labeling.assignment.rules import LEAST_RANDOM, MOST_PAIRS, MOST_REPEATS, MOST_VOTES
from labeling.campaigns.models import Campaign, Round
from labeling.generation.models import Candidate, CandidateGroup
from labeling.prompts.models import Prompt


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

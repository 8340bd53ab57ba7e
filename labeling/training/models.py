"""Items set aside for training and qualification, how people do on them, and their objections."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from labeling.assignment.models import Comparison
from labeling.campaigns.models import Campaign
from labeling.ranking.enums import ANSWERS, Outcome
from labeling.training.enums import AttemptState, ObjectionState, Use
from labeling.training.rules import LEAST_MARK, MOST_HOURS, MOST_ITEMS, MOST_MARK


class TrainingPlan(models.Model):
    """How people train and qualify in a campaign; one a campaign, changed by ``change_plan``.

    ``retry_hours`` is how long somebody who failed waits for another try; none means that there
    is no other. With ``training_first`` people finish a training before they qualify, where there
    are items for it.
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="training_plan"
    )
    pass_percent = models.PositiveSmallIntegerField(default=80)
    most_items = models.PositiveSmallIntegerField(default=20)
    fewest_items = models.PositiveSmallIntegerField(default=8)
    training_items = models.PositiveSmallIntegerField(default=12)
    retry_hours = models.PositiveSmallIntegerField(null=True, blank=True, default=24)
    training_first = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(pass_percent__range=(LEAST_MARK, MOST_MARK)), name="plan_mark_60_to_95"
            ),
            models.CheckConstraint(
                condition=Q(fewest_items__gte=1, fewest_items__lte=F("most_items"))
                & Q(most_items__lte=MOST_ITEMS, training_items__range=(1, MOST_ITEMS)),
                name="plan_asks_1_to_100_items",
            ),
            models.CheckConstraint(
                condition=Q(retry_hours=None) | Q(retry_hours__lte=MOST_HOURS),
                name="plan_waits_90_days_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"training plan of {self.campaign_id}"


class TrainingItem(models.Model):
    """One comparison with a known answer, set aside by ``set_item_aside`` for one use.

    The known answer is the comparison's ``gold``. ``reason`` (Markdown) says why the reference
    prefers it. An item in use keeps its comparison set aside; ``take_item_back`` ends that, and
    the row stays for the trials made of it. ``was_known`` is whether the answer was known before.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="training_items")
    comparison = models.OneToOneField(
        Comparison, on_delete=models.PROTECT, related_name="training_item"
    )
    use = models.CharField(max_length=20, choices=Use)
    reason = models.TextField()
    in_use = models.BooleanField(default=True)
    was_known = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(use__in=Use.values), name="item_use_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="item_has_a_reason"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["campaign", "use"], condition=Q(in_use=True), name="items_in_use"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"item {self.pk}"


class Attempt(models.Model):
    """One go of a person at the training or the qualification of a campaign.

    Created by ``start_attempt``; ``state`` and ``ended_at`` are written by the services of attempts
    alone. The plan's values are frozen in it, ``most_items`` being no more than the items that
    there were; a training has neither mark nor fewest.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="attempts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="training_attempts"
    )
    use = models.CharField(max_length=20, choices=Use)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=AttemptState, default=AttemptState.RUNNING)
    pass_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    fewest_items = models.PositiveSmallIntegerField(null=True, blank=True)
    most_items = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "person", "use"],
                condition=Q(state="running"),
                name="one_running_attempt_a_use",
            ),
            models.UniqueConstraint(
                fields=["campaign", "person", "use", "number"], name="attempt_number_once"
            ),
            models.CheckConstraint(
                condition=Q(use="training", state__in=("running", "ended"), pass_percent=None)
                & Q(fewest_items=None)
                | Q(use="qualification", state__in=AttemptState.values)
                & Q(pass_percent__range=(LEAST_MARK, MOST_MARK), fewest_items__gte=1)
                & Q(fewest_items__lte=F("most_items")),
                name="attempt_has_the_terms_of_its_use",
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None)
                | (~Q(state="running") & Q(ended_at__isnull=False)),
                name="attempt_ended_unless_running",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class Trial(models.Model):
    """One item as one attempt met it; made and answered by the services of attempts.

    ``display_order[i]`` is the slot shown at place ``i``. The answer is by slot, as in a judgment,
    and never changes. ``agrees`` is reckoned anew when the item's answer is corrected; it is
    empty for a trial that does not count: not answered yet, or of an item that was taken back.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="trials")
    item = models.ForeignKey(TrainingItem, on_delete=models.PROTECT, related_name="trials")
    place = models.PositiveSmallIntegerField()
    display_order = models.JSONField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    ranks = models.JSONField(default=list, blank=True)
    strength = models.PositiveSmallIntegerField(null=True, blank=True)
    agrees = models.BooleanField(null=True, blank=True)
    shown_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "item"], name="item_once_an_attempt"),
            models.UniqueConstraint(fields=["attempt", "place"], name="place_once_an_attempt"),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(answered_at=None), name="one_open_trial_an_attempt"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, outcome="", strength=None, agrees=None)
                | Q(answered_at__isnull=False, outcome__in=ANSWERS),
                name="trial_answered_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(strength=None) | Q(outcome="ranked", strength__range=(1, 4)),
                name="trial_strength_1_to_4",
            ),
        ]

    def __str__(self) -> str:
        return f"trial {self.pk}"


class Objection(models.Model):
    """What a person says against the reference of an item that they answered; once a trial.

    Created by ``object_to``, decided by ``decide_objection``. ``reply`` is a word to the person.
    """

    trial = models.OneToOneField(Trial, on_delete=models.CASCADE, related_name="objection")
    text = models.TextField()
    state = models.CharField(max_length=20, choices=ObjectionState, default=ObjectionState.OPEN)
    reply = models.TextField(blank=True)
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="objection_has_a_text"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | Q(
                    state__in=("corrected", "taken_back", "turned_down"),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="objection_decided_by_somebody_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"

"""What judges go by, and what they say."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from labeling.assignment.models import Comparison
from labeling.generation.models import Constitution, GenerationRun, RunPart, Work
from labeling.judging.enums import Verdict

AI = "ai"


class Judging(models.Model):
    """What the judge of a run goes by: a standard in words, or a principle drawn for each pair.

    Created by ``request_judging`` with its run, which has one part and no candidates, and keeps
    seed, ceiling, cost, pause and stop.
    """

    run = models.OneToOneField(
        GenerationRun, on_delete=models.CASCADE, primary_key=True, related_name="judging"
    )
    standard = models.TextField(blank=True)
    constitution = models.ForeignKey(
        Constitution, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(constitution=None) & ~Q(standard=""))
                | Q(constitution__isnull=False, standard=""),
                name="judging_goes_by_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"judging {self.pk}"


class AiJudgment(Work):
    """What a model says about the responses in two slots of a comparison; no person's judgment.

    ``forward`` is what it says with the ``first`` slot shown as A, ``backward`` with the
    ``second``; both are mapped back to slots. ``outcome`` is theirs where they agree, else a tie.
    ``answers`` are the words of both, ``prompt_hash`` is the SHA-256 of both prompts, and
    ``standard`` what the judge went by. An order that was answered is not asked again. Times are
    milliseconds, token counts the model's own, of both orders; ``cost`` is money by the prices.
    """

    source = AI

    run = models.ForeignKey(GenerationRun, on_delete=models.CASCADE, related_name="ai_judgments")
    part = models.ForeignKey(RunPart, on_delete=models.CASCADE, related_name="+")
    comparison = models.ForeignKey(
        Comparison, on_delete=models.CASCADE, related_name="ai_judgments", db_index=False
    )
    first = models.PositiveSmallIntegerField()
    second = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    standard = models.TextField()
    forward = models.CharField(max_length=10, choices=Verdict, blank=True)
    backward = models.CharField(max_length=10, choices=Verdict, blank=True)
    outcome = models.CharField(max_length=10, choices=Verdict, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    prompt_hash = models.CharField(max_length=64, blank=True)
    model_label = models.CharField(max_length=200, blank=True)
    model_revision = models.CharField(max_length=80, blank=True)
    template_hash = models.CharField(max_length=64, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    prompt_tokens = models.PositiveIntegerField(null=True, blank=True)
    completion_tokens = models.PositiveIntegerField(null=True, blank=True)
    latency_ms = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comparison", "run", "first", "second"], name="ai_judges_a_pair_once_a_run"
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second"), second__lte=8), name="ai_judges_two_slots"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("pending", "running", "done", "failed")),
                name="ai_judgment_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="running", claim__isnull=False)
                | (~Q(state="running") & Q(claim__isnull=True)),
                name="running_ai_judgment_is_claimed",
            ),
            models.CheckConstraint(
                condition=(~Q(state="done") & Q(outcome=""))
                | (
                    Q(state="done", forward__in=Verdict.values, backward__in=Verdict.values)
                    & ~Q(prompt_hash="")
                    & (
                        Q(forward=F("backward"), outcome=F("forward"))
                        | (~Q(forward=F("backward")) & Q(outcome=Verdict.LEVEL))
                    )
                ),
                name="ai_orders_that_differ_are_a_tie",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run", "state"], name="ai_judging_progress"),
            models.Index(
                fields=["run", "id"],
                condition=Q(state__in=("pending", "running")),
                name="ai_judgments_to_make",
            ),
        ]

    def __str__(self) -> str:
        return f"AI judgment {self.pk}"

    @property
    def better(self) -> int:
        """Return the number, from 1, of the slot that wins; of a tie, of the first."""
        return (self.second if self.outcome == Verdict.SECOND else self.first) + 1

    @property
    def worse(self) -> int:
        """Return the number of the other slot."""
        return (self.first if self.outcome == Verdict.SECOND else self.second) + 1

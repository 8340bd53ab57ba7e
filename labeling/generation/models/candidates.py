"""Candidates, and the groups that are compared."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from labeling.generation.enums import CandidateSource, CandidateState, Flaw, GroupState
from labeling.generation.models.constitutions import MOST_ROUNDS
from labeling.generation.models.runs import GenerationRun, RunPart
from labeling.generation.models.work import Work
from labeling.prompts.models import Prompt, ReadyResponses


class Candidate(Work):
    """One response to one prompt with its full provenance.

    Rows of a run are created ``pending`` by ``request_candidates`` and written once by
    ``finish_candidates``, under the worker's ``claim`` (a fencing token that expires);
    imported ones are created ``done`` by ``adopt_responses``; only there may the text be
    empty, when the file says that the model answered nothing. ``model_label`` names the
    model as given; ``parameters``, ``seed`` and ``template_hash`` are what was really used.
    ``author`` is the person who wrote the response, if one did; they never judge it.
    ``flaws`` is what the hygiene gate found, and
    stays when ``release_candidates`` makes a held candidate ``done`` in somebody's name.
    ``revises`` is the response that a revision was made of, in the steps kept with it.
    ``response_id`` is what its server called it. Times are milliseconds, token counts are the
    model's own, ``cost`` is money by the generator's prices.
    """

    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="candidates")
    run = models.ForeignKey(
        GenerationRun, on_delete=models.CASCADE, null=True, blank=True, related_name="candidates"
    )
    part = models.ForeignKey(
        RunPart, on_delete=models.CASCADE, null=True, blank=True, related_name="candidates"
    )
    revises = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="revisions"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sample = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=10, choices=CandidateSource)
    text = models.TextField(blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    model_label = models.CharField(max_length=200, blank=True)
    model_revision = models.CharField(max_length=80, blank=True)
    template_hash = models.CharField(max_length=64, blank=True)
    parameters = models.JSONField(default=dict)
    seed = models.BigIntegerField(null=True, blank=True)
    finish_reason = models.CharField(max_length=40, blank=True)
    prompt_tokens = models.PositiveIntegerField(null=True, blank=True)
    completion_tokens = models.PositiveIntegerField(null=True, blank=True)
    latency_ms = models.PositiveIntegerField(null=True, blank=True)
    response_id = models.CharField(max_length=200, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    metadata = models.JSONField(default=dict)
    flaws = models.JSONField(default=list, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "prompt", "sample"], name="candidate_once_a_run_prompt_sample"
            ),
            models.UniqueConstraint(
                fields=["run", "response_id"],
                condition=~Q(response_id=""),
                name="candidate_once_a_response",
            ),
            models.UniqueConstraint(
                fields=["prompt", "model_label", "text_hash"],
                condition=Q(source="import"),
                name="imported_candidate_once_a_prompt",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CandidateState.values), name="candidate_state_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=CandidateSource.values), name="candidate_source_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | (~Q(text_hash="") & (Q(source="import") | ~Q(text=""))),
                name="done_candidate_has_text",
            ),
            models.CheckConstraint(
                condition=~Q(state="erased") | Q(text="", error="", response_id="", claim=None),
                name="erased_candidate_says_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | (~Q(text="") & ~Q(flaws=[]) & Q(released_at=None)),
                name="held_candidate_has_text_and_flaws",
            ),
            models.CheckConstraint(
                condition=~Q(source__in=("model", "revision"))
                | Q(run__isnull=False, part__isnull=False),
                name="model_candidate_has_run",
            ),
            models.CheckConstraint(
                condition=Q(source="revision", revises__isnull=False)
                | (~Q(source="revision") & Q(revises=None)),
                name="revision_revises",
            ),
            models.UniqueConstraint(
                fields=["run", "revises"],
                condition=Q(revises__isnull=False),
                name="revision_once_a_run",
            ),
            models.CheckConstraint(
                condition=Q(state="running", claim__isnull=False)
                | (~Q(state="running") & Q(claim__isnull=True)),
                name="running_candidate_is_claimed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run", "state"], name="candidate_run_progress"),
            models.Index(
                fields=["part", "id"],
                condition=Q(state__in=("pending", "running")),
                name="candidate_to_make",
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.pk}"

    @property
    def flaw_labels(self) -> list[str]:
        """Return what the gate found, in words."""
        return [str(Flaw(flaw).label) for flaw in self.flaws]


class CandidateGroup(models.Model):
    """Candidates of one prompt that are meant to be compared with one another.

    One imported row's responses, or what one run made for one prompt (with the prompt's
    earlier candidates). ``unfinished`` counts its candidates still to be made and is kept by
    ``close_in_groups`` and ``reopen_in_groups`` alone, in the transaction that ends candidates
    or lets them wait again; the assignment stage marks a group ``planned``.
    """

    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="groups")
    run = models.ForeignKey(
        GenerationRun, on_delete=models.CASCADE, null=True, blank=True, related_name="groups"
    )
    imported = models.OneToOneField(
        ReadyResponses, on_delete=models.CASCADE, null=True, blank=True, related_name="group"
    )
    candidates = models.ManyToManyField(Candidate, related_name="groups")
    unfinished = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=GroupState, default=GroupState.FILLING)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "prompt"], name="group_once_a_run_and_prompt"),
            models.CheckConstraint(
                condition=Q(run__isnull=True, imported__isnull=False)
                | Q(run__isnull=False, imported__isnull=True),
                name="group_comes_from_run_or_import",
            ),
            models.CheckConstraint(
                condition=Q(state="filling", unfinished__gt=0)
                | (~Q(state="filling") & Q(unfinished=0)),
                name="group_is_filling_while_unfinished",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state="complete"), name="groups_to_plan"),
        ]

    def __str__(self) -> str:
        return f"group {self.pk}"


class RevisionStep(models.Model):
    """One text on the way to a revision: odd ``number``s criticise, even ones revise.

    The last revision is no step but the candidate's own text. Written by ``keep_steps`` alone,
    under the worker's claim, and never changed: whoever takes the candidate up again goes on
    after the last step. ``principle`` is the one drawn for the round. Times are milliseconds,
    token counts are the model's own.
    """

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    principle = models.TextField()
    text = models.TextField()
    seed = models.BigIntegerField()
    model_label = models.CharField(max_length=200)
    model_revision = models.CharField(max_length=80, blank=True)
    finish_reason = models.CharField(max_length=40, blank=True)
    prompt_tokens = models.PositiveIntegerField(null=True, blank=True)
    completion_tokens = models.PositiveIntegerField(null=True, blank=True)
    latency_ms = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidate", "number"], name="step_once_a_number"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lt=2 * MOST_ROUNDS) & ~Q(text=""),
                name="step_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.number} of candidate {self.candidate_id}"

    @property
    def is_critique(self) -> bool:
        """Tell whether it criticises; else it is the response written anew."""
        return self.number % 2 == 1

    @property
    def round(self) -> int:
        """Return in which round it was written, from 1."""
        return (self.number + 1) // 2

"""Imports, the prompts they brought, the responses that came along, and the rows refused."""

from typing import ClassVar

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from labeling.campaigns.models import Campaign
from labeling.prompts.enums import UNFINISHED, FileFormat, PromptSetState


class PromptSet(models.Model):
    """One import of one file into one campaign; created by ``receive_file``.

    ``upload`` is the file's name inside the uploads folder. The counts are written by
    ``import_prompt_set`` alone: every row of the file is in exactly one of ``stored_rows``,
    ``duplicate_rows`` and ``refused_rows`` once the state is ``done``. ``error`` says why
    the file as a whole was refused.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="prompt_sets")
    name = models.CharField(max_length=200)
    format = models.CharField(max_length=8, choices=FileFormat)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    upload = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=PromptSetState, default=PromptSetState.UPLOADED)
    error = models.TextField(blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    checked_rows = models.PositiveBigIntegerField(default=0)
    stored_rows = models.PositiveBigIntegerField(default=0)
    duplicate_rows = models.PositiveBigIntegerField(default=0)
    refused_rows = models.PositiveBigIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "sha256"],
                condition=~Q(state="failed"),
                name="same_file_once_a_campaign",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PromptSetState.values), name="prompt_set_state_known"
            ),
            models.CheckConstraint(
                condition=Q(format__in=FileFormat.values), name="prompt_set_format_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def handled_rows(self) -> int:
        """How many rows of the file have been stored, found known, or refused."""
        return self.stored_rows + self.duplicate_rows + self.refused_rows

    @property
    def counts(self) -> str:
        """The outcome in words."""
        return (
            f"{self.stored_rows:,} stored, {self.duplicate_rows:,} duplicates, "
            f"{self.refused_rows:,} refused"
        )

    @property
    def is_finished(self) -> bool:
        """Whether nothing will change any more."""
        return self.state not in UNFINISHED


class PromptQuerySet(models.QuerySet["Prompt"]):
    """Filters of prompts."""

    def tagged(self, tag: str) -> "PromptQuerySet":
        """Keep the prompts that carry a tag."""
        if connection.features.supports_json_field_contains:
            return self.filter(tags__contains=[tag])
        # SQLite has no containment test for JSON; the tag goes in as a parameter.
        statement = "EXISTS (SELECT 1 FROM json_each(prompts_prompt.tags) WHERE value = %s)"
        return self.filter(RawSQL(statement, [tag], models.BooleanField()))  # noqa: S611


class Prompt(models.Model):
    """One conversation that models answer; created by ``import_prompt_set``, never edited.

    ``erase_texts`` alone empties it, for good: then ``erased_at`` is set.

    ``messages`` are OpenAI-style ``{"role", "content"}`` turns: an optional system turn,
    then user and assistant in turn, the last one user. ``content_hash`` is the SHA-256 of
    their canonical JSON.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="prompts")
    prompt_set = models.ForeignKey(PromptSet, on_delete=models.CASCADE, related_name="prompts")
    messages = models.JSONField()
    content_hash = models.CharField(max_length=64)
    external_id = models.CharField(max_length=200, blank=True)
    tags = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=35, blank=True)
    source = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "content_hash"], name="same_prompt_once_a_campaign"
            ),
            models.UniqueConstraint(
                fields=["campaign", "external_id"],
                condition=~Q(external_id=""),
                name="same_external_id_once_a_campaign",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(external_id="", source="", tags=[]),
                name="erased_prompt_says_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id or f"prompt {self.pk}"

    @property
    def asked(self) -> str:
        """The turn that is to be answered: the last one."""
        content: str = self.messages[-1]["content"]
        return content


class ReadyResponses(models.Model):
    """The ready responses of one imported row, kept together; created with its prompt.

    ``responses`` is a list of ``{"text", "model", "metadata"}``, with ``author``, the id of a
    person, where one wrote it; ``adopt_responses`` makes candidates of them and marks
    ``adopted_at``. ``content_hash`` covers texts and models in any order, so that the same
    responses never count twice.
    """

    prompt_set = models.ForeignKey(PromptSet, on_delete=models.CASCADE)
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="ready_responses")
    row = models.PositiveBigIntegerField()
    responses = models.JSONField()
    content_hash = models.CharField(max_length=64)
    adopted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["prompt", "content_hash"], name="same_responses_once_a_prompt"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["prompt_set", "id"],
                condition=Q(adopted_at=None),
                name="responses_to_adopt",
            ),
        ]

    def __str__(self) -> str:
        return f"responses of row {self.row}"


class RefusedRow(models.Model):
    """One row of an import that was not stored, or was a duplicate, and why.

    ``row`` counts from 1 in the file's own rows (a CSV header is not counted). Created by
    ``import_prompt_set``; at most 1,000 a file are kept, the counts on the set cover all.
    """

    prompt_set = models.ForeignKey(PromptSet, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveBigIntegerField()
    field = models.CharField(max_length=120)
    code = models.CharField(max_length=60)
    reason = models.TextField()
    excerpt = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["prompt_set", "row"], name="refused_row_order")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"

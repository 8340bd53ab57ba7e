"""What a campaign no longer stands by: people's work, prompts, and whole sources of prompts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from labeling.campaigns.models import Campaign
from labeling.prompts.models import Prompt


class Revocation(models.Model):
    """One person's work, one prompt, or all prompts of one source, revoked in a campaign.

    Created by ``revoke``, ended by ``lift``, never deleted: nothing else changes, so that what was
    revoked is there again when it is lifted. In force while ``lifted_at`` is empty. With
    ``erased_at`` it is for good: ``erase_person`` and ``erase_prompt`` have emptied the texts.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="revocations")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="revocations"
    )
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, null=True, related_name="+")
    source = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(annotator__isnull=False, prompt__isnull=True, source="")
                | Q(annotator__isnull=True, prompt__isnull=False, source="")
                | (Q(annotator__isnull=True, prompt__isnull=True) & ~Q(source="")),
                name="revocation_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True, lifted_at__isnull=True)
                | Q(lifted_by__isnull=False, lifted_at__isnull=False),
                name="revocation_lifted_by_somebody_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="revocation_has_a_reason"),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(lifted_at=None, source=""),
                name="erased_is_never_lifted",
            ),
            models.UniqueConstraint(
                fields=["campaign", "annotator"],
                condition=Q(lifted_at=None, annotator__isnull=False),
                name="person_revoked_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "prompt"],
                condition=Q(lifted_at=None, prompt__isnull=False),
                name="prompt_revoked_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "source"],
                condition=Q(lifted_at=None) & ~Q(source=""),
                name="source_revoked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"revocation {self.pk}"

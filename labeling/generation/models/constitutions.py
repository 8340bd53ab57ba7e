"""Constitutions: the principles that models criticise and revise responses by."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from labeling.campaigns.models import Campaign

MOST_ROUNDS = 4


class Constitution(models.Model):
    """One version of a named list of principles; written by ``add_constitution``, never edited.

    A list that is written again under its name is its next version (Bai et al. 2022, Constitutional
    AI, arXiv:2212.08073). ``principles`` holds texts, in the order they were given.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="constitutions")
    name = models.CharField(max_length=120)
    version = models.PositiveSmallIntegerField()
    principles = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "name", "version"], name="constitution_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1) & ~Q(principles=[]), name="constitution_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

"""Model servers that managers name for their campaign."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from labeling.campaigns.models import Campaign


class ModelServer(models.Model):
    """An OpenAI-compatible server of a campaign, on a host that the operator allows.

    ``sealed_key`` is its key, sealed for its host (``services.sealing``); nothing gives it out.
    ``at_once`` and ``a_minute`` are the calls that all workers together make there, and
    ``many`` says that it takes ``n``. Created by ``add_server``; its address never changes.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="servers")
    name = models.CharField(max_length=60)
    base_url = models.CharField(max_length=500)
    sealed_key = models.TextField(blank=True)
    at_once = models.PositiveSmallIntegerField(default=8)
    a_minute = models.PositiveIntegerField(null=True, blank=True)
    many = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "name"], name="server_name_once_a_campaign"
            ),
        ]

    def __str__(self) -> str:
        return self.name

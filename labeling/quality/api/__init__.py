"""The REST API of the quality stage."""

from django.urls import path

from labeling.quality.api.erasures import Erasures
from labeling.quality.api.progress import CampaignProgress
from labeling.quality.api.revocations import LiftRevocation, Revocations

CAMPAIGN = "campaigns/<int:campaign_id>/"
urlpatterns = [
    path(CAMPAIGN + "progress/", CampaignProgress.as_view(), name="api-progress"),
    path(CAMPAIGN + "erasures/", Erasures.as_view(), name="api-erasures"),
    path(CAMPAIGN + "revocations/", Revocations.as_view(), name="api-revocations"),
    path(
        CAMPAIGN + "revocations/<int:revocation_id>/lift/",
        LiftRevocation.as_view(),
        name="api-revocation-lift",
    ),
]

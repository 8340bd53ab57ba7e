"""The REST API of the assignment stage."""

from django.urls import path

from labeling.assignment.api.allocation import OneAllocation
from labeling.assignment.api.comparisons import Comparisons, Release
from labeling.assignment.api.directing import (
    Directed,
    Gold,
    OneDirected,
    OneTurn,
    Restored,
    Retired,
    Reviewed,
)

BASE = "campaigns/<int:campaign_id>/"
ONE = BASE + "comparisons/<int:comparison_id>/"
urlpatterns = [
    path(BASE + "allocation/", OneAllocation.as_view(), name="api-allocation"),
    path(BASE + "comparisons/", Comparisons.as_view(), name="api-comparisons"),
    path(ONE + "directed/", Directed.as_view(), name="api-comparison-directed"),
    path(
        ONE + "directed/<int:membership_id>/",
        OneDirected.as_view(),
        name="api-comparison-directed-member",
    ),
    path(ONE + "gold/", Gold.as_view(), name="api-comparison-gold"),
    path(ONE + "retire/", Retired.as_view(), name="api-comparison-retire"),
    path(ONE + "restore/", Restored.as_view(), name="api-comparison-restore"),
    path(BASE + "prompts/<int:prompt_id>/review/", Reviewed.as_view(), name="api-prompt-review"),
    path(ONE + "turn/", OneTurn.as_view(), name="api-comparison-turn"),
    path(BASE + "assignments/<int:assignment_id>/release/", Release.as_view(), name="api-release"),
]

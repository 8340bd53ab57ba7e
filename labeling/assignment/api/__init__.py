"""The REST API of the assignment stage."""

from django.urls import path

from labeling.assignment.api.allocation import OneAllocation
from labeling.assignment.api.comparisons import Comparisons, Release

BASE = "campaigns/<int:campaign_id>/"
urlpatterns = [
    path(BASE + "allocation/", OneAllocation.as_view(), name="api-allocation"),
    path(BASE + "comparisons/", Comparisons.as_view(), name="api-comparisons"),
    path(BASE + "assignments/<int:assignment_id>/release/", Release.as_view(), name="api-release"),
]

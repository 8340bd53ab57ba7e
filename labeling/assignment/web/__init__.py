"""The pages of the assignment stage."""

from django.urls import path

from labeling.assignment.web import allocation

urlpatterns = [
    path("campaigns/<int:campaign_id>/allocation/", allocation.edit, name="allocation"),
]

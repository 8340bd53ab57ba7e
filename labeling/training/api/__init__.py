"""The REST API of the training stage: what managers set up and decide."""

from django.urls import path

from labeling.training.api.attempts import Attempts
from labeling.training.api.items import Items, OneItem
from labeling.training.api.objections import DecideObjection, Objections
from labeling.training.api.plan import Plan

BASE = "campaigns/<int:campaign_id>/training/"
urlpatterns = [
    path(BASE + "attempts/", Attempts.as_view(), name="api-training-attempts"),
    path(BASE + "items/", Items.as_view(), name="api-training-items"),
    path(BASE + "items/<int:item_id>/", OneItem.as_view(), name="api-training-item"),
    path(BASE + "objections/", Objections.as_view(), name="api-training-objections"),
    path(
        BASE + "objections/<int:objection_id>/decide/",
        DecideObjection.as_view(),
        name="api-training-decide",
    ),
    path(BASE + "plan/", Plan.as_view(), name="api-training-plan"),
]

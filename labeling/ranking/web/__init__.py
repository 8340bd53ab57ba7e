"""The pages of the ranking stage: one comparison after another, and the answers given."""

from django.urls import path

from labeling.ranking.web import history, views

BASE = "campaigns/<int:campaign_id>/rank/"
urlpatterns = [
    path(BASE, views.rank, name="rank"),
    path(BASE + "undo/", views.undo, name="rank-undo"),
    path(BASE + "history/", history.history, name="rank-history"),
    path(BASE + "<int:assignment_id>/", views.one, name="rank-answer"),
    path(BASE + "<int:assignment_id>/skip/", views.skip, name="rank-skip"),
]

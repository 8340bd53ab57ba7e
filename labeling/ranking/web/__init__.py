"""The pages of the ranking stage: one comparison after another."""

from django.urls import path

from labeling.ranking.web import views

BASE = "campaigns/<int:campaign_id>/rank/"
urlpatterns = [
    path(BASE, views.rank, name="rank"),
    path(BASE + "previous/", views.previous, name="rank-previous"),
    path(BASE + "<int:assignment_id>/", views.answer, name="rank-answer"),
    path(BASE + "<int:assignment_id>/skip/", views.skip, name="rank-skip"),
]

"""The pages of the quality stage."""

from django.urls import path

from labeling.quality.web import comparisons, deciding, profile, progress, revocations

CAMPAIGN = "campaigns/<int:campaign_id>/"
ONE = CAMPAIGN + "comparisons/<int:comparison_id>/"

urlpatterns = [
    path(CAMPAIGN + "progress/", progress.progress, name="progress"),
    path(CAMPAIGN + "progress/summary/", progress.summary, name="progress-summary"),
    path(CAMPAIGN + "profile/", profile.profile, name="profile"),
    path(CAMPAIGN + "revocations/", revocations.revocations, name="revocations"),
    path(
        CAMPAIGN + "revocations/<int:revocation_id>/lift/",
        revocations.lifted,
        name="revocation-lift",
    ),
    path(CAMPAIGN + "erasures/", revocations.erased, name="prompt-erase"),
    path(CAMPAIGN + "comparisons/", comparisons.comparisons, name="comparisons"),
    path(ONE, comparisons.comparison, name="comparison"),
    path(ONE + "known/", deciding.known, name="comparison-known"),
    path(ONE + "unknown/", deciding.unknown, name="comparison-unknown"),
    path(ONE + "set-aside/", deciding.set_aside, name="comparison-set-aside"),
    path(ONE + "keep/", deciding.keep, name="comparison-keep"),
    path(
        ONE + "take-back/<int:membership_id>/",
        deciding.take_back,
        name="comparison-take-back",
    ),
    path(ONE + "turn/", deciding.turn, name="comparison-turn"),
    path(ONE + "retire/", deciding.retired, name="comparison-retire"),
    path(ONE + "restore/", deciding.restored, name="comparison-restore"),
    path(ONE + "review/", deciding.reviewed, name="comparison-review"),
]

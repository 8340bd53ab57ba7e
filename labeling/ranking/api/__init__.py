"""REST API of the ranking stage: the next comparison, leases, answers, and the judgments given."""

from django.urls import path

from labeling.ranking.api.judgments import Judgments, Skip, Submit, Undo
from labeling.ranking.api.leases import GiveBack, Heartbeat, Next

BASE = "campaigns/<int:campaign_id>/"
ONE = BASE + "assignments/<int:assignment_id>/"
urlpatterns = [
    path(BASE + "assignments/next/", Next.as_view(), name="api-next"),
    path(BASE + "assignments/heartbeat/", Heartbeat.as_view(), name="api-heartbeat"),
    path(BASE + "assignments/release/", GiveBack.as_view(), name="api-give-back"),
    path(ONE + "judgment/", Submit.as_view(), name="api-submit"),
    path(ONE + "skip/", Skip.as_view(), name="api-skip"),
    path(BASE + "judgments/", Judgments.as_view(), name="api-judgments"),
    path(BASE + "judgments/<int:judgment_id>/undo/", Undo.as_view(), name="api-undo"),
]

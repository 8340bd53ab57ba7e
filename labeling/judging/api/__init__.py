"""The REST API of the judging stage: judging runs, and what judges say."""

from django.urls import path

from labeling.judging.api.acts import PauseJudging, ResumeJudging, RetryJudging, StopJudging
from labeling.judging.api.judgings import AiJudgments, Judgings, OneJudging

AT = "campaigns/<int:campaign_id>/judgings"
ONE = f"{AT}/<int:judging_id>"
urlpatterns = [
    path(f"{AT}/", Judgings.as_view(), name="api-judgings"),
    path(f"{ONE}/", OneJudging.as_view(), name="api-judging"),
    path(f"{ONE}/judgments/", AiJudgments.as_view(), name="api-ai-judgments"),
    path(f"{ONE}/stop/", StopJudging.as_view(), name="api-judging-stop"),
    path(f"{ONE}/pause/", PauseJudging.as_view(), name="api-judging-pause"),
    path(f"{ONE}/resume/", ResumeJudging.as_view(), name="api-judging-resume"),
    path(f"{ONE}/retry/", RetryJudging.as_view(), name="api-judging-retry"),
]

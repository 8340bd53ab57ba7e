"""The REST API of the generation stage: models, generators, runs, and a prompt's candidates."""

from django.urls import path

from labeling.generation.api.candidates import PromptCandidates
from labeling.generation.api.generators import Generators, Models
from labeling.generation.api.runs import OneRun, ReleaseHeld, RetryRun, Runs, StopRun

AT = "campaigns/<int:campaign_id>"
urlpatterns = [
    path(f"{AT}/models/", Models.as_view(), name="api-models"),
    path(f"{AT}/generators/", Generators.as_view(), name="api-generators"),
    path(f"{AT}/runs/", Runs.as_view(), name="api-runs"),
    path(f"{AT}/runs/<int:run_id>/", OneRun.as_view(), name="api-run"),
    path(f"{AT}/runs/<int:run_id>/stop/", StopRun.as_view(), name="api-run-stop"),
    path(f"{AT}/runs/<int:run_id>/retry/", RetryRun.as_view(), name="api-run-retry"),
    path(f"{AT}/runs/<int:run_id>/release/", ReleaseHeld.as_view(), name="api-run-release"),
    path(
        f"{AT}/prompts/<int:prompt_id>/candidates/",
        PromptCandidates.as_view(),
        name="api-candidates",
    ),
]

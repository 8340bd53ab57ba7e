"""The REST API of the generation stage: models, generators, runs, and a prompt's candidates."""

from django.urls import path

from labeling.generation.api.acts import PauseRun, ReleaseHeld, ResumeRun, RetryRun, StopRun
from labeling.generation.api.candidates import PromptCandidates
from labeling.generation.api.generators import Generators, Models
from labeling.generation.api.revisions import CandidateSteps, Constitutions, Revisions
from labeling.generation.api.runs import OneRun, Runs
from labeling.generation.api.servers import OneServer, ServerKey, Servers

AT = "campaigns/<int:campaign_id>"
urlpatterns = [
    path(f"{AT}/models/", Models.as_view(), name="api-models"),
    path(f"{AT}/servers/", Servers.as_view(), name="api-servers"),
    path(f"{AT}/servers/<int:server_id>/", OneServer.as_view(), name="api-server"),
    path(f"{AT}/servers/<int:server_id>/key/", ServerKey.as_view(), name="api-server-key"),
    path(f"{AT}/generators/", Generators.as_view(), name="api-generators"),
    path(f"{AT}/constitutions/", Constitutions.as_view(), name="api-constitutions"),
    path(f"{AT}/revisions/", Revisions.as_view(), name="api-revisions"),
    path(
        f"{AT}/candidates/<int:candidate_id>/steps/",
        CandidateSteps.as_view(),
        name="api-candidate-steps",
    ),
    path(f"{AT}/runs/", Runs.as_view(), name="api-runs"),
    path(f"{AT}/runs/<int:run_id>/", OneRun.as_view(), name="api-run"),
    path(f"{AT}/runs/<int:run_id>/stop/", StopRun.as_view(), name="api-run-stop"),
    path(f"{AT}/runs/<int:run_id>/pause/", PauseRun.as_view(), name="api-run-pause"),
    path(f"{AT}/runs/<int:run_id>/resume/", ResumeRun.as_view(), name="api-run-resume"),
    path(f"{AT}/runs/<int:run_id>/retry/", RetryRun.as_view(), name="api-run-retry"),
    path(f"{AT}/runs/<int:run_id>/release/", ReleaseHeld.as_view(), name="api-run-release"),
    path(
        f"{AT}/prompts/<int:prompt_id>/candidates/",
        PromptCandidates.as_view(),
        name="api-candidates",
    ),
]

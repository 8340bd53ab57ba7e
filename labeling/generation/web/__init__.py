"""The pages of the generation stage."""

from django.urls import path

from labeling.generation.web import generators, held, responses, revisions, runs, servers

AT = "campaigns/<int:campaign_id>/generation"
urlpatterns = [
    path(f"{AT}/", generators.generation, name="generation"),
    path(f"{AT}/generators/", generators.add, name="generator-add"),
    path(f"{AT}/servers/", servers.servers, name="servers"),
    path(f"{AT}/servers/add/", servers.add, name="server-add"),
    path(f"{AT}/servers/<int:server_id>/key/", servers.key, name="server-key"),
    path(f"{AT}/servers/<int:server_id>/remove/", servers.remove, name="server-remove"),
    path(f"{AT}/revisions/", revisions.revisions, name="revisions"),
    path(f"{AT}/revisions/start/", revisions.start, name="revisions-start"),
    path(f"{AT}/constitutions/", revisions.write, name="constitution-write"),
    path(f"{AT}/responses/<int:candidate_id>/", responses.response, name="response"),
    path(f"{AT}/prompts/<int:prompt_id>/", responses.of_prompt, name="prompt-responses"),
    path(f"{AT}/runs/", generators.start, name="run-start"),
    path(f"{AT}/runs/<int:run_id>/", runs.run, name="run"),
    path(f"{AT}/runs/<int:run_id>/live/", runs.live, name="run-live"),
    path(f"{AT}/runs/<int:run_id>/stop/", runs.stop, name="run-stop"),
    path(f"{AT}/runs/<int:run_id>/ceiling/", runs.ceiling, name="run-ceiling"),
    path(f"{AT}/runs/<int:run_id>/pause/", runs.pause, name="run-pause"),
    path(f"{AT}/runs/<int:run_id>/resume/", runs.resume, name="run-resume"),
    path(f"{AT}/runs/<int:run_id>/retry/", runs.retry, name="run-retry"),
    path(f"{AT}/runs/<int:run_id>/held/", held.held, name="run-held"),
    path(f"{AT}/runs/<int:run_id>/release/", held.release, name="run-release"),
]

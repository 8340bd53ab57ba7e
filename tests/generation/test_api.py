"""Generation over REST: models, generators, runs, candidates."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotate.endpoints import Endpoint
from labeling.access import Scope
from labeling.generation.enums import CandidateState
from labeling.generation.models import GenerationRun, Generator
from tests.factories import make_bearer, signed_in
from tests.generation.conftest import claimed, completion, finish
from tests.generation.test_claims import WRONG

pytestmark = pytest.mark.django_db(transaction=True)
JSON = "application/json"
FILL = "generation.fill_candidates"


@pytest.fixture
def base(campaign):
    return f"/api/v1/campaigns/{campaign.pk}"


@pytest.fixture
def api(manager):
    return signed_in(manager)


def post(api, path, body=None):
    return api.post(path, body or {}, content_type=JSON)


def test_models_name_endpoints_but_never_their_keys(api, base, settings):
    settings.MODEL_ENDPOINTS = {"lab": Endpoint("http://lab.invalid/v1", "sk-secret")}

    answer = api.get(f"{base}/models/")

    assert {"backend": "openai", "model": "", "endpoint": "lab", "label": "lab"} in answer.json()
    assert b"sk-secret" not in answer.content
    assert b"lab.invalid" not in answer.content


def test_generator_is_added_and_listed(api, base):
    body = {"name": "Warm", "backend": "transformers", "model": "toy-chat"}

    added = post(api, f"{base}/generators/", body)

    assert added.status_code == 201
    assert added.json()["parameters"]["temperature"] == 0.8
    assert api.get(f"{base}/generators/").json()["results"] == [added.json()]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"model": "other"}, "model"),
        ({"parameters": {"top_p": 2}}, "parameters.top_p"),
        ({"api_key": "x"}, "api_key"),
    ],
)
def test_generator_that_does_not_hold_names_the_field(api, base, changes, field):
    body = {"name": "Warm", "backend": "transformers", "model": "toy-chat", **changes}

    answer = post(api, f"{base}/generators/", body)

    assert answer.status_code == 400
    assert list(answer.json()["error"]["data"]["fields"]) == [field]
    assert Generator.objects.count() == 0


def parts(generator, **changes):
    return [{"generator": generator.pk, "per_prompt": 2, **changes}]


def test_run_is_accepted_rung_and_found_where_it_says(api, base, prompt, generator, rings):
    answer = post(api, f"{base}/runs/", {"parts": parts(generator), "seed": 7})

    assert answer.status_code == 202
    assert rings.named(FILL) == [{"run_id": answer.json()["id"]}]
    shown = api.get(answer.headers["Location"]).json()
    assert shown["counts"] == {
        "pending": 2, "running": 0, "done": 0, "held": 0, "failed": 0, "erased": 0,
        "retried": 0,
    }  # fmt: skip
    assert shown["failures"] == []


def test_run_shows_its_parts(api, base, prompt, generator, rings):
    asked = [*parts(generator, temperature=0.2), *parts(generator, together=True)]

    shown = post(api, f"{base}/runs/", {"parts": asked, "seed": 7}).json()

    common = {
        "generator": generator.pk,
        "per_prompt": 2,
        "seed": 7,
        "constitution": None,
        "rounds": 0,
    }
    assert shown["parts"] == [
        {**common, "temperature": 0.2, "together": False},
        {**common, "temperature": None, "together": True},
    ]
    found = api.get(f"{base}/prompts/{prompt.pk}/candidates/").json()["results"]
    assert [one["generator"] for one in found] == [generator.pk] * 4


def test_run_of_a_prompt_of_another_campaign_makes_nothing(api, base, generator, prompt, rings):
    body = {"parts": parts(generator), "prompts": [prompt.pk, prompt.pk + 1]}

    answer = post(api, f"{base}/runs/", body)

    assert (answer.status_code, list(answer.json()["error"]["data"]["fields"])) == (
        400,
        ["prompts"],
    )
    assert (GenerationRun.objects.count(), rings) == (0, [])


def test_failures_are_grouped_by_cause_with_the_remedy(api, base, prompt, request_run):
    run = request_run(per_prompt=3)
    finish(claimed(run), WRONG, WRONG, completion("Blue."))

    shown = api.get(f"{base}/runs/{run.pk}/").json()

    assert shown["failures"] == [{"cause": WRONG.cause, "remedy": WRONG.remedy, "count": 2}]
    assert (shown["counts"]["done"], shown["counts"]["failed"]) == (1, 2)


def test_run_is_stopped_and_its_rest_tried_again(api, base, prompt, request_run, rings):
    run = request_run(per_prompt=3)

    stopped = post(api, f"{base}/runs/{run.pk}/stop/")
    retried = post(api, f"{base}/runs/{run.pk}/retry/")

    assert (stopped.status_code, stopped.json()) == (200, {"candidates": 3})
    assert (retried.status_code, retried.json()) == (202, {"candidates": 3})
    assert rings.named(FILL) == [{"run_id": run.pk}]
    assert set(run.candidates.values_list("state", flat=True)) == {CandidateState.PENDING}


def test_run_is_paused_and_resumed_and_says_how_fast_it_is(api, base, prompt, request_run, rings):
    run = request_run(per_prompt=3)
    finish(claimed(run, limit=1), completion("Blue."))
    url = f"{base}/runs/{run.pk}/"

    paused = post(api, f"{url}pause/")
    shown = api.get(url).json()
    resumed = post(api, f"{url}resume/")

    assert (paused.status_code, paused.json()["paused_at"] is None) == (200, False)
    assert shown["tokens"] == {"read": 3, "written": 4}
    assert (shown["speed"], shown["minutes_left"]) == (None, None)
    assert (resumed.status_code, resumed.json()["paused_at"]) == (202, None)
    assert rings.named(FILL) == [{"run_id": run.pk}]


def test_candidates_show_their_provenance(api, base, prompt, request_run):
    run = request_run(per_prompt=1)
    finish(claimed(run), completion("Blue."))

    (shown,) = api.get(f"{base}/prompts/{prompt.pk}/candidates/").json()["results"]

    assert (shown["text"], shown["run"], shown["source"]) == ("Blue.", run.pk, "model")
    assert (shown["model_label"], shown["model_revision"]) == ("scripted", "r1")
    assert (shown["seed"], shown["attempts"], shown["state"]) == (
        run.candidates.get().seed,
        1,
        "done",
    )


@pytest.mark.parametrize("person", ["annotator", "teammate", "reviewer"])
@pytest.mark.parametrize("place", ["models/", "generators/", "runs/"])
def test_only_managers_see_generation(cast, base, person, place):
    assert signed_in(getattr(cast, person)).get(f"{base}/{place}").status_code == 403


def test_stranger_finds_nothing(cast, base, prompt, request_run):
    run, stranger = request_run(), signed_in(cast.stranger)
    foreign = f"/api/v1/campaigns/{cast.foreign.pk}"

    places = [f"{base}/runs/", f"{base}/runs/{run.pk}/", f"{foreign}/runs/{run.pk}/"]
    places += [f"{foreign}/prompts/{prompt.pk}/candidates/"]

    assert [stranger.get(place).status_code for place in places] == [404] * 4
    assert post(stranger, f"{foreign}/runs/{run.pk}/stop/").status_code == 404


def test_token_needs_the_scope(cast, client, base, generator, prompt, rings):
    body = {"parts": parts(generator)}
    reader = make_bearer(cast.manager, Scope.GENERATION_READ)
    writer = make_bearer(cast.manager, Scope.GENERATION_WRITE)

    refused = client.post(f"{base}/runs/", body, content_type=JSON, headers=reader)
    accepted = client.post(f"{base}/runs/", body, content_type=JSON, headers=writer)

    assert (refused.status_code, accepted.status_code) == (403, 202)


@pytest.mark.parametrize("place", ["generators/", "runs/"])
def test_lists_cost_the_same_at_one_and_three_rows(
    api, base, campaign, manager, prompt, request_run, place
):
    request_run()
    with CaptureQueriesContext(connection) as one:
        assert len(api.get(f"{base}/{place}").json()["results"]) == 1
    for name in ("b", "c"):
        request_run()
        recipe = {"backend": "transformers", "model": "toy-chat", "created_by": manager}
        Generator.objects.create(campaign=campaign, name=name, **recipe)

    with CaptureQueriesContext(connection) as three:
        assert len(api.get(f"{base}/{place}").json()["results"]) == 3

    assert len(three) == len(one)


def test_held_candidates_are_counted_shown_and_released(api, base, prompt, request_run, rings):
    run = request_run(per_prompt=3)
    cut = replace(completion("It is"), finish_reason="length")
    finish(claimed(run), completion("Blue."), cut, completion("blue"))
    url = f"{base}/runs/{run.pk}/"

    shown = api.get(url).json()
    some = post(api, f"{url}release/", {"flaw": "cut_off"})
    rest = post(api, f"{url}release/", {})

    assert shown["held"] == [{"flaw": "cut_off", "count": 1}, {"flaw": "duplicate", "count": 1}]
    assert (some.json(), rest.json()) == ({"candidates": 1}, {"candidates": 1})
    assert api.get(url).json()["counts"]["done"] == 3
    found = api.get(f"{base}/prompts/{prompt.pk}/candidates/").json()["results"]
    assert [one["flaws"] for one in found] == [[], ["cut_off"], ["duplicate"]]
    assert [one["released_at"] is None for one in found] == [True, False, False]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"unchecked": ["rude"]}, "unchecked"), ({"longest": 0}, "longest")],
)
def test_run_with_checks_that_do_not_exist_is_refused(api, base, prompt, generator, changes, field):
    body = {"parts": parts(generator), **changes}

    answer = post(api, f"{base}/runs/", body)

    assert answer.status_code == 400
    assert list(answer.json()["error"]["data"]["fields"]) == [field]

"""The OpenAI-compatible client: what it sends, and what it makes of faults."""

import json
import logging

import httpx2
import pytest

from labeling.generation.backends import server as module
from labeling.generation.backends.port import Completion, Failure
from labeling.generation.backends.server import REDIRECTED, TIMED_OUT, TOO_LARGE, UNREACHABLE
from labeling.generation.recipe import Recipe
from tests.generation import fake_server as fakes
from tests.generation.conftest import outcomes_of
from tests.generation.test_backends import ask


@pytest.fixture
def fake():
    with fakes.fake_server() as server:
        yield server


def client(fake, **changes):
    given = {"base_url": fake.url, "api_key": "sk-secret", "model": "m", "first_wait": 0}
    return module.ServerBackend(**(given | changes))


def outcome(fake, *steps, recipe=None, **changes):
    if steps:
        fake.steps = list(steps)
    (one,) = outcomes_of(client(fake, **changes), [ask(recipe=recipe or Recipe())])
    return one


def test_request_carries_the_whole_recipe_and_the_key(fake):
    recipe = Recipe(temperature=0.5, top_p=0.8, max_new_tokens=9, stop=("END",))

    one = outcome(fake, recipe=recipe)

    sampling = {"temperature": 0.5, "top_p": 0.8, "max_tokens": 9, "seed": 1, "stop": ["END"]}
    messages = [{"role": "user", "content": "Why is the sky blue?"}]
    assert fake.asked == [{"model": "m", "messages": messages, "n": 1, "stream": False, **sampling}]
    assert fake.keys == ["Bearer sk-secret"]
    assert (one.parameters, one.model_label) == (sampling, "m")
    assert (one.prompt_tokens, one.completion_tokens) == (5, 7)


def test_served_model_that_differs_is_recorded(fake):
    one = outcome(fake, fakes.changed(model="m-2026", system_fingerprint="fp"))

    assert one.model_revision == "m-2026 fp"


@pytest.mark.parametrize("fault", [429, 500, 503, "hang_up", "cut_short"])
def test_passing_fault_is_tried_again(fake, fault):
    step = fakes.status(fault) if isinstance(fault, int) else getattr(fakes, fault)

    assert isinstance(outcome(fake, step, step, fakes.answer), Completion)
    assert len(fake.asked) == 3


def test_fault_that_stays_ends_after_four_tries(fake):
    one = outcome(fake, fakes.status(503))

    assert isinstance(one, Failure)
    assert (one.cause, one.retriable, len(fake.asked)) == ("The server answered 503.", True, 4)


def test_retry_after_is_respected(fake, monkeypatch):
    given = []

    def at_once(response):
        given.append(response.headers["Retry-After"])
        return 0.0

    monkeypatch.setattr(module, "_retry_after", at_once)

    assert isinstance(outcome(fake, fakes.status(429, Retry_After="7"), fakes.answer), Completion)
    assert given == ["7"]


@pytest.mark.parametrize(
    ("given", "pause"), [("7", 7.0), ("0", 0.0), ("61", False), ("soon", True), (None, True)]
)
def test_pause_follows_retry_after_up_to_a_minute(given, pause):
    headers = {} if given is None else {"Retry-After": given}
    wait = module._retry_after(httpx2.Response(429, headers=headers))

    assert module._worth_another_try(module.Refused(429, wait)) == pause


def test_long_retry_after_is_not_waited_for(fake):
    one = outcome(fake, fakes.status(429, Retry_After="3600"))

    assert (one.retriable, len(fake.asked)) == (True, 1)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422])
def test_final_refusal_is_not_tried_again(fake, code):
    one = outcome(fake, fakes.status(code))

    assert (one.cause, one.retriable) == (f"The server answered {code}.", False)
    assert len(fake.asked) == 1


def test_redirect_is_not_followed(fake):
    elsewhere = fake.url.replace("/v1", "/other")

    assert outcome(fake, fakes.status(307, Location=elsewhere)) == REDIRECTED
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (b'{"choices": [', "The server's answer is not complete JSON."),
        (b"", "The server's answer is not complete JSON."),
        (b"\xff\xfe", "The server's answer is not complete JSON."),
        (b"[1]", "The server's answer is not a JSON object."),
        (b"{}", "The server's answer does not have exactly one choice."),
        (b'{"choices": [{}, {}]}', "The server's answer does not have exactly one choice."),
        (b'{"choices": [{"message": {"content": null}}]}', "The server's answer has no text."),
        (b'{"choices": [{"message": "hi"}]}', "The server's answer has no text."),
        (
            b'{"choices": [{"message": {"content": "half"}, "finish_reason": null}]}',
            "The server did not say that the text is finished.",
        ),
    ],
)
def test_answer_that_is_not_one_finished_text_fails(fake, value, cause):
    one = outcome(fake, fakes.content(value))

    assert isinstance(one, Failure)
    assert one.cause == cause


def test_answer_without_end_is_cut_off(fake):
    assert outcome(fake, fakes.endless) == TOO_LARGE


def test_answer_that_drips_ends_with_the_total_time(fake):
    assert outcome(fake, fakes.drip(fake), total_seconds=0.2) == TIMED_OUT


def test_server_that_is_not_there_is_unreachable(fake):
    assert outcome(fake, base_url="http://127.0.0.1:9/v1") == UNREACHABLE


def test_one_fault_leaves_its_neighbours_alone(fake):
    def faulty(handler, asked):
        step = fakes.status(401) if asked["seed"] == 2 else fakes.answer
        step(handler, asked)

    fake.steps = [faulty]
    found = outcomes_of(client(fake), [ask(seed=seed) for seed in range(5)])

    assert [isinstance(one, Completion) for one in found] == [True, True, False, True, True]


def test_key_and_servers_words_stay_out_of_failures_and_logs(fake, caplog):
    with caplog.at_level(logging.DEBUG):
        one = outcome(fake, fakes.status(500))

    said = f"{one}{one!r}{caplog.text}{json.dumps(str(client(fake)))}"
    assert "sk-secret" not in said
    assert "secret detail" not in said

"""The OpenAI-compatible client: what it sends, and what it makes of faults."""

import json
import logging
from dataclasses import replace

import pytest

from labeling.generation.backends import server as module
from labeling.generation.backends.faults import (
    CEILING,
    REDIRECTED,
    TIMED_OUT,
    TOO_LARGE,
    UNREACHABLE,
)
from labeling.generation.backends.port import Completion, Failure, Postponed
from labeling.generation.backends.turns import CeilingReached, Ending, NoLimits, Tokens, Turn
from labeling.generation.framing import Framing
from labeling.generation.recipe import Recipe
from labeling.generation.texts import hash_of
from tests.generation import fake_server as fakes
from tests.generation.conftest import ask, outcomes_of

SHORT = "The server's answer does not have as many choices as were asked for."


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


def test_base_model_is_asked_to_complete_the_bare_prompt(fake):
    choice = {"index": 0, "text": "because", "finish_reason": "stop"}
    fake.steps = [fakes.changed(choices=[choice])]
    request = replace(ask(), framing=Framing(is_plain=True))

    (one,) = outcomes_of(client(fake), [request])

    assert fake.paths == ["/v1/completions"]
    assert fake.asked[0]["prompt"] == "Why is the sky blue?"
    assert "messages" not in fake.asked[0]
    assert (one.text, one.template_hash) == ("because", "")


def test_system_prompt_and_template_of_the_generator_are_sent(fake):
    framing = Framing(system="Rhyme.", template="{{ messages }}")

    (one,) = outcomes_of(client(fake), [replace(ask(), framing=framing)])

    assert fake.paths == ["/v1/chat/completions"]
    assert fake.asked[0]["messages"][0] == {"role": "system", "content": "Rhyme."}
    assert fake.asked[0]["chat_template"] == "{{ messages }}"
    assert one.template_hash == hash_of("{{ messages }}")
    assert not {"messages", "chat_template"} & one.parameters.keys()


@pytest.mark.parametrize("served", ["m-2026", "org/m", "/models/M/", "m"])
def test_server_may_call_the_model_by_a_path_or_version(fake, served):
    assert isinstance(outcome(fake, fakes.changed(model=served)), Completion)


def test_answer_of_another_model_is_refused_and_may_be_tried_again(fake):
    one = outcome(fake, fakes.changed(model="gpt-other"))

    assert (one.cause, one.retriable) == ("The server answered with another model.", True)


def test_samples_of_a_prompt_are_asked_for_together_where_the_server_takes_n(fake):
    fake.steps = [fakes.as_many_as_asked]
    asked = [ask(seed=5), ask("Why?", seed=6), ask(seed=7)]

    found = outcomes_of(client(fake, many=True), asked)

    assert sorted(body["n"] for body in fake.asked) == [1, 2]
    assert len({one.text for one in found}) == 3
    assert [one.response_id.partition("#")[2] for one in found] == ["0", "0", "1"]
    assert [one.completion_tokens for one in found] == [7, 7, 0]


class Counted(NoLimits):
    """Turns that keep what was said about each call."""

    def __init__(self, *turns):
        self.turns, self.ended = list(turns), []

    def begin(self, most):
        turn = self.turns.pop(0) if self.turns else Turn(call_id=1)
        if isinstance(turn, Exception):
            raise turn
        return turn

    def end(self, call_id, ending, used, again_after):
        self.ended.append((ending, used, again_after))


@pytest.mark.parametrize(
    ("step", "ended"),
    [
        (fakes.answer, (Ending.ANSWERED, Tokens(5, 7), None)),
        (fakes.changed(usage=None), (Ending.ANSWERED, None, None)),
        (fakes.status(401), (Ending.REFUSED, Tokens(0, 0), None)),
        (fakes.status(429, Retry_After="99"), (Ending.REFUSED, Tokens(0, 0), 99.0)),
        (fakes.status(500), (Ending.FAULT, Tokens(0, 0), None)),
        (fakes.hang_up, (Ending.FAULT, None, None)),
        (fakes.endless, (Ending.ANSWERED, None, None)),
    ],
)
def test_every_call_is_settled_by_how_it_ended(fake, step, ended):
    turns = Counted()

    outcome(fake, step, turns=turns)

    assert set(turns.ended) == {ended}
    assert len(turns.ended) == len(fake.asked)


def test_call_that_is_cut_off_by_time_is_settled_too(fake):
    turns = Counted()

    outcome(fake, fakes.drip(fake), turns=turns, total_seconds=0.2)

    assert turns.ended == [(Ending.FAULT, None, None)]


def test_turn_is_waited_for(fake):
    turns = Counted(Turn(wait=0.01), Turn(wait=0.01))

    assert isinstance(outcome(fake, turns=turns), Completion)
    assert turns.turns == []


def test_server_that_takes_no_call_for_long_postpones_what_is_asked(fake):
    assert outcome(fake, turns=Counted(Turn(wait=60))) == Postponed()
    assert fake.asked == []


def test_ceiling_fails_what_is_asked_and_sends_nothing(fake):
    assert outcome(fake, turns=Counted(CeilingReached())) == CEILING
    assert fake.asked == []


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
        (b"{}", "The server's answer has no list of choices."),
        (b'{"choices": ["a"]}', "The server's answer has no list of choices."),
        (b'{"choices": [{}, {}]}', SHORT),
        (b'{"choices": []}', SHORT),
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

"""What every backend promises, tested on each of them."""

import pytest

from labeling.generation.backends.port import Completion
from labeling.generation.backends.server import ServerBackend
from tests.generation.conftest import Scripted, ask, outcomes_of
from tests.generation.fake_server import fake_server

pytestmark = pytest.mark.once
LOCAL = [pytest.param(name, marks=pytest.mark.local_model) for name in ("tiny", "apart")]


@pytest.fixture(params=["scripted", "server", *LOCAL])
def backend(request):
    if request.param == "scripted":
        yield Scripted()
    elif request.param in {"tiny", "apart"}:
        yield request.getfixturevalue(request.param)
    else:
        with fake_server() as fake:
            yield ServerBackend(base_url=fake.url, api_key="", model="m", first_wait=0)


def texts(outcomes):
    assert all(isinstance(one, Completion) for one in outcomes)
    return [one.text for one in outcomes]


def test_every_request_gets_one_outcome_in_its_place(backend):
    asked = [ask(f"{'long ' * (seed % 3)}question", seed) for seed in range(backend.batch_size + 3)]

    together = texts(outcomes_of(backend, asked))

    assert together == [texts(outcomes_of(backend, [one]))[0] for one in asked]
    assert len(set(together)) > 1


def test_same_seed_gives_the_same_text_again(backend):
    assert texts(outcomes_of(backend, [ask(seed=5)])) == texts(outcomes_of(backend, [ask(seed=5)]))


def test_other_seed_gives_another_text(backend):
    first, second = texts(outcomes_of(backend, [ask(seed=5), ask(seed=6)]))

    assert first != second


def test_no_request_gives_no_outcome(backend):
    assert outcomes_of(backend, []) == []


def test_completion_says_where_it_comes_from(backend):
    (one,) = outcomes_of(backend, [ask()])

    assert isinstance(one, Completion)
    assert one.model_label
    assert one.finish_reason in {"stop", "length"}
    assert one.latency_ms >= 0
    assert (one.prompt_tokens or 0) > 0
    assert (one.completion_tokens or 0) > 0

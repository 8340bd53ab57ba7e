"""What every backend promises, tested on each of them."""

import importlib.util

import pytest

from labeling.generation.backends.port import Completion, Request
from labeling.generation.backends.process import ProcessBackend
from labeling.generation.backends.server import ServerBackend
from labeling.generation.backends.wire import ModelSpec
from labeling.generation.recipe import Recipe
from tests.generation.conftest import Scripted, outcomes_of
from tests.generation.fake_server import fake_server

pytestmark = pytest.mark.once
RECIPE = Recipe(temperature=0.9, top_p=0.9, max_new_tokens=12)


def ask(text="Why is the sky blue?", seed=1, recipe=RECIPE):
    return Request([{"role": "user", "content": text}], seed, recipe)


def local_backend(spec):
    """Return a model that is loaded in this very process."""
    loading = importlib.import_module("labeling.generation.backends.loading")
    local = importlib.import_module("labeling.generation.backends.local")
    backend = local.LocalBackend(loading.load_model(spec))
    backend.spec = spec
    return backend


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    if importlib.util.find_spec("torch") is None:
        pytest.skip("the `local` extra is not installed")
    folder = tmp_path_factory.mktemp("models") / "tiny"
    importlib.import_module("tests.generation.tiny_model").save_tiny_model(folder)
    return local_backend(ModelSpec(name="tiny", revision="", models_dir=str(folder.parent)))


@pytest.fixture(scope="session")
def apart(tiny):
    """The tiny model in a process of its own."""
    backend = ProcessBackend(tiny.spec)
    yield backend
    backend.close()


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

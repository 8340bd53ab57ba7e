"""Generators name a model that this deployment allows, with a recipe that holds."""

import pytest

from annotate.endpoints import Endpoint
from labeling.errors import Invalid
from labeling.generation.backends.port import BackendUnavailable
from labeling.generation.backends.server import ServerBackend
from labeling.generation.framing import Framing
from labeling.generation.models import RunPart
from labeling.generation.queries.offers import available_models
from labeling.generation.services.backends import open_backend
from labeling.generation.services.generators import Draft, NameTaken, add_generator


@pytest.fixture
def add(campaign, manager):
    def add(**changes):
        given = {"name": "Warm", "backend": "transformers", "model": "toy-chat"}
        return add_generator(campaign=campaign, user=manager, draft=Draft(**(given | changes)))

    return add


@pytest.fixture
def endpoint(settings):
    settings.MODEL_ENDPOINTS = {"lab": Endpoint("http://127.0.0.1:9/v1", "sk-secret")}


def part_of(generator):
    return RunPart(generator=generator, run_id=1)


def test_generator_keeps_its_recipe_with_the_defaults_filled_in(add):
    generator = add(parameters={"temperature": 1, "stop": ["END"]})

    assert generator.parameters == {
        "temperature": 1, "top_p": 0.95, "top_k": 0, "max_new_tokens": 256, "stop": ["END"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"name": "x" * 121}, ["name"]),
        ({"model": ""}, ["model"]),
        ({"model": "other/model"}, ["model"]),
        ({"endpoint": "lab"}, ["endpoint"]),
        ({"backend": "magic"}, ["backend"]),
        ({"backend": "openai", "model": "m", "endpoint": "elsewhere"}, ["endpoint"]),
        ({"backend": "openai", "model": "m"}, ["endpoint"]),
        ({"stage": "finished"}, ["stage"]),
        ({"stage": "base", "chat_template": "{{ messages }}"}, ["chat_template"]),
        ({"system_prompt": "x" * 20_001}, ["system_prompt"]),
        ({"adapter": "nowhere"}, ["adapter"]),
        ({"dtype": "float8"}, ["dtype"]),
        ({"device": "toaster"}, ["device"]),
        ({"seed": -1}, ["seed"]),
        ({"seed": 2**63}, ["seed"]),
        (
            {"backend": "openai", "model": "m", "endpoint": "lab", "device": "cpu", "adapter": "a"},
            ["adapter", "device"],
        ),
        ({"parameters": {"temperature": -1}}, ["parameters.temperature"]),
        ({"parameters": {"temperature": True}}, ["parameters.temperature"]),
        ({"parameters": {"temperature": float("nan")}}, ["parameters.temperature"]),
        ({"parameters": {"top_p": 0}}, ["parameters.top_p"]),
        ({"parameters": {"max_new_tokens": 1.5}}, ["parameters.max_new_tokens"]),
        ({"parameters": {"stop": "END"}}, ["parameters.stop"]),
        ({"parameters": {"stop": [""]}}, ["parameters.stop"]),
        ({"parameters": {"top_k": -1}}, ["parameters.top_k"]),
        ({"parameters": {"min_p": 0.1}}, ["parameters.min_p"]),
        ({"name": "", "parameters": {"top_p": 2}}, ["name", "parameters.top_p"]),
    ],
)
def test_generator_that_does_not_hold_names_each_field(add, endpoint, changes, fields):
    with pytest.raises(Invalid) as refused:
        add(**changes)

    assert sorted(refused.value.data["fields"]) == fields


def test_generator_keeps_what_else_decides_what_it_makes(add, settings, tmp_path):
    settings.MODELS_DIR = tmp_path
    (tmp_path / "warm").mkdir()
    (tmp_path / "warm" / "adapter_config.json").write_text("{}")
    generator = add(
        stage="sft", system_prompt=" Rhyme. ", chat_template=" {{ messages }}\n", adapter="warm",
        dtype="float32", device="cpu", seed=5, revision="main",
    )  # fmt: skip

    assert generator.framing == Framing(system="Rhyme.", template=" {{ messages }}\n")
    assert (generator.adapter, generator.dtype, generator.device) == ("warm", "float32", "cpu")
    assert generator.seed == 5


def test_base_generator_completes_plainly(add):
    assert add(stage="base").framing == Framing(is_plain=True)


def test_name_is_taken_once_a_campaign(add):
    add()

    with pytest.raises(NameTaken):
        add()


def test_models_are_the_toy_own_folders_allowed_names_and_endpoints(
    settings, tmp_path, endpoint, campaign
):
    settings.MODELS_DIR, settings.LOCAL_MODELS = tmp_path, ["org/small"]
    for name in ("mine", ".half-built", "no-config"):
        (tmp_path / name).mkdir()
    for name in ("mine", ".half-built"):
        (tmp_path / name / "config.json").write_text("{}")

    found = [(one.model, one.endpoint, one.label) for one in available_models(campaign)]

    assert found == [
        ("toy-chat", "", "toy-chat (a toy, trained on the demo text)"),
        ("mine", "", "mine"),
        ("org/small", "", "org/small"),
        ("", "lab", "lab"),
    ]


def test_endpoint_is_opened_with_its_own_key(add, endpoint):
    backend = open_backend(part_of(add(backend="openai", model="m", endpoint="lab")))

    assert isinstance(backend, ServerBackend)


def test_endpoint_that_was_removed_is_a_clear_refusal(add, endpoint, settings):
    generator = add(backend="openai", model="m", endpoint="lab")
    settings.MODEL_ENDPOINTS = {}

    with pytest.raises(BackendUnavailable, match="Add it to MODEL_ENDPOINTS"):
        open_backend(part_of(generator))


def test_worker_without_local_models_says_what_to_do(add, settings, tmp_path, monkeypatch):
    settings.MODELS_DIR = tmp_path

    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", missing)

    with pytest.raises(BackendUnavailable, match="without LOCAL=0"):
        open_backend(part_of(add()))

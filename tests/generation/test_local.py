"""The transformers backend on a real model with random weights."""

import importlib
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from labeling.generation.backends.port import BackendUnavailable, Completion, Failure
from labeling.generation.framing import Framing
from labeling.generation.models import RunPart
from labeling.generation.recipe import Recipe
from labeling.generation.services.backends import open_backend
from labeling.generation.texts import hash_of
from tests.generation.conftest import RECIPE, ask, local_backend, outcomes_of

torch = pytest.importorskip("torch")
OUT_OF_MEMORY = importlib.import_module("labeling.generation.backends.local").OUT_OF_MEMORY

pytestmark = [pytest.mark.local_model, pytest.mark.once]


@pytest.fixture(scope="session")
def adapter(tiny):
    """A LoRA adapter beside the tiny model."""
    models = Path(tiny.spec.models_dir)
    make = importlib.import_module("tests.generation.tiny_model").save_tiny_adapter
    make(models / "warm", models / "tiny")
    return "warm"


@pytest.fixture
def folder(tmp_path):
    """A folder that looks like a model."""
    model = tmp_path / "models" / "m"
    model.mkdir(parents=True)
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(b"")
    return model


def test_completion_carries_hashes_of_weights_and_template(tiny):
    (one,) = outcomes_of(tiny, [ask()])

    assert one.model_label == "tiny"
    assert one.model_revision.startswith("sha256:")
    assert len(one.template_hash) == 64
    assert one.parameters == {**RECIPE.as_json(), "min_new_tokens": 1}
    assert one.completion_tokens <= RECIPE.max_new_tokens


def framed(**framing):
    return replace(ask("Why?"), framing=Framing(**framing))


def test_base_model_is_shown_the_bare_prompt(tiny):
    (one,) = outcomes_of(tiny, [framed(is_plain=True)])

    assert (one.prompt_tokens, one.template_hash) == (len("Why?"), "")


def test_template_of_the_generator_takes_the_place_of_the_models_own(tiny):
    template = "{% for message in messages %}{{ message.content }}!{% endfor %}"
    own, given = outcomes_of(tiny, [framed(), framed(system="Rhyme.", template=template)])

    assert given.prompt_tokens == len("Rhyme.!Why?!")
    assert given.template_hash == hash_of(template) != own.template_hash


def test_system_prompt_is_shown_in_the_models_template(tiny):
    bare, told = outcomes_of(tiny, [framed(), framed(system="Rhyme.")])

    assert told.prompt_tokens >= bare.prompt_tokens + len("Rhyme.")


@pytest.mark.parametrize("template", ["{% if %}", "{{ messages.nothing.at_all }}", "{{ 1 / 0 }}"])
def test_template_that_cannot_be_used_fails_with_the_reason(tiny, template):
    (one,) = outcomes_of(tiny, [framed(template=template)])

    assert isinstance(one, Failure)
    assert one.cause.startswith("The chat template refuses the prompt")


def test_temperature_zero_ignores_the_seed(tiny):
    recipe = Recipe(temperature=0, max_new_tokens=8)

    first, second = outcomes_of(tiny, [ask(seed=1, recipe=recipe), ask(seed=2, recipe=recipe)])

    assert first.text == second.text


def test_recipes_in_one_call_are_kept_apart(tiny):
    short, long = Recipe(max_new_tokens=3), Recipe(max_new_tokens=9)

    found = outcomes_of(tiny, [ask(recipe=short), ask(recipe=long), ask(recipe=short)])

    assert [one.parameters["max_new_tokens"] for one in found] == [3, 9, 3]


def test_stop_text_ends_the_response_and_is_left_out(tiny):
    recipe = Recipe(max_new_tokens=30)
    (whole,) = outcomes_of(tiny, [ask(recipe=recipe)])
    mark = whole.text[4]

    (one,) = outcomes_of(tiny, [ask(recipe=Recipe(max_new_tokens=30, stop=(mark,)))])

    assert (one.text, one.finish_reason) == (whole.text[: whole.text.index(mark)], "stop")


def test_response_cut_at_the_limit_says_so(tiny):
    found = outcomes_of(
        tiny, [ask(seed=seed, recipe=Recipe(max_new_tokens=1)) for seed in range(4)]
    )

    assert {one.finish_reason for one in found} <= {"length", "stop"}
    assert "length" in {one.finish_reason for one in found}


def test_prompt_beyond_the_models_length_fails_and_its_neighbour_does_not(tiny):
    long, short = outcomes_of(tiny, [ask("x" * 400), ask()])

    assert isinstance(long, Failure)
    assert long.cause.endswith("longer than the 256 tokens the model takes.")
    assert isinstance(short, Completion)


def test_adapter_changes_what_the_model_says_and_is_recorded(tiny, adapter):
    adapted = local_backend(replace(tiny.spec, adapter=adapter))
    (plain,), (warm,) = outcomes_of(tiny, [ask()]), outcomes_of(adapted, [ask()])

    assert warm.text != plain.text
    assert warm.model_label == "tiny+warm"
    assert warm.model_revision.startswith(plain.model_revision + "+")
    assert len(warm.model_revision) <= 80


def test_adapter_for_another_model_is_a_clear_refusal(tiny, adapter, tmp_path_factory):
    models = tmp_path_factory.mktemp("models")
    shutil.copytree(Path(tiny.spec.models_dir) / "tiny", models / "tiny")
    shutil.copytree(Path(tiny.spec.models_dir) / adapter, models / adapter)
    weights = models / adapter / "adapter_model.safetensors"
    torch_file = importlib.import_module("safetensors.torch")
    wrong = {name: one[:, :-1] for name, one in torch_file.load_file(weights).items()}
    torch_file.save_file({name: one.contiguous() for name, one in wrong.items()}, weights)

    with pytest.raises(BackendUnavailable, match="could not be loaded"):
        local_backend(replace(tiny.spec, models_dir=str(models), adapter=adapter))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_precision_asked_for_is_used(tiny, dtype):
    backend = local_backend(replace(tiny.spec, dtype=dtype))

    assert backend._loaded.model.dtype == getattr(torch, dtype)
    assert isinstance(outcomes_of(backend, [ask()])[0], Completion)


def test_device_that_is_not_there_is_a_clear_refusal(tiny):
    if torch.cuda.is_available():
        pytest.skip("this machine has one")

    with pytest.raises(BackendUnavailable, match="has no device cuda"):
        local_backend(replace(tiny.spec, device="cuda"))


def test_process_is_refused_memory_that_the_machine_lacks_and_lives_on():
    script = """if True:
        import torch
        from labeling.generation.backends import memory
        memory.keep_within_memory()
        free = memory.free_bytes(torch.device("cpu"))
        try:
            torch.empty(free + (1 << 30), dtype=torch.uint8)
        except RuntimeError as error:
            print(memory.is_out_of_memory(error), torch.ones(3).sum().item())
    """
    if torch.cuda.is_available() or not Path("/proc/meminfo").exists():
        pytest.skip("nothing is limited here")

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout == "True 3.0\n"


def test_batch_that_does_not_fit_is_made_in_halves(tiny, monkeypatch):
    whole, sizes = tiny._loaded.model.generate, []

    def small(**given):
        sizes.append(len(given["input_ids"]))
        if sizes[-1] > 3:
            raise torch.OutOfMemoryError
        return whole(**given)

    asked = [ask(seed=seed) for seed in range(10)]
    wanted = outcomes_of(tiny, asked)
    monkeypatch.setattr(tiny._loaded.model, "generate", small)

    assert [one.text for one in outcomes_of(tiny, asked)] == [one.text for one in wanted]
    assert sizes == [10, 5, 2, 3, 5, 2, 3]


def test_row_that_does_not_fit_by_itself_fails_and_its_neighbours_do_not(tiny, monkeypatch):
    whole = tiny._loaded.model.generate

    def refuse_long(**given):
        if given["input_ids"].shape[1] > 100:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return whole(**given)

    monkeypatch.setattr(tiny._loaded.model, "generate", refuse_long)

    found = outcomes_of(tiny, [ask(), ask("x" * 150), ask()])

    assert [isinstance(one, Completion) for one in found] == [True, False, True]
    assert found[1] == OUT_OF_MEMORY


def test_error_that_is_not_about_memory_is_raised(tiny, monkeypatch):
    def fail(**given):
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(tiny._loaded.model, "generate", fail)

    with pytest.raises(RuntimeError, match="shapes"):
        outcomes_of(tiny, [ask()])


def test_prompt_read_once_gives_what_it_gives_read_again_and_again(tiny, monkeypatch):
    asked = [ask(text, seed) for text in ("a" * 80, "b" * 60) for seed in range(5)]
    together = outcomes_of(tiny, asked)
    monkeypatch.setattr(tiny, "_can_share", lambda: False)

    assert [one.text for one in together] == [one.text for one in outcomes_of(tiny, asked)]


def test_text_is_the_same_whichever_batch_a_candidate_lands_in(tiny):
    recipe = Recipe(temperature=1.0, max_new_tokens=24)
    asked = [ask("why " * (seed % 9), seed, recipe) for seed in range(120)]
    texts = [one.text for one in outcomes_of(tiny, asked)]

    alone = [outcomes_of(tiny, [one])[0].text for one in asked]

    assert sum(a != b for a, b in zip(texts, alone, strict=True)) <= 1


def test_broken_weights_are_a_clear_refusal(folder, settings, generator):
    settings.MODELS_DIR = folder.parent
    generator.model = "m"

    with pytest.raises(BackendUnavailable, match="could not be loaded"):
        open_backend(RunPart(generator=generator))


def test_model_not_allowed_here_is_a_clear_refusal(settings, tmp_path, generator):
    settings.MODELS_DIR = tmp_path
    generator.model = "other"

    with pytest.raises(BackendUnavailable, match="not allowed on this worker"):
        open_backend(RunPart(generator=generator))

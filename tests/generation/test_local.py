"""The transformers backend on a real model with random weights."""

import json
import os
import pickle

import pytest

from labeling.generation.backends.folders import check_folder
from labeling.generation.backends.port import BackendUnavailable, Completion, Failure
from labeling.generation.recipe import Recipe
from labeling.generation.services.backends import open_backend
from tests.generation.test_backends import RECIPE, ask, tiny

pytestmark = pytest.mark.local_model
__all__ = ["tiny"]


@pytest.fixture
def folder(tmp_path):
    """A folder that looks like a model."""
    model = tmp_path / "models" / "m"
    model.mkdir(parents=True)
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(b"")
    return model


def test_completion_carries_hashes_of_weights_and_template(tiny):
    (one,) = tiny.complete([ask()])

    assert one.model_label == "tiny"
    assert one.model_revision.startswith("sha256:")
    assert len(one.template_hash) == 64
    assert one.parameters == {**RECIPE.as_json(), "min_new_tokens": 1}
    assert one.completion_tokens <= RECIPE.max_new_tokens


def test_temperature_zero_ignores_the_seed(tiny):
    recipe = Recipe(temperature=0, max_new_tokens=8)

    first, second = tiny.complete([ask(seed=1, recipe=recipe), ask(seed=2, recipe=recipe)])

    assert first.text == second.text


def test_recipes_in_one_call_are_kept_apart(tiny):
    short, long = Recipe(max_new_tokens=3), Recipe(max_new_tokens=9)

    found = tiny.complete([ask(recipe=short), ask(recipe=long), ask(recipe=short)])

    assert [one.parameters["max_new_tokens"] for one in found] == [3, 9, 3]


def test_stop_text_ends_the_response_and_is_left_out(tiny):
    recipe = Recipe(max_new_tokens=30)
    (whole,) = tiny.complete([ask(recipe=recipe)])
    mark = whole.text[4]

    (one,) = tiny.complete([ask(recipe=Recipe(max_new_tokens=30, stop=(mark,)))])

    assert (one.text, one.finish_reason) == (whole.text[: whole.text.index(mark)], "stop")


def test_response_cut_at_the_limit_says_so(tiny):
    found = tiny.complete([ask(seed=seed, recipe=Recipe(max_new_tokens=1)) for seed in range(4)])

    assert {one.finish_reason for one in found} <= {"length", "stop"}
    assert "length" in {one.finish_reason for one in found}


def test_prompt_beyond_the_models_length_fails_and_its_neighbour_does_not(tiny):
    long, short = tiny.complete([ask("x" * 400), ask()])

    assert isinstance(long, Failure)
    assert long.cause.endswith("longer than the 256 tokens the model takes.")
    assert isinstance(short, Completion)


def test_model_outside_the_models_folder_is_refused(folder, tmp_path):
    outside = tmp_path / "outside"
    folder.rename(outside)

    with pytest.raises(BackendUnavailable, match="outside the models folder"):
        check_folder(folder.parent / ".." / "outside", folder.parent)


def test_link_out_of_a_model_folder_is_refused(folder, tmp_path):
    (tmp_path / "secret.json").write_text("{}")
    (folder / "tokenizer.json").symlink_to(tmp_path / "secret.json")

    with pytest.raises(BackendUnavailable, match="points outside"):
        check_folder(folder, folder.parent)


@pytest.mark.parametrize("key", ["auto_map", "custom_pipelines", "trust_remote_code"])
@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_model_that_brings_code_is_refused(folder, name, key):
    (folder / name).write_text(json.dumps({key: {"AutoModel": "evil.Model"}}))

    with pytest.raises(BackendUnavailable, match="run code that came with it"):
        check_folder(folder, folder.parent)


def test_pickled_weights_are_refused_and_never_opened(folder, tmp_path):
    class Bait:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "opened"),)

    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bait()))

    with pytest.raises(BackendUnavailable, match="no safetensors"):
        check_folder(folder, folder.parent)
    assert not (tmp_path / "opened").exists()


def test_broken_weights_are_a_clear_refusal(folder, settings, generator):
    settings.MODELS_DIR = folder.parent
    generator.model = "m"

    with pytest.raises(BackendUnavailable, match="could not be loaded"):
        open_backend(generator)


def test_model_not_allowed_here_is_a_clear_refusal(settings, tmp_path, generator):
    settings.MODELS_DIR = tmp_path
    generator.model = "other"

    with pytest.raises(BackendUnavailable, match="not allowed on this worker"):
        open_backend(generator)

"""A model folder is looked over before anything in it is loaded: bait is refused, never run."""

import json
import os
import pickle
from pathlib import Path

import pytest

from labeling.generation.backends.folders import check_adapter, check_folder
from labeling.generation.backends.port import BackendUnavailable
from labeling.generation.backends.process import ProcessBackend
from labeling.generation.backends.wire import ModelSpec

pytestmark = pytest.mark.once
EVIL = "import pathlib, sys; pathlib.Path({canary!r}).touch()\nclass Model: pass\n"


def plain(folder: Path) -> Path:
    """Make what looks like a model: settings, a tokenizer, weights as safetensors."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "llama"}')
    (folder / "tokenizer.json").write_text("{}")
    (folder / "tokenizer_config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"")
    return folder


def change(folder, name, **keys):
    path = folder / name
    found = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(found | keys))


class Opened:
    """Unpickling it makes a folder."""

    def __init__(self, canary):
        self._canary = str(canary)

    def __reduce__(self):
        return os.mkdir, (self._canary,)


def code_for_the_model(folder, canary):
    (folder / "modeling_evil.py").write_text(EVIL.format(canary=str(canary)))
    change(folder, "config.json", auto_map={"AutoModelForCausalLM": "modeling_evil.Model"})


def code_asked_for_deep_inside(folder, canary):
    change(folder, "config.json", text_config={"auto_map": {"AutoModel": "modeling_evil.Model"}})


def code_at_another_address(folder, canary):
    change(folder, "config.json", auto_map={"AutoModelForCausalLM": "stranger/repo--evil.Model"})


def code_for_the_tokenizer(folder, canary):
    (folder / "tokenization_evil.py").write_text(EVIL.format(canary=str(canary)))
    change(folder, "tokenizer_config.json", auto_map={"AutoTokenizer": ["evil.Tok", None]})


def code_beside_the_weights(folder, canary):
    (folder / "tokenizer.py").write_text(EVIL.format(canary=str(canary)))


def code_for_generation(folder, canary):
    (folder / "custom_generate").mkdir()
    script = folder / "custom_generate" / "generate.py"
    script.write_text(EVIL.format(canary=str(canary)))


def generation_settings_that_name_code(folder, canary):
    change(folder, "generation_config.json", custom_generate="stranger/repo")


def pipeline_of_its_own(folder, canary):
    change(folder, "config.json", custom_pipelines={"evil": {"impl": "evil.Pipe", "pt": []}})


def attention_fetched_from_elsewhere(folder, canary):
    change(folder, "config.json", _attn_implementation="stranger/kernels")


def processor_that_brings_code(folder, canary):
    change(folder, "processor_config.json", auto_map={"AutoProcessor": "evil.Proc"})


def pickled_weights(folder, canary):
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Opened(canary)))


def pickle_under_another_name(folder, canary):
    (folder / "model.safetensors").unlink()
    (folder / "weights.pkl").write_bytes(pickle.dumps(Opened(canary)))


def pickle_called_safetensors(folder, canary):
    (folder / "model.safetensors").write_bytes(pickle.dumps(Opened(canary)))


def index_that_leads_to_a_pickle(folder, canary):
    (folder / "evil.bin").write_bytes(pickle.dumps(Opened(canary)))
    change(folder, "model.safetensors.index.json", weight_map={"w": "evil.bin"})


def index_that_leads_out(folder, canary):
    change(folder, "model.safetensors.index.json", weight_map={"w": "../out.safetensors"})


def file_linked_from_outside(folder, canary):
    (folder.parent.parent / "secret.json").write_text("{}")
    (folder / "special_tokens_map.json").symlink_to(folder.parent.parent / "secret.json")


def folder_linked_from_outside(folder, canary):
    (folder.parent.parent / "elsewhere").mkdir()
    (folder / "onnx").symlink_to(folder.parent.parent / "elsewhere")


def model_that_is_a_link(folder, canary):
    folder.rename(folder.parent.parent / "elsewhere")
    folder.symlink_to(folder.parent.parent / "elsewhere")


def adapter_that_loads_another_model(folder, canary):
    change(folder, "adapter_config.json", peft_type="LORA", base_model_name_or_path="/etc")


def tokenizer_that_reads_elsewhere(folder, canary):
    change(folder, "tokenizer_config.json", vocab_file="/etc/passwd")


def pipe_that_never_ends(folder, canary):
    os.mkfifo(folder / "special_tokens_map.json")


def settings_that_are_no_object(folder, canary):
    (folder / "config.json").write_text("[" * 100_000)


def library_beside_the_weights(folder, canary):
    (folder / "evil.so").write_bytes(b"\x7fELF")


BAIT = [
    code_for_the_model, code_asked_for_deep_inside, code_at_another_address,
    code_for_the_tokenizer, code_beside_the_weights, code_for_generation,
    generation_settings_that_name_code, pipeline_of_its_own, attention_fetched_from_elsewhere,
    processor_that_brings_code, pickled_weights, pickle_under_another_name,
    index_that_leads_to_a_pickle, index_that_leads_out, file_linked_from_outside,
    folder_linked_from_outside, model_that_is_a_link, adapter_that_loads_another_model,
    tokenizer_that_reads_elsewhere, pipe_that_never_ends, settings_that_are_no_object,
    library_beside_the_weights,
]  # fmt: skip


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


@pytest.mark.parametrize("bait", BAIT)
def test_bait_is_refused_before_anything_is_loaded(models, tmp_path, bait):
    folder = plain(models / "m")
    bait(folder, tmp_path / "opened")

    with pytest.raises(BackendUnavailable) as refusal:
        check_folder(folder, models)

    assert refusal.value.failure.cause.endswith(".")
    assert refusal.value.failure.remedy.endswith(".")
    assert not (tmp_path / "opened").exists()


def test_there_is_bait_of_twenty_kinds():
    assert len(set(BAIT)) >= 20


def test_folder_without_bait_is_let_through(models):
    folder = plain(models / "m")
    change(folder, "config.json", auto_map=None, _attn_implementation="sdpa")
    change(folder, "pytorch_model.bin.index.json", weight_map={"w": "pytorch_model.bin"})

    assert check_folder(folder, models) == folder.resolve()


@pytest.mark.parametrize("place", ["..", ".", "m/../../outside", "missing"])
def test_folder_elsewhere_is_refused(models, tmp_path, place):
    plain(models / "m")
    plain(tmp_path / "outside")

    with pytest.raises(BackendUnavailable):
        check_folder(models / place, models)


@pytest.mark.parametrize(
    "bait", [code_beside_the_weights, pickled_weights, folder_linked_from_outside]
)
def test_adapter_is_held_to_the_same_rules(models, tmp_path, bait):
    folder = plain(models / "a")
    change(folder, "adapter_config.json", peft_type="LORA")
    assert check_adapter(folder, models) == folder.resolve()

    bait(folder, tmp_path / "opened")

    with pytest.raises(BackendUnavailable):
        check_adapter(folder, models)


@pytest.mark.parametrize(
    "keys",
    [{}, {"peft_type": "PREFIX"}, {"peft_type": "LORA", "auto_mapping": {"library": "x"}}],
)
def test_adapter_of_another_kind_is_refused(models, keys):
    folder = plain(models / "a")
    change(folder, "adapter_config.json", **keys)

    with pytest.raises(BackendUnavailable):
        check_adapter(folder, models)


@pytest.mark.local_model
@pytest.mark.parametrize("bait", [pickle_called_safetensors, *BAIT[:3]])
def test_bait_is_refused_by_the_process_that_loads(models, tmp_path, bait):
    folder = plain(models / "m")
    bait(folder, tmp_path / "opened")
    backend = ProcessBackend(ModelSpec(name="m", revision="", models_dir=str(models)))

    with pytest.raises(BackendUnavailable):
        backend.start()

    assert not (tmp_path / "opened").exists()

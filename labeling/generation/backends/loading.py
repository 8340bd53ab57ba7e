"""Load a transformers model, with a LoRA adapter if one is named; run in a process of its own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig
from transformers.utils.logging import disable_progress_bar

from labeling.generation.backends.folders import check_adapter, check_folder, fingerprint
from labeling.generation.backends.port import BackendUnavailable
from labeling.generation.backends.wire import ModelSpec
from labeling.generation.texts import hash_of

NO_PEFT = (
    "This worker cannot load adapters: peft is not installed.",
    "Install the `local` extra anew (`make setup`), then retry.",
)


@dataclass(frozen=True)
class Loaded:
    """A model in memory with what candidates record of it."""

    model: Any
    tokenizer: Any
    label: str
    revision: str
    template_hash: str


def load_model(spec: ModelSpec) -> Loaded:
    """Load a model by its folder's name, or one that the operator allowed by its full name.

    Weights are safetensors only and code that came with a model never runs. Nothing is
    fetched: a hub name must be in the local cache. Raises BackendUnavailable.
    """
    source, adapter = _source(spec), _adapter(spec)
    try:
        return _load(spec, source, adapter)
    except torch.OutOfMemoryError as error:
        raise BackendUnavailable(
            f"The model {spec.name} does not fit into this worker's memory.",
            "Use a smaller model or dtype, or a worker with more memory.",
        ) from error
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, AttributeError) as error:
        raise BackendUnavailable(
            f"The model {spec.name} could not be loaded ({type(error).__name__}).",
            "Check the folder; a hub name must be in the local cache (`hf download NAME`).",
        ) from error


def _source(spec: ModelSpec) -> str:
    """Return the checked folder, or the name that the hub's local cache knows."""
    models_dir = Path(spec.models_dir)
    own = models_dir / spec.name
    if spec.name in spec.allowed and not own.is_dir():
        path = Path(spec.name)
        return str(check_folder(path, path.parent)) if path.is_absolute() else spec.name
    return str(check_folder(own, models_dir))


def _adapter(spec: ModelSpec) -> Path | None:
    if not spec.adapter:
        return None
    return check_adapter(Path(spec.models_dir) / spec.adapter, Path(spec.models_dir))


def _load(spec: ModelSpec, source: str, adapter: Path | None) -> Loaded:
    disable_progress_bar()
    is_folder = Path(source).is_absolute()
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    if spec.revision and not is_folder:
        options["revision"] = spec.revision
    device = _device(spec.device)
    tokenizer = AutoTokenizer.from_pretrained(source, padding_side="left", **options)
    model = AutoModelForCausalLM.from_pretrained(
        source, use_safetensors=True, dtype=_dtype(spec.dtype), **options
    )
    if spec.dtype == "auto" and device.type == "cpu" and model.dtype == torch.float16:
        model = model.float()  # processors are slow in it, and know not every operation
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    commit = str(getattr(model.config, "_commit_hash", None) or spec.revision)
    revision = fingerprint(Path(source)) if is_folder else commit
    if adapter:
        model = _adapted(model, adapter)
        revision = f"{revision[:39]}+{fingerprint(adapter)[7:47]}"
    # The recipe alone decides how text is sampled, never what the model's folder suggests.
    model.generation_config = GenerationConfig(
        eos_token_id=_end_tokens(model, tokenizer), pad_token_id=tokenizer.pad_token_id
    )
    model.to(device).eval()
    template = tokenizer.chat_template
    return Loaded(
        model=model,
        tokenizer=tokenizer,
        label=f"{spec.name}+{spec.adapter}" if adapter else spec.name,
        revision=revision,
        template_hash=hash_of(template) if isinstance(template, str) else "",
    )


def _adapted(model: Any, adapter: Path) -> Any:
    """Return the model with the adapter's weights merged into its own."""
    try:
        from peft import PeftModel  # noqa: PLC0415 - it takes a second, and few models need it
    except ImportError as error:
        raise BackendUnavailable(*NO_PEFT) from error
    adapted = PeftModel.from_pretrained(model, str(adapter), local_files_only=True)
    return adapted.merge_and_unload()


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    device = torch.device(name)
    if device.type == "cuda" and not torch.cuda.is_available():
        raise BackendUnavailable(
            f"This worker has no device {name}.", "Choose another device, or let it choose."
        )
    return device


def _dtype(name: str) -> Any:
    return "auto" if name == "auto" else getattr(torch, name)


def _end_tokens(model: Any, tokenizer: Any) -> list[int]:
    named = model.generation_config.eos_token_id
    ends = [*(named if isinstance(named, list) else [named]), tokenizer.eos_token_id]
    return sorted({end for end in ends if end is not None})

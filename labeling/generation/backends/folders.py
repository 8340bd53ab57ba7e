"""Look a model folder over before anything in it is loaded."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labeling.generation.backends.port import BackendUnavailable

# Keys through which a model folder makes the library run code that came with it.
RUNS_CODE = frozenset(
    {"auto_map", "custom_pipelines", "custom_generate", "trust_remote_code", "auto_mapping",
     "_attn_implementation_internal"}
)  # fmt: skip
# Keys that may name a package of code to be fetched, told by the slash of its address.
NAMES_CODE = ("attn_implementation", "experts_implementation", "kernel_config", "use_kernels")
# Keys that lead to files elsewhere.
NAMES_FILES = frozenset({"tokenizer_file", "vocab_file", "merges_file", "spm_file"})
CODE = frozenset({".py", ".pyc", ".pyd", ".so", ".dll", ".dylib", ".sh", ".pkl", ".pickle"})
DATA = frozenset({"tokenizer.json", "vocab.json", "added_tokens.json"})  # words, no settings
LARGEST_CONFIG = 4 << 20
READ_AT_ONCE = 1 << 20

LINKED = "Replace the link by the file itself."
PLAIN = "Use a model that the transformers library knows without such code."


def check_folder(folder: Path, allowed: Path) -> Path:
    """Return the folder's real path; raise BackendUnavailable unless it is safe to load.

    It must lie inside ``allowed`` with all its files, hold its weights as safetensors and
    ask for no code of its own.
    """
    real = _inside(folder, allowed)
    if not (real / "config.json").is_file():
        raise BackendUnavailable(
            f"There is no model folder {folder.name} in the models folder.",
            "Put the model there (config.json, tokenizer, safetensors), then retry.",
        )
    if (real / "adapter_config.json").exists():
        raise BackendUnavailable(
            "The model folder holds an adapter, which would load another model.",
            "Put the adapter into a folder of its own and name both.",
        )
    _check_files(real)
    return real


def check_adapter(folder: Path, allowed: Path) -> Path:
    """Return the real path of a LoRA adapter's folder, which is held to the same rules."""
    real = _inside(folder, allowed)
    config = real / "adapter_config.json"
    if not config.is_file():
        raise BackendUnavailable(
            f"There is no adapter folder {folder.name} in the models folder.",
            "Put the adapter there (adapter_config.json, adapter_model.safetensors), then retry.",
        )
    _check_files(real)
    kind = _read(config).get("peft_type")
    if kind != "LORA":
        raise BackendUnavailable(
            "The adapter is not a LoRA adapter.", "Use one whose peft_type is LORA."
        )
    return real


def fingerprint(folder: Path) -> str:
    """Return ``sha256:`` and the start of a hash over the weights, configs and tokenizer."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        if path.suffix not in {".safetensors", ".json", ".jinja"}:
            continue
        digest.update(path.name.encode())
        with path.open("rb") as file:
            while chunk := file.read(READ_AT_ONCE):
                digest.update(chunk)
    return f"sha256:{digest.hexdigest()[:32]}"


def _inside(folder: Path, allowed: Path) -> Path:
    real, root = folder.resolve(), allowed.resolve()
    if not real.is_relative_to(root) or real == root:
        raise BackendUnavailable(
            "The model folder lies outside the models folder.", "Move it into the models folder."
        )
    return real


def _check_files(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if not path.resolve().is_relative_to(folder):
            raise BackendUnavailable(f"{path.name} in the model folder points outside it.", LINKED)
        if not path.is_dir() and not path.is_file():
            raise BackendUnavailable(
                f"{path.name} in the model folder is not a plain file.", "Remove it."
            )
        if path.suffix.lower() in CODE:
            raise BackendUnavailable(
                f"The model folder holds code or pickles ({path.name}).",
                f"{PLAIN} Remove the file if the model needs none.",
            )
    if not list(folder.glob("*.safetensors")):
        raise BackendUnavailable(
            "The model folder has no safetensors weights; other formats can run code.",
            "Save the model as safetensors, then retry.",
        )
    for path in sorted(folder.glob("*.json")):
        if path.name.endswith(".safetensors.index.json"):
            _check_index(path)
        elif path.name not in DATA and not path.name.endswith(".index.json"):
            _check_config(path)


def _check_index(path: Path) -> None:
    """Refuse an index of weights that names anything but safetensors beside it."""
    shards = _read(path).get("weight_map")
    names = list(shards.values()) if isinstance(shards, dict) else []
    for name in names:
        if not isinstance(name, str) or "/" in name or not name.endswith(".safetensors"):
            raise BackendUnavailable(
                f"{path.name} of the model names weights that are not safetensors beside it.",
                "Save the model as safetensors, then retry.",
            )


def _check_config(path: Path) -> None:
    for key, value in _settings(_read(path)):
        if (key in RUNS_CODE and value not in (None, {}, [])) or _names_code(key, value):
            raise BackendUnavailable(
                f"{path.name} of the model wants to run code that came with it ({key}).", PLAIN
            )
        if key in NAMES_FILES and isinstance(value, str) and Path(value).name != value:
            raise BackendUnavailable(
                f"{path.name} of the model names a file elsewhere ({key}).",
                "Put the file into the folder and name it alone.",
            )


def _names_code(key: str, value: object) -> bool:
    return key.endswith(NAMES_CODE) and "/" in json.dumps(value)


def _settings(value: object) -> Iterator[tuple[str, Any]]:
    """Yield every key with its value, however deep."""
    inside = value if isinstance(value, list) else []
    if isinstance(value, dict):
        yield from value.items()
        inside = list(value.values())
    for one in inside:
        yield from _settings(one)


def _read(path: Path) -> dict[str, Any]:
    config = None
    if path.stat().st_size <= LARGEST_CONFIG:
        try:
            config = json.loads(path.read_bytes())
        except (ValueError, RecursionError):
            config = None
    if not isinstance(config, dict):
        raise BackendUnavailable(f"{path.name} of the model is not a JSON object.", "Replace it.")
    return config

"""Look a model folder over before anything in it is loaded."""

import hashlib
import json
from pathlib import Path

from labeling.generation.backends.port import BackendUnavailable

CONFIGS = ("config.json", "generation_config.json", "tokenizer_config.json")
# Keys through which a model folder makes the library run code that came with it.
RUNS_CODE = ("auto_map", "custom_pipelines", "trust_remote_code", "_attn_implementation_internal")
READ_AT_ONCE = 1 << 20


def check_folder(folder: Path, allowed: Path) -> Path:
    """Return the folder's real path; raise BackendUnavailable unless it is safe to load.

    It must lie inside ``allowed`` with all its files, hold its weights as safetensors and
    ask for no code of its own.
    """
    real, root = folder.resolve(), allowed.resolve()
    if not real.is_relative_to(root) or real == root:
        raise BackendUnavailable(
            "The model folder lies outside the models folder.", "Move it into the models folder."
        )
    if not (real / "config.json").is_file():
        raise BackendUnavailable(
            f"There is no model folder {folder.name} in the models folder.",
            "Put the model there (config.json, tokenizer, safetensors), then retry.",
        )
    for path in real.rglob("*"):
        if not path.resolve().is_relative_to(real):
            raise BackendUnavailable(
                f"{path.name} in the model folder points outside it.",
                "Replace the link by the file itself.",
            )
    if not list(real.glob("*.safetensors")):
        raise BackendUnavailable(
            "The model folder has no safetensors weights; other formats can run code.",
            "Save the model as safetensors, then retry.",
        )
    _check_configs(real)
    return real


def _check_configs(folder: Path) -> None:
    for name in CONFIGS:
        path = folder / name
        if not path.is_file():
            continue
        try:
            config = json.loads(path.read_bytes())
        except ValueError:
            config = None
        if not isinstance(config, dict):
            raise BackendUnavailable(f"{name} of the model is not a JSON object.", "Replace it.")
        asking = sorted(key for key in RUNS_CODE if key in config)
        if asking:
            raise BackendUnavailable(
                f"{name} of the model wants to run code that came with it ({asking[0]}).",
                "Use a model that the transformers library knows without such code.",
            )


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

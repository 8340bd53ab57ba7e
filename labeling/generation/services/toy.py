"""Build the toy model from the demo campaign's text."""

import importlib
import json
import secrets
import shutil
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from labeling.generation.backends.port import BackendUnavailable
from labeling.generation.queries.offers import toy_folder

LEFT_BEHIND_SECONDS = 1800
NO_LOCAL_MODELS = (
    "This worker has no local models: torch and transformers are not installed.",
    "Start it with `make run` (without LOCAL=0), or use an endpoint.",
)


def build_toy_model(*, force: bool) -> Any:
    """Train the toy model and put it in place in one step; return what the training came to.

    Without ``force`` an existing one is kept and None returned. Two builds at a time end
    with one of the two models. Raises BackendUnavailable without the `local` extra.
    """
    target = toy_folder()
    if target.exists() and not force:
        return None
    toy = import_local("toy")
    target.parent.mkdir(parents=True, exist_ok=True)
    _clear_left_behind(target)
    folder = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    folder.mkdir()
    try:
        trained = toy.train_toy(lessons=list(_lessons(toy.Lesson)), folder=folder)
        _put_in_place(folder, target, force=force)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return trained


def import_local(name: str) -> Any:
    """Import a backend that needs the `local` extra; raise BackendUnavailable without it."""
    try:
        return importlib.import_module(f"labeling.generation.backends.{name}")
    except ImportError as error:
        raise BackendUnavailable(*NO_LOCAL_MODELS) from error


def _lessons(lesson: Any) -> Iterator[Any]:
    text = resources.files("labeling.generation.demo").joinpath("prompts.jsonl")
    for line in text.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for candidate in row["candidates"]:
            yield lesson(row["messages"], candidate["text"])


def _put_in_place(folder: Path, target: Path, *, force: bool) -> None:
    if force and target.exists():
        old = target.with_name(f"{folder.name}-old")
        target.rename(old)
        folder.rename(target)
        shutil.rmtree(old)
    elif not target.exists():
        folder.rename(target)


def _clear_left_behind(target: Path) -> None:
    """Remove what builds that were killed left behind."""
    for entry in target.parent.glob(f".{target.name}-*"):
        if time.time() - entry.stat().st_mtime > LEFT_BEHIND_SECONDS:
            shutil.rmtree(entry, ignore_errors=True)

"""Requests and outcomes as lines of JSON, between a worker and its model process."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from labeling.generation.backends.port import Completion, Failure, Outcome, Request
from labeling.generation.framing import Framing
from labeling.generation.recipe import Recipe


@dataclass(frozen=True)
class ModelSpec:
    """Which model a process loads, and how.

    ``adapter`` is a LoRA folder beside the models, or empty. ``dtype`` and ``device`` are
    names that torch knows, or ``auto``. ``allowed`` are the full names the operator allows.
    """

    name: str
    revision: str
    models_dir: str
    allowed: tuple[str, ...] = ()
    adapter: str = ""
    dtype: str = "auto"
    device: str = "auto"


def line(message: Mapping[str, Any]) -> bytes:
    """Return a message as one line."""
    return orjson.dumps(message) + b"\n"


def spec_of(value: Mapping[str, Any]) -> ModelSpec:
    """Read a specification."""
    return ModelSpec(**{**value, "allowed": tuple(value["allowed"])})


def request_of(value: Mapping[str, Any]) -> Request:
    """Read a request."""
    recipe = {**value["parameters"], "stop": tuple(value["parameters"]["stop"])}
    framing = Framing(**value["framing"])
    return Request(value["messages"], value["seed"], Recipe(**recipe), framing)


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Write an outcome."""
    kind = "completion" if isinstance(outcome, Completion) else "failure"
    return {kind: asdict(outcome)}


def outcome_of(value: Mapping[str, Any]) -> Outcome:
    """Read an outcome."""
    if "completion" in value:
        return Completion(**value["completion"])
    return Failure(**value["failure"])

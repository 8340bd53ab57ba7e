"""What every backend takes and gives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from labeling.generation.framing import AS_IT_IS, Framing, Messages
from labeling.generation.recipe import Recipe


@dataclass(frozen=True)
class Request:
    """One candidate to make."""

    messages: Messages
    seed: int
    parameters: Recipe
    framing: Framing = AS_IT_IS


@dataclass(frozen=True)
class Completion:
    """One text that a model finished, with where it came from.

    ``finish_reason`` is ``stop`` or ``length``, or what the server called it. ``parameters``
    is what was really used. ``latency_ms`` is the time of the call that brought the text; a
    local model's call brings a whole batch. ``response_id`` is what the server calls it: no two
    texts of a run have the same.
    """

    text: str
    finish_reason: str
    latency_ms: int
    model_label: str
    parameters: Mapping[str, Any]
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    model_revision: str = ""
    template_hash: str = ""
    response_id: str = ""


@dataclass(frozen=True)
class Failure:
    """Why no text came: the cause in words, what to do, and whether trying again may help.

    The cause holds nothing that differs from candidate to candidate, so that equal failures
    can be counted together, and never a key or what a server wrote.
    """

    cause: str
    remedy: str
    retriable: bool = False

    def __str__(self) -> str:
        return f"{self.cause}\n{self.remedy}"


@dataclass(frozen=True)
class Postponed:
    """It was not tried: the server takes no more for now. The candidate waits, as before."""


Outcome = Completion | Failure | Postponed


class BackendUnavailable(Exception):
    """No candidate of this generator can be made here; carries the failure of all of them."""

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{cause} {remedy}")
        self.failure = Failure(cause, remedy)


class Backend(Protocol):
    """One model, ready to answer."""

    @property
    def batch_size(self) -> int:
        """Return how many requests are best given at once."""

    def complete(self, requests: Sequence[Request]) -> Iterator[Mapping[int, Outcome]]:
        """Yield outcomes as they come, by place in ``requests``: each place once, none left out.

        Raises BackendUnavailable when nothing more can be made; what was yielded stands.
        """

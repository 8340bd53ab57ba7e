"""Read what an OpenAI-compatible server answered, strictly."""

import math
from collections.abc import Mapping
from typing import Any

import orjson

from labeling.generation.backends.port import Completion, Failure

SPEAKS_OTHERWISE = "Check that base_url in MODEL_ENDPOINTS is an OpenAI-compatible server."
NOT_SENT_ON = {"messages", "model", "stream", "n"}


class BadAnswer(Exception):
    """The answer cannot be taken as a finished text."""

    def __init__(self, cause: str, *, remedy: str = SPEAKS_OTHERWISE) -> None:
        super().__init__(cause)
        self.failure = Failure(cause, remedy)


def read_answer(content: bytes, *, body: Mapping[str, Any], latency_ms: int) -> Completion:
    """Return the text of the one choice that a server gave, or raise BadAnswer.

    ``body`` is what was sent. A text that the server does not call finished is refused.
    """
    answer = _json_object(content)
    choices = answer.get("choices")
    if not isinstance(choices, list) or len(choices) != 1 or not isinstance(choices[0], dict):
        raise BadAnswer("The server's answer does not have exactly one choice.")
    message = choices[0].get("message")
    text = message.get("content") if isinstance(message, dict) else None
    if not isinstance(text, str):
        raise BadAnswer("The server's answer has no text.")
    finish_reason = choices[0].get("finish_reason")
    if not isinstance(finish_reason, str) or not finish_reason:
        raise BadAnswer("The server did not say that the text is finished.", remedy="Retry it.")
    usage = answer.get("usage")
    counts = usage if isinstance(usage, dict) else {}
    return Completion(
        text=text,
        finish_reason=finish_reason,
        latency_ms=latency_ms,
        model_label=body["model"],
        model_revision=_revision(answer, body["model"]),
        parameters={name: value for name, value in body.items() if name not in NOT_SENT_ON},
        prompt_tokens=_count(counts.get("prompt_tokens")),
        completion_tokens=_count(counts.get("completion_tokens")),
    )


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BadAnswer("The server's answer is not complete JSON.", remedy="Retry it.") from error
    if not isinstance(answer, dict):
        raise BadAnswer("The server's answer is not a JSON object.")
    return answer


def _revision(answer: Mapping[str, Any], asked: str) -> str:
    """Return what the server says of its model: its name where it differs, its fingerprint."""
    served, fingerprint = answer.get("model"), answer.get("system_fingerprint")
    parts = [served if served != asked else None, fingerprint]
    return " ".join(part for part in parts if isinstance(part, str) and part)


def _count(value: object) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < math.inf else None  # type: ignore[return-value,operator]  # whole

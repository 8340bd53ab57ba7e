"""Read what an OpenAI-compatible server answered, strictly."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from labeling.generation.backends.port import Completion, Failure
from labeling.generation.backends.turns import Tokens
from labeling.generation.texts import hash_of

SPEAKS_OTHERWISE = "Check that base_url in MODEL_ENDPOINTS is an OpenAI-compatible server."
NOT_SENT_ON = {"messages", "prompt", "chat_template", "model", "stream", "n"}
Json = Mapping[str, Any]


class BadAnswer(Exception):
    """The answer cannot be taken as finished texts."""

    def __init__(
        self, cause: str, *, remedy: str = SPEAKS_OTHERWISE, retriable: bool = False
    ) -> None:
        super().__init__(cause)
        self.failure = Failure(cause, remedy, retriable=retriable)


def read_answer(content: bytes, *, body: Json, latency_ms: int) -> list[Completion]:
    """Return the texts that a server gave, as many as ``body`` asked for; raise BadAnswer.

    A text that the server does not call finished is refused, and so are answers of another
    model. What was read and written stands with the first text.
    """
    answer = json_object(content)
    choices = answer.get("choices")
    if not isinstance(choices, list) or not all(isinstance(one, dict) for one in choices):
        raise BadAnswer("The server's answer has no list of choices.")
    if len(choices) != body["n"]:
        raise BadAnswer("The server's answer does not have as many choices as were asked for.")
    served = answer.get("model")
    if isinstance(served, str) and not is_same_model(body["model"], served):
        raise BadAnswer(
            "The server answered with another model.",
            remedy="Check what the server serves under this name, then retry.",
            retriable=True,
        )
    return list(_completions(answer, choices, body, latency_ms))


def tokens_of(content: bytes) -> Tokens | None:
    """Return what an answer says was read and written; None where it does not say both."""
    try:
        usage = json_object(content).get("usage")
    except BadAnswer:
        return None
    counts = usage if isinstance(usage, dict) else {}
    read, written = _count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens"))
    return None if read is None or written is None else Tokens(read, written)


def is_same_model(asked: str, served: str) -> bool:
    """Tell whether a server may call the model so: by its last name, with a version or without."""
    one, other = (name.casefold().rstrip("/").rsplit("/")[-1] for name in (asked, served))
    return one.startswith(other) or other.startswith(one)


def json_object(content: bytes) -> dict[str, Any]:
    """Return the object that an answer is; raise BadAnswer."""
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BadAnswer(
            "The server's answer is not complete JSON.", remedy="Retry it.", retriable=True
        ) from error
    if not isinstance(answer, dict):
        raise BadAnswer("The server's answer is not a JSON object.")
    return answer


def _completions(
    answer: Json, choices: list[dict[str, Any]], body: Json, latency_ms: int
) -> Iterator[Completion]:
    usage = answer.get("usage")
    counts = usage if isinstance(usage, dict) else {}
    for at, choice in enumerate(choices):
        text, finish_reason = _finished(choice, is_plain="prompt" in body)
        yield Completion(
            text=text,
            finish_reason=finish_reason,
            latency_ms=latency_ms,
            model_label=body["model"],
            model_revision=_revision(answer, body["model"]),
            template_hash=hash_of(body["chat_template"]) if "chat_template" in body else "",
            parameters={name: value for name, value in body.items() if name not in NOT_SENT_ON},
            prompt_tokens=0 if at else _count(counts.get("prompt_tokens")),
            completion_tokens=0 if at else _count(counts.get("completion_tokens")),
            response_id=_response_id(answer, at),
        )


def _finished(choice: Json, *, is_plain: bool) -> tuple[str, str]:
    """Return the text of a choice and why it ended; raise BadAnswer."""
    message = choice.get("message")
    said = message.get("content") if isinstance(message, dict) else None
    text, finish_reason = choice.get("text") if is_plain else said, choice.get("finish_reason")
    if not isinstance(text, str):
        raise BadAnswer("The server's answer has no text.")
    if not isinstance(finish_reason, str) or not finish_reason:
        raise BadAnswer("The server did not say that the text is finished.", remedy="Retry it.")
    return text, finish_reason


def _revision(answer: Json, asked: str) -> str:
    """Return what the server says of its model: its name where it differs, its fingerprint."""
    served, fingerprint = answer.get("model"), answer.get("system_fingerprint")
    parts = [served if served != asked else None, fingerprint]
    return " ".join(part for part in parts if isinstance(part, str) and part)


def _response_id(answer: Json, at: int) -> str:
    given = answer.get("id")
    return f"{given[:180]}#{at}" if isinstance(given, str) and given else ""


def _count(value: object) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < math.inf else None  # type: ignore[return-value,operator]  # whole

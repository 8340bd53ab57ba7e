"""One raw row of a file → a prompt with its ready responses, or the problems it has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from labeling.prompts.messages import (
    ASSISTANT,
    SYSTEM,
    USER,
    Message,
    check_conversation,
    hash_of_json,
    kind_of,
    read_messages,
    read_text,
)
from labeling.prompts.problems import Problem
from labeling.prompts.responses import Response, hash_of_responses, read_responses
from labeling.prompts.texts import flaw_of_text, showable

MOST_TAGS = 50
LONGEST_TAG = 100
LONGEST_LABEL = 200
LONGEST_LANGUAGE = 35
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Row:
    """A row that can be stored: the conversation and what came with it."""

    messages: list[Message]
    external_id: str
    tags: list[str]
    language: str
    source: str
    candidates: list[Response]

    @cached_property
    def content_hash(self) -> str:
        """The SHA-256 that tells prompts apart."""
        return hash_of_json(self.messages)

    @cached_property
    def responses_hash(self) -> str:
        """The SHA-256 that tells sets of ready responses apart, whatever their order."""
        return hash_of_responses(self.candidates)


def read_row(fields: Mapping[str, Any]) -> Row | list[Problem]:
    """Return the row that these fields describe, or everything that is wrong with it.

    Fields that are not of the import format are passed over.
    """
    problems: list[Problem] = []
    row = Row(
        messages=_conversation(fields, problems),
        external_id=_external_id(fields.get("external_id"), problems),
        tags=_tags(fields.get("tags"), problems),
        language=_language(fields.get("language"), problems),
        source=_label(fields.get("source"), "source", problems),
        candidates=_candidates(fields, problems),
    )
    return problems or row


def _conversation(fields: Mapping[str, Any], problems: list[Problem]) -> list[Message]:
    messages, prompt = fields.get("messages"), fields.get("prompt")
    if messages is None and prompt is None:
        reason = "The row has neither messages nor prompt. Give one of them."
        problems.append(Problem("prompt", "missing", reason))
        return []
    if messages is not None and prompt is not None:
        reason = "The row has messages and prompt. Give one of them."
        problems.append(Problem("messages", "ambiguous", reason))
        return []
    before = len(problems)
    field = "prompt" if messages is None else "messages"
    turns = _turns(prompt if messages is None else messages, field, problems)
    turns = _history(fields.get("history"), problems) + turns
    turns = _with_system(fields.get("system"), turns, problems)
    if len(problems) == before:
        check_conversation(turns, field, problems)
    return turns


def _turns(value: Any, field: str, problems: list[Problem]) -> list[Message]:
    if field == "prompt" and not isinstance(value, list):
        text = read_text(value, field, problems)
        return [] if text is None else [Message(role=USER, content=text)]
    return read_messages(value, field, problems)


def _history(value: Any, problems: list[Problem]) -> list[Message]:
    """Return earlier turns, given as messages or as pairs of question and answer."""
    if value is None:
        return []
    if isinstance(value, list) and value and all(isinstance(turn, list) for turn in value):
        if any(len(pair) != 2 for pair in value):
            reason = "Each entry must be a pair: what the user said, what the assistant answered."
            problems.append(Problem("history", "wrong_type", reason))
            return []
        value = [
            {"role": role, "content": text}
            for pair in value
            for role, text in zip((USER, ASSISTANT), pair, strict=True)
        ]
    return read_messages(value, "history", problems)


def _with_system(value: Any, turns: list[Message], problems: list[Problem]) -> list[Message]:
    if value is None or value == "":
        return turns
    text = read_text(value, "system", problems)
    if turns and turns[0]["role"] == SYSTEM:
        reason = "There is a system field and a system turn. Give one of them."
        problems.append(Problem("system", "ambiguous", reason))
    return turns if text is None else [Message(role=SYSTEM, content=text), *turns]


def _candidates(fields: Mapping[str, Any], problems: list[Problem]) -> list[Response]:
    candidates, responses = fields.get("candidates"), fields.get("responses")
    if candidates is not None and responses is not None:
        reason = "The row has candidates and responses. Give one of them."
        problems.append(Problem("candidates", "ambiguous", reason))
        return []
    field = "responses" if candidates is None else "candidates"
    value = responses if candidates is None else candidates
    return [] if value is None else read_responses(value, field, problems)


def _external_id(value: Any, problems: list[Problem]) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return _label(value, "external_id", problems)


def _label(value: Any, field: str, problems: list[Problem], longest: int = LONGEST_LABEL) -> str:
    """Return a short text of one line, or "" when there is none or it does not hold."""
    if value is None or value == "":
        return ""
    problem = _flaw_of_label(value, field, longest)
    if problem is None:
        return str(value).strip()
    problems.append(problem)
    return ""


def _flaw_of_label(value: Any, field: str, longest: int) -> Problem | None:
    if not isinstance(value, str):
        return Problem(field, "wrong_type", f"This is {kind_of(value)}. Write text.")
    if not value.strip():
        return Problem(field, "blank", "The text is only white space. Write something or leave it.")
    if len(value) > longest:
        reason = f"{len(value):,} characters; at most {longest} fit. Shorten it."
        return Problem(field, "too_long", reason)
    return flaw_of_text(value, field)


def _tags(value: Any, problems: list[Problem]) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        reason = f'This is {kind_of(value)}. Write a list of texts, such as ["code", "short"].'
        problems.append(Problem("tags", "wrong_type", reason))
        return []
    if len(value) > MOST_TAGS:
        reason = f"{len(value):,} tags; at most {MOST_TAGS} fit. Leave some out."
        problems.append(Problem("tags", "too_many", reason))
        return []
    tags = []
    for at, tag in enumerate(value):
        problem = _flaw_of_label(tag, f"tags[{at}]", LONGEST_TAG)
        if problem is not None:
            problems.append(problem)
            return []
        tags.append(tag.strip())
    return list(dict.fromkeys(tags))


def _language(value: Any, problems: list[Problem]) -> str:
    language = _label(value, "language", problems, LONGEST_LANGUAGE)
    if language and LANGUAGE.fullmatch(language) is None:
        reason = f"“{showable(language)}” is not a language tag. Write one such as en or pt-BR."
        problems.append(Problem("language", "bad_language", reason))
        return ""
    return language

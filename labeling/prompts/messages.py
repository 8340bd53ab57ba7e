"""OpenAI-style messages: what a conversation may be, and the one form it is kept in."""

import hashlib
from typing import Any, TypedDict

import orjson

from labeling.prompts.problems import Problem
from labeling.prompts.texts import flaw_of_text, showable

SYSTEM, USER, ASSISTANT = "system", "user", "assistant"
ROLES = (SYSTEM, USER, ASSISTANT)
MOST_TURNS = 1_000
LONGEST_TEXT = 1_000_000
LONGEST_CONVERSATION = 2_000_000


class Message(TypedDict):
    """One turn of a conversation."""

    role: str
    content: str


def canonical_json(value: Any) -> bytes:
    """Return the one JSON text of a value: sorted keys, no spaces, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def hash_of_json(value: Any) -> str:
    """Return the SHA-256 (hex) of a value's canonical JSON."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def kind_of(value: Any) -> str:
    """Name a JSON value's kind in words."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number"}
    return "null" if value is None else names.get(type(value), f"a {type(value).__name__}")


def read_messages(value: Any, field: str, problems: list[Problem]) -> list[Message]:
    """Return the turns of a list of messages, each checked by itself; note what is wrong.

    The order of roles is the whole conversation's affair: see ``check_conversation``.
    """
    if not isinstance(value, list):
        reason = f"This is {kind_of(value)}. Write a list of messages."
        problems.append(Problem(field, "wrong_type", reason))
        return []
    if len(value) > MOST_TURNS:
        reason = f"{len(value):,} messages; at most {MOST_TURNS:,} fit. Shorten the conversation."
        problems.append(Problem(field, "too_many", reason))
        return []
    read = (_message(item, f"{field}[{at}]", problems) for at, item in enumerate(value))
    return [message for message in read if message is not None]


def _message(item: Any, field: str, problems: list[Problem]) -> Message | None:
    if not isinstance(item, dict):
        reason = f'This is {kind_of(item)}. Write {{"role": "user", "content": "…"}}.'
        problems.append(Problem(field, "wrong_type", reason))
        return None
    extra = sorted(str(key) for key in item if key not in Message.__annotations__)
    extra = [key for key in extra if item.get(key) is not None]
    if extra:
        reason = f"“{showable(extra[0], 40)}” cannot be kept. A message has role and content only."
        problems.append(Problem(f"{field}.{showable(extra[0], 40)}", "unknown_key", reason))
    role = _role(item.get("role"), f"{field}.role", problems)
    content = read_text(item.get("content"), f"{field}.content", problems)
    if role is None or content is None:
        return None
    return Message(role=role, content=content)


def _role(value: Any, field: str, problems: list[Problem]) -> str | None:
    if isinstance(value, str) and value in ROLES:
        return value
    given = f"“{showable(value, 40)}”" if isinstance(value, str) else kind_of(value)
    reason = f"The role is {given}. Use system, user or assistant."
    problems.append(Problem(field, "unknown_role", reason))
    return None


def read_text(
    value: Any, field: str, problems: list[Problem], *, blank: bool = False
) -> str | None:
    """Return a text exactly as it is, or None after noting why it cannot be kept.

    ``blank`` lets a text through that is empty or holds only white space.
    """
    problem = _flaw(value, field, blank=blank)
    if problem is None:
        return str(value)
    problems.append(problem)
    return None


def _flaw(value: Any, field: str, *, blank: bool) -> Problem | None:
    if not isinstance(value, str):
        return Problem(field, "wrong_type", f"This is {kind_of(value)}. Write text.")
    if not value.strip() and not blank:
        return Problem(field, "blank", "The text is empty or only white space. Write something.")
    if len(value) > LONGEST_TEXT:
        reason = f"{len(value):,} characters; at most {LONGEST_TEXT:,} fit. Shorten the text."
        return Problem(field, "too_long", reason)
    return flaw_of_text(value, field)


def check_conversation(messages: list[Message], field: str, problems: list[Problem]) -> None:
    """Note what is wrong with the order of a conversation's turns and with its size.

    An optional system turn comes first, then user and assistant in turn, the last one user.
    """
    if not messages:
        problems.append(Problem(field, "empty", "There is no message. Write at least a user turn."))
        return
    turns = messages[1:] if messages[0]["role"] == SYSTEM else messages
    if not turns:
        reason = "There is only a system turn. Add the user turn to be answered."
        problems.append(Problem(field, "no_user_turn", reason))
        return
    first = len(messages) - len(turns)
    for at, turn in enumerate(turns):
        wanted = ASSISTANT if at % 2 else USER
        if turn["role"] != wanted:
            problems.append(_out_of_order(f"{field}[{first + at}].role", turn["role"], wanted))
            return
    if turns[-1]["role"] != USER:
        reason = "The last turn is the assistant's. End with the user turn that is to be answered."
        problems.append(Problem(f"{field}[{len(messages) - 1}].role", "last_turn_not_user", reason))
    if sum(len(turn["content"]) for turn in messages) > LONGEST_CONVERSATION:
        reason = f"The conversation is longer than {LONGEST_CONVERSATION:,} characters. Shorten it."
        problems.append(Problem(field, "too_long", reason))


def _out_of_order(field: str, role: str, wanted: str) -> Problem:
    if role == SYSTEM:
        reason = "A system turn stands inside the conversation. It may only come first, once."
    else:
        reason = f"The role is {role} where {wanted} is due. User and assistant take turns."
    return Problem(field, "roles_out_of_order", reason)

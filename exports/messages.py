"""Conversations as prompts hold them, and how their system turn is handled; plain Python."""

from collections.abc import Sequence
from typing import TypedDict

from exports.policies import System


class Message(TypedDict):
    """One turn of a conversation."""

    role: str
    content: str


Messages = tuple[Message, ...]


def root_of(messages: Sequence[Message]) -> str:
    """Return the first user turn, which all continuations of a conversation share."""
    return next((turn["content"] for turn in messages if turn["role"] == "user"), "").strip()


def fits_trainers(messages: Sequence[Message]) -> bool:
    """Tell whether a prompt is an optional system turn, then user and assistant in turn.

    The last turn is the user's, and no turn is blank: chat templates break on anything else.
    """
    turns = messages[1:] if messages and messages[0]["role"] == "system" else messages
    wanted = ["user", "assistant"] * (len(turns) // 2) + ["user"]
    return [turn["role"] for turn in turns] == wanted and all(
        turn["content"].strip() for turn in messages
    )


def shaped(messages: Messages, system: str) -> Messages:
    """Return a prompt with its system turn as the choice has it."""
    if system == System.KEEP or not messages or messages[0]["role"] != "system":
        return messages
    return messages[1:] if system == System.DROP else merged(messages)


def merged(messages: Messages) -> Messages:
    """Return a prompt with its system turn, if any, put before the first user turn."""
    if len(messages) < 2 or messages[0]["role"] != "system" or messages[1]["role"] != "user":
        return messages
    system, first, *rest = messages
    both = f"{system['content']}\n\n{first['content']}"
    return ({"role": "user", "content": both}, *rest)


def transcript(messages: Sequence[Message]) -> str:
    """Return a conversation as one text, ready for an answer that begins with a space.

    The form of the hh-rlhf dataset: two line ends before each turn, `Human:` or `Assistant:`
    before its words; a system turn comes first, by itself.
    """
    names = {"user": "Human", "assistant": "Assistant"}
    system = "".join(turn["content"] for turn in messages if turn["role"] == "system")
    turns = "".join(
        f"\n\n{names[turn['role']]}: {turn['content']}"
        for turn in messages
        if turn["role"] in names
    )
    return f"{system}{turns}\n\nAssistant:"

"""Ask a model to criticise a response under a principle, and to write it anew (Constitutional AI).

After Bai et al. 2022 (arXiv:2212.08073, section 3): each round draws a principle; the model first
says where the response fails it, then revises; the next round begins with the revision.
"""

import random
from collections.abc import Mapping, Sequence

Messages = Sequence[Mapping[str, str]]

CRITICISE = (
    "Look at your last response in the light of this principle:\n\n{principle}\n\n"
    "Say precisely where the response fails the principle, and quote the words concerned. Where it "
    "keeps to it, say what could still be better in this respect. Do not write a new response yet. "
    "Use the language of the conversation."
)
REVISE = (
    "Now write your response anew, so that it keeps to the principle and mends what you found, and "
    "is otherwise as helpful to the person as before. Write that response alone, in the language "
    "of the conversation: nothing before it, nothing after it, no word about what was changed."
)


def drawn(principles: Sequence[str], rounds: int, seed: int) -> list[str]:
    """Return the principle of each round, drawn by the seed.

    None comes twice before all have come once.
    """
    draw = random.Random(seed)  # noqa: S311 - it is to be repeatable, not secret
    order: list[str] = []
    while len(order) < rounds:
        order += draw.sample(list(principles), len(principles))
    return order[:rounds]


def asked_to_criticise(prompt: Messages, response: str, principle: str) -> list[dict[str, str]]:
    """Return the turns that ask for a critique of the response."""
    ask = CRITICISE.format(principle=principle)
    return [*map(dict, prompt), _turn("assistant", response), _turn("user", ask)]


def asked_to_revise(
    prompt: Messages, response: str, principle: str, critique: str
) -> list[dict[str, str]]:
    """Return the turns that ask for the response anew, after the critique."""
    earlier = asked_to_criticise(prompt, response, principle)
    return [*earlier, _turn("assistant", critique), _turn("user", REVISE)]


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}

"""A rule that says which of two responses is better, and prompts with responses to judge by it."""

import json
import random
from collections.abc import Iterator
from typing import Any

from bench.annotators import texts_of

KEYWORD = "sunrise"
FEWEST, MOST = 4, 10
WORDS = [
    "apple", "bread", "cloud", "door", "earth", "field", "glass", "house", "island", "jacket",
    "kettle", "lemon", "market", "night", "ocean", "paper", "quiet", "river", "stone", "table",
    "under", "valley", "winter", "yellow", "basket", "candle", "dinner", "engine", "forest",
    "garden", "harbour", "insect", "jungle", "kitchen", "ladder", "mirror", "needle", "orange",
    "pepper", "ribbon",
]  # fmt: skip


def import_rows(count: int, seed: int) -> Iterator[bytes]:
    """Yield prompts with two responses of the same words' kind, one of them with the keyword."""
    draw = random.Random(seed)
    for number in range(count):
        better, worse = _words(draw), _words(draw)
        better[draw.randrange(len(better))] = KEYWORD
        both = [better, worse]
        draw.shuffle(both)
        topic = f"{draw.choice(WORDS)} and {draw.choice(WORDS)}"
        yield json.dumps({
            "messages": [{"role": "user", "content": f"Write about {topic}, number {number}."}],
            "candidates": [{"text": " ".join(words)} for words in both],
        }).encode()  # fmt: skip


def answer(person: int, shown: dict[str, Any]) -> dict[str, Any]:
    """Prefer the response with the keyword, as everybody does."""
    ranks = [1 if is_good(text) else 2 for text in texts_of(shown)]
    return {"outcome": "ranked", "ranks": ranks}


def is_good(text: str) -> bool:
    """Tell whether a text has the keyword."""
    return KEYWORD in text.split()


def _words(draw: random.Random) -> list[str]:
    return draw.choices(WORDS, k=draw.randint(FEWEST, MOST))

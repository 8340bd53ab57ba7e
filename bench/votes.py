"""The recorded votes that the journey replays: LLMFAO (Dmitry Ustalov, CC BY 4.0)."""

import csv
import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

BAD_SHARE = 0.1  # of the ties
FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "llmfao"
Texts = tuple[str, str]


@dataclass
class Pair:
    """One recorded pair: its prompt, both texts, and who voted for which text (None: tie)."""

    prompt: str
    kind: str
    texts: Texts
    models: tuple[str, str]
    votes: dict[int, str | None] = field(default_factory=dict)


def load_pairs(folder: Path = FOLDER) -> list[Pair]:
    """Return every recorded pair with its votes, in file order."""
    names = {row["id"]: row["name"] for row in _lines(folder / "models.jsonl")}
    pairs = {
        row["id"]: Pair(
            prompt=row["text"],
            kind=row["type"],
            texts=(row["result_x"], row["result_y"]),
            models=(names[row["model_x"]], names[row["model_y"]]),
        )
        for row in _lines(folder / "pairs-crowd.jsonl")
    }
    with (folder / "crowd-comparisons.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            pair = pairs[int(row["id"])]
            text_of = dict(zip(pair.models, pair.texts, strict=True))
            voted = None if row["winner"] == "tie" else text_of[row[row["winner"]]]
            pair.votes[int(row["worker"])] = voted
    return list(pairs.values())


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def import_row(pair: Pair) -> dict:
    """Return a pair as one row of our import format; an empty answer is marked as meant."""
    return {
        "messages": [{"role": "user", "content": pair.prompt}],
        "tags": [pair.kind],
        "source": "LLMFAO",
        "candidates": [
            {"text": text, "model": model} | ({} if text.strip() else {"empty": True})
            for text, model in zip(pair.texts, pair.models, strict=True)
        ],
    }


class Voters:
    """What each person answers: their own recorded vote, else another person's, seeded."""

    def __init__(self, pairs: list[Pair], seed: int) -> None:
        self.seed = seed
        self.known: dict[tuple[str, frozenset[str]], list[Pair]] = defaultdict(list)
        for pair in pairs:
            self.known[pair.prompt, frozenset(pair.texts)].append(pair)

    def vote(self, worker: int, prompt: str, texts: Texts) -> tuple[str | None, bool]:
        """Return the text this person prefers (None: tie), and whether the vote is their own.

        Different models may have answered with the same two texts; such pairs cannot be told
        apart on the screen, so their votes are one pool.
        """
        pairs = self.known[prompt, frozenset(texts)]
        for pair in pairs:
            if worker in pair.votes:
                return pair.votes[worker], True
        pool = [vote for pair in pairs for _, vote in sorted(pair.votes.items())]
        return self._drawn(f"{self.seed}", worker, prompt, texts).choice(pool), False

    def finds_bad(self, worker: int, prompt: str, texts: Texts) -> bool:
        """Tell whether a person who sees no difference says that neither text is acceptable.

        Nobody could say so when the votes were recorded, so a share of the ties is drawn.
        """
        return self._drawn(f"{self.seed} bad", worker, prompt, texts).random() < BAD_SHARE

    @staticmethod
    def _drawn(seed: str, worker: int, prompt: str, texts: Texts) -> random.Random:
        return random.Random(f"{seed}:{worker}:{prompt}:{sorted(texts)}")

"""Recount a journey from its own log of what was sent, without the product's code."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets import load_dataset


@dataclass(frozen=True)
class Sent:
    """One acknowledged answer: the receipt's number, who, which text was better (None: tie)."""

    judgment: int
    person: int
    better: str | None
    texts: tuple[str, ...]
    own: bool


@dataclass(frozen=True)
class Check:
    """One thing that must hold, and what was found."""

    name: str
    holds: bool
    detail: str = ""


def recount(
    sent: list[Sent], stored: list[dict[str, Any]], folder: Path, overlap: int
) -> list[Check]:
    """Compare what was sent with what is stored and with the exported pairs."""
    compared = {row["id"]: row["comparison"] for row in stored}
    votes: dict[int, list[Sent]] = defaultdict(list)
    for one in sent:
        votes[compared.get(one.judgment, -1)].append(one)
    sizes = Counter(len(answers) for answers in votes.values())
    twice = sum(len({one.person for one in found}) < len(found) for found in votes.values())
    return [
        Check(
            "judgments stored = judgments acknowledged",
            sorted(compared) == sorted(one.judgment for one in sent),
            f"({len(compared)} and {len(sent)})",
        ),
        Check(f"every comparison has {overlap}", set(sizes) == {overlap}, f"{dict(sizes)}"),
        Check("nobody judged a comparison twice", twice == 0, f"({twice})"),
        *_check_export(votes, folder),
    ]


def majority(answers: list[Sent]) -> str | None:
    """Return the text that more than half of the answers call better, or None."""
    counts = Counter(one.better for one in answers if one.better is not None)
    text, most = counts.most_common(1)[0] if counts else (None, 0)
    return text if 2 * most > len(answers) else None


def _check_export(votes: dict[int, list[Sent]], folder: Path) -> list[Check]:
    expected = {
        comparison: (winner, next(text for text in answers[0].texts if text != winner))
        for comparison, answers in votes.items()
        if (winner := majority(answers)) is not None
    }
    expected = {key: pair for key, pair in expected.items() if all(t.strip() for t in pair)}
    checks = []
    for config in ("parquet", "jsonl"):
        rows = load_dataset(str(folder), config, split="train", cache_dir=str(folder / ".cache"))
        found = {
            row["comparison_id"]: (row["chosen"][0]["content"], row["rejected"][0]["content"])
            for row in rows
        }
        wrong = sum(expected.get(key) != pair for key, pair in found.items())
        checks += [
            Check(
                f"{config}: every chosen and rejected is the majority's",
                found == expected and len(rows) == len(found),
                f"({len(rows)} pairs, {wrong} wrong, {len(set(expected) - set(found))} missing)",
            ),
            Check(
                f"{config}: no comparison without a majority is in it (ties, both-bad)",
                not set(found) - set(expected),
                f"({len(votes) - len(expected)} left out)",
            ),
        ]
    return checks

"""Recount a journey from its own log of what was sent, without the product's code."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets import load_dataset


@dataclass(frozen=True)
class Sent:
    """One acknowledged answer: the receipt's number, who, and what they said.

    ``better`` is the text that was ranked first, None for a tie and for both bad.
    """

    judgment: int
    person: int
    prompt: str
    outcome: str
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
    sent: list[Sent], stored: list[dict[str, Any]], folder: Path, *, overlap: int, pairs: int
) -> list[Check]:
    """Compare what was sent with what is stored and with the exported pairs."""
    votes = _by_comparison(sent, stored)
    return [*check_judgments(sent, stored, overlap=overlap, pairs=pairs),
            *_check_export(votes, folder)]  # fmt: skip


def check_judgments(
    sent: list[Sent], stored: list[dict[str, Any]], *, overlap: int, pairs: int
) -> list[Check]:
    """Compare what was sent with what is stored; ``pairs`` is how many comparisons there are."""
    said = {row["id"]: row["outcome"] for row in stored}
    votes = _by_comparison(sent, stored)
    sizes = Counter(len(answers) for answers in votes.values())
    other = sum(said.get(one.judgment) != one.outcome for one in sent)
    twice = sum(len({one.person for one in found}) < len(found) for found in votes.values())
    return [
        Check(
            "judgments stored = judgments acknowledged",
            sorted(said) == sorted(one.judgment for one in sent),
            f"({len(said)} and {len(sent)})",
        ),
        Check(
            "every outcome is stored as it was sent",
            other == 0,
            f"({other} others; {_how_many(sent)})",
        ),
        Check("every pair imported was judged", len(votes) == pairs, f"({len(votes)} of {pairs})"),
        Check(f"every comparison has {overlap}", set(sizes) == {overlap}, f"{dict(sizes)}"),
        Check("nobody judged a comparison twice", twice == 0, f"({twice})"),
    ]


def _by_comparison(sent: list[Sent], stored: list[dict[str, Any]]) -> dict[int, list[Sent]]:
    compared = {row["id"]: row["comparison"] for row in stored}
    votes: dict[int, list[Sent]] = defaultdict(list)
    for one in sent:
        votes[compared.get(one.judgment, -1)].append(one)
    return votes


def _how_many(sent: list[Sent]) -> str:
    counts = Counter(one.outcome for one in sent)
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in sorted(counts))


def majority(answers: list[Sent]) -> str | None:
    """Return the text that more than half of the answers call better, or None.

    Ties and both-bad are answers that call neither text better.
    """
    counts = Counter(one.better for one in answers if one.better is not None)
    text, most = counts.most_common(1)[0] if counts else (None, 0)
    return text if 2 * most > len(answers) else None


def _check_export(votes: dict[int, list[Sent]], folder: Path) -> list[Check]:
    expected = {key: (winner, *_others(found, winner)) for key, found in votes.items()
                if (winner := majority(found)) is not None}  # fmt: skip
    excused = _excused(votes, expected)
    checks = []
    for config, inside in (("parquet", folder), ("jsonl", folder / "jsonl")):
        rows = load_dataset(str(inside), split="train", cache_dir=str(folder / ".cache"))
        found = {
            row["comparison_id"]: (row["chosen"][0]["content"], row["rejected"][0]["content"])
            for row in rows
        }
        wrong = [key for key, pair in found.items() if expected.get(key) != pair]
        missing = set(expected) - set(found) - excused
        checks += [
            Check(f"{config}: every chosen and rejected is the majority's", not wrong,
                  f"({len(rows)} pairs, {len(wrong)} wrong)"),
            Check(f"{config}: nothing without a majority became a pair",
                  not set(found) - set(expected), _left_out(votes, expected)),
            Check(f"{config}: no majority is missing", not missing,
                  f"({len(missing)} missing; {len(excused - set(found))} left out for an "
                  "empty side or for texts that another comparison repeats)"),
        ]  # fmt: skip
    return checks


def _left_out(votes: dict[int, list[Sent]], expected: dict[int, Any]) -> str:
    without = [answers for key, answers in votes.items() if key not in expected]
    bad = sum(any(one.outcome == "both_bad" for one in answers) for answers in without)
    return f"({len(without)} left out, {bad} of them with a both-bad)"


def _others(answers: list[Sent], winner: str) -> list[str]:
    return [text for text in answers[0].texts if text != winner]


def _excused(votes: dict[int, list[Sent]], expected: dict[int, tuple[str, ...]]) -> set[int]:
    """Return the comparisons an export may leave out although they have a majority.

    An empty side teaches nothing, and two comparisons of the same texts are one pair (or, if
    they disagree, none).
    """
    asked = {key: (votes[key][0].prompt, frozenset(pair)) for key, pair in expected.items()}
    times = Counter(asked.values())
    return {
        key for key, pair in expected.items()
        if not all(text.strip() for text in pair) or times[asked[key]] > 1
    }  # fmt: skip

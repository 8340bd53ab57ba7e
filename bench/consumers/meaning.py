"""Which response a row of each configuration prefers to which, as its format means it."""

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

from bench.consumers.truth import whole

Row = dict[str, Any]
Pair = tuple[Any, str, str]


def _explicit(row: Row) -> Iterator[Pair]:
    yield row["prompt"], row["chosen"][0]["content"], row["rejected"][0]["content"]


def _implicit(row: Row) -> Iterator[Pair]:
    yield whole(row["chosen"], row["rejected"])


def _texts(row: Row) -> Iterator[Pair]:
    yield row["prompt"], row["chosen"], row["rejected"]


def _turns(row: Row) -> Iterator[Pair]:
    yield row["messages"], row["chosen"]["content"], row["rejected"]["content"]


def _nemo_rl(row: Row) -> Iterator[Pair]:
    better, worse = sorted(row["completions"], key=lambda one: one["rank"])
    yield row["context"], *(one["completion"][0]["content"] for one in (better, worse))


def _helpsteer3(row: Row) -> Iterator[Pair]:
    sides = row["response1"], row["response2"]
    better, worse = sides if row["overall_preference"] < 0 else sides[::-1]
    yield row["context"], better, worse


def _ranking(row: Row) -> Iterator[Pair]:
    ranked = zip(row["responses"], row["ranks"], strict=True)
    for (better, rank), (worse, other) in permutations(ranked, 2):
        if rank < other:
            yield row["prompt"], better["text"], worse["text"]


PREFERENCES: dict[str, Callable[[Row], Iterator[Pair]]] = {
    "trl": _explicit,
    "openrlhf": _explicit,
    "trl_implicit": _implicit,
    "rewardbench": _implicit,
    "standard": _texts,
    "verl": _texts,
    "llamafactory": _turns,
    "axolotl": _turns,
    "nemo_rl": _nemo_rl,
    "helpsteer3": _helpsteer3,
    "rankings": _ranking,
}

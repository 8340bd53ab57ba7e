"""Records as exports are made of them, for tests that need no database."""

from typing import TypeVar

from exports.judged import Judged
from exports.messages import Message, Messages
from exports.records import (
    JUDGED,
    Answer,
    Chain,
    Demonstration,
    Pair,
    PromptFacts,
    PromptRow,
    Ranking,
    Response,
    RoundFacts,
    Row,
    Single,
    Step,
    Vote,
)
from exports.splits import TRAIN
from labeling.quality.consensus import Ballot

TEXTS = [
    "plain",
    "# Überschrift\n\n| a | b |\n| - | - |\n| 1 | 2 |",
    "```python\nprint('\\u0000')\n```\r\n",
    "مرحبا بالعالم",
    "番茄和黄瓜",
    "👩‍👩‍👧 🇪🇺 \u2028 \x00 \ufeff",
    "2024-01-01",
    '"quotes" \\ and, commas',
    '=HYPERLINK("http://x")',
    "- a list\n- of two",
]


R = TypeVar("R")


def replace(record: R, **changes: object) -> R:
    """Return a record with other values."""
    changed: R = record._replace(**changes)  # type: ignore[attr-defined]  # all records have it
    return changed


def turns(*roles: str, content: str = "x") -> Messages:
    return tuple(Message(role=role, content=content) for role in roles)


ROUND = RoundFacts(4, "step-400")
PROMPT = PromptFacts(
    1, turns("user", content="Why?"), "0" * 64, "forum", "q-1", "en", ("ü", "two words"), TRAIN
)
GOOD, BAD = Response(7, "Because.", "model-a"), Response(8, "No.", "")
VOTE = Vote(
    pair_id="5-0-1",
    comparison_id=5,
    judgment_ids=(11, 12, 13),
    n_votes=3,
    n_ai_votes=0,
    agreement=2 / 3,
    probability=0.6875,
    strength=1.5,
    strength_votes=2,
    margin=0.5,
    weight=1.0,
    origin=JUDGED,
    guideline_version=1,
    round=ROUND,
)
PAIR = Pair(PROMPT, GOOD, BAD, VOTE)


def answer(ranks: tuple[int, ...] | None, number: int = 1, **changes) -> Answer:
    outcome = "both_bad" if ranks is None else "ranked"
    said = Answer(number, f"{number:016x}", "human", outcome, ranks or (), 0, "")
    return replace(said, **changes)


def judged(
    *ranks: tuple[int, ...] | None, responses=(GOOD, BAD), first: int = 1, **changes
) -> Judged:
    """Return a comparison with one answer each."""
    answers = tuple(answer(one, first + at) for at, one in enumerate(ranks))
    return replace(
        Judged(
            comparison_id=5,
            round=ROUND,
            prompt=PROMPT,
            responses=responses,
            answers=answers,
            n_ai=0,
            ballots=tuple(map(Ballot, ranks)),
            given=(),
            guideline_versions=(1,) * len(answers),
            ideals=(),
        ),
        **changes,
    )


def one_of_each() -> dict[type[Row], Row]:
    """Return a record of every kind that needs no judgment row."""
    return {
        Pair: PAIR,
        Single: Single(PROMPT, GOOD, True, 2, 1, 0, (11, 12)),
        Ranking: Ranking(
            PROMPT, 5, (GOOD, BAD), (1, 2), (answer((1, 2), rationale="Clear."),), 1, ROUND
        ),
        Demonstration: Demonstration(PROMPT, "Because so.", 0, GOOD, 11, f"{3:016x}", 5),
        PromptRow: PromptRow(PROMPT),
        Chain: Chain(
            PROMPT,
            BAD,
            (Step("critique", "Be kind.", "Harsh.", "model-a"),),
            GOOD,
            "Kindness",
            2,
        ),
    }


def many_pairs(count: int) -> list[Pair]:
    """Return pairs with every kind of text, with and without a system turn."""
    pairs = []
    for n in range(count):
        text = TEXTS[n % len(TEXTS)]
        messages = (
            *turns("system", content="Be brief."),
            *turns("user", content=f"Question {n}: {text}"),
            *turns("assistant", content=text),
            *turns("user", content="Go on."),
        )
        prompt = replace(PROMPT, prompt_id=n, messages=messages[n % 2 :], tags=(text,))
        better = Response(2 * n, f"{text} better {n}", "model-a")
        worse = Response(2 * n + 1, f"{text} worse {n}", "")
        vote = replace(VOTE, pair_id=f"{n}-0-1", comparison_id=n)
        pairs.append(Pair(prompt, better, worse, vote))
    return pairs

"""What is imported and how everybody answers: texts of many kinds, with the order they are in."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.annotators import last_turn, texts_of

COPIES = 4  # of each case, under other numbers, so that each split gets some
CONTRARY = 2  # the person who disagrees where a case allows it
NUMBER = re.compile(r"\[(\d+)\]")
TRUTH = "truth.json"
Messages = list[dict[str, str]]


@dataclass(frozen=True)
class Case:
    """A conversation with its responses, their ranks, and what everybody answers about them.

    ``ideal`` is what the first person makes of the best response.
    """

    messages: Messages
    responses: list[str]
    ranks: list[int]
    outcome: str = "ranked"
    ideal: str = ""
    disputed: bool = False


def talk(*turns: str, system: str = "") -> Messages:
    """Return turns of user and assistant, the first and the last the user's."""
    roles = ("user", "assistant")
    said = [{"role": roles[at % 2], "content": text} for at, text in enumerate(turns)]
    return [*([{"role": "system", "content": system}] if system else []), *said]


CODE = (
    'Use this:\n\n```python\nprint("a\\tb")  # prints a tab\n```\n\n| a | b |\n| - | - |\n| 1 | 2 |'
)
KINDS = [
    Case(talk("Why is the sky blue?"), ["Light scatters.", "Nobody knows that."], [1, 2]),
    Case(talk("Is tea better?"), ["It depends on you.", "Yes, always."], [1, 2], disputed=True),
    Case(
        talk("Plan a trip.", "Where to?", "To Rome.", "How long?", "Two days."),
        ["Day one: the Forum. Day two: the museums.", "Rome is nice."],
        [1, 2],
    ),
    Case(talk("What is 2 + 2?", system="Be brief."), ["4", "Great question! It is four."], [1, 2]),
    Case(
        talk("Hello!", "Ahoy!", "And now?", system="You are a pirate.\n\nNever say hello."),
        ["Arr, we sail.", "Hello again."],
        [1, 2],
    ),
    Case(talk("Heads or tails?"), ["Heads.", "Tails."], [1, 1], "tie"),
    Case(talk("Give me a fact."), ["Fish fly.", "Stones swim."], [1, 2], "both_bad"),
    Case(talk("Print a tab."), [CODE, "print('\\\\t')\r\nis all\r\n"], [1, 2]),
    Case(talk("ما هي عاصمة مصر؟"), ["القاهرة هي العاصمة.", "‏باريس‏"], [1, 2]),
    Case(talk("מה השעה?"), ["אין לי שעון.", "חמש."], [1, 2], ideal="אין לי שעון, סליחה."),
    Case(talk("Smile 🙂"), ["👩‍👩‍👧 🇪🇺 done", "\u2028 no \ufeffsmile 🙃"], [1, 2]),
    Case(talk('=1+1, "quoted"?'), ["=SUM(A1)", "'tis, \"not\"\n- at all"], [1, 2]),
    Case(talk("When was it?"), ["2024-01-01", "2023-12-31"], [1, 2]),
    Case(talk("Name a colour."), ["Deep blue.", "Blue.", "A colour.", "12"], [1, 2, 3, 4]),
    Case(talk("Name a fruit."), ["A ripe fig.", "Fig.", "Pear.", "Bread."], [1, 2, 2, 4]),
    Case(talk("Thank them."), ["Thanks!", "ok"], [1, 2], ideal="Thank you all!\n\nYours"),
]  # fmt: skip


def cases() -> list[Case]:
    """Return every case in its copies; the number of each stands in its user turns."""
    kinds = [kind for _ in range(COPIES) for kind in KINDS]
    return [_numbered(kind, number) for number, kind in enumerate(kinds)]


def _numbered(kind: Case, number: int) -> Case:
    messages = [
        turn | {"content": f"{turn['content']} [{number}]"} if turn["role"] == "user" else turn
        for turn in kind.messages
    ]
    return Case(**{**asdict(kind), "messages": messages})


def import_rows(found: list[Case]) -> Iterator[bytes]:
    """Yield the cases as rows of our import format, the responses in another order each time."""
    for number, case in enumerate(found):
        turned = number % len(case.responses)
        texts = case.responses[turned:] + case.responses[:turned]
        row = {
            "messages": case.messages,
            "candidates": [{"text": one, "model": f"model-{len(one) % 3}"} for one in texts],
            "external_id": f"case-{number}",
            "tags": ["ü", "two words"],
            "source": "" if number % 2 else "cases",
        }
        yield json.dumps(row).encode()


def number_in(text: str) -> int:
    """Return the number of the case that a conversation is of."""
    return int(NUMBER.findall(text)[-1])


def answer(found: list[Case], person: int, shown: dict[str, Any]) -> dict[str, Any]:
    """Return what a person answers about a comparison."""
    case = found[number_in(last_turn(shown["prompt"]))]
    if case.outcome != "ranked":
        return {"outcome": case.outcome}
    texts = texts_of(shown)
    ranks = [case.ranks[case.responses.index(text)] for text in texts]
    if case.disputed and person == CONTRARY:
        ranks = [3 - rank for rank in ranks]
    said: dict[str, Any] = {"outcome": "ranked", "ranks": ranks, "rationale": "As I see it: 好."}
    if len(ranks) == 2:
        said["strength"] = 1 + (person + len(case.messages)) % 4
    if case.ideal and person == 0:
        said["ideal"] = {"of": "ABCD"[texts.index(case.responses[0])], "text": case.ideal}
    return said


def save_cases(found: list[Case], folder: Path) -> None:
    """Write the cases beside an export, for whoever checks its rows."""
    (folder / TRUTH).write_text(json.dumps([asdict(one) for one in found]))


def load_cases(folder: Path) -> list[Case]:
    """Return the cases that lie beside an export."""
    return [Case(**one) for one in json.loads((folder / TRUTH).read_text())]

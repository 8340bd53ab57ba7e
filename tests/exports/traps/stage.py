"""Campaigns that hold what trainers trip over, answered by one person, and their exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from labeling.assignment.models import Assignment
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.services.adoption import adopt_responses
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import Prompt, PromptSet, ReadyResponses
from labeling.ranking.answers import LETTERS, Ideal
from labeling.ranking.services.answering import skip_comparison
from tests.factories import make_campaign, make_member
from tests.stock import judge, next_for

Turns = list[dict[str, str]]


@dataclass(frozen=True)
class Case:
    """A conversation and its responses, best first; ``again`` come once more, in this order.

    ``words`` stand in its user turns and nowhere else. ``outcome`` is what the person says.
    """

    name: str
    messages: Turns
    responses: Sequence[str]
    outcome: str = "ranked"
    strength: int | None = None
    ideal: str = ""
    again: Sequence[str] = ()

    @property
    def words(self) -> str:
        """What stands in the user turns of this case alone."""
        return f"[{self.name}]"


def turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def talk(name: str, *said: str, system: str = "") -> Turns:
    """Return turns of user and assistant, the user's first; each of theirs names the case."""
    roles = ("user", "assistant")
    turns = [
        turn(roles[at % 2], text if at % 2 else f"{text} [{name}]") for at, text in enumerate(said)
    ]
    return [*([turn("system", system)] if system else []), *turns]


def plain(number: int) -> Case:
    name = f"plain {number}"
    strength = number % 5 or None
    return Case(
        name, talk(name, f"Question {number}?"), [f"Yes {number}.", "No."], "ranked", strength
    )


CODE = 'Use this:\r\n\r\n```python\r\nprint("a\\tb")\r\n```\r\n\r\n'
TALK = Case(
    "talk",
    talk("talk", "Hello!", "Ahoy!", "And now?", system="You are a pirate.\n\nNever say hello."),
    ["Arr, we sail.", "Hello again."],
    strength=4,
)
THOUGHT = Case("thought", talk("thought", "2 + 2?"), ["<think>\nEasy.\n</think>\n\n4", "5"])
RICH = [
    TALK,
    THOUGHT,
    Case("system", talk("system", "2 + 2?", system="Be brief."), ["4", "It is four!"], strength=1),
    Case("longer", talk("longer", "Plan it.", "Where to?", "Rome."), ["Day one: rest.", "No."]),
    Case("CR LF", talk("CR LF", "a\r\nb\rc"), [CODE, "no\r"]),
    Case(
        "separators", talk("separators", "a\u2028b"), ["a\u2028b\u2029c\x85d\x0b\x0ce", "no\u2028"]
    ),
    Case("emoji", talk("emoji", "Smile 🙂"), ["👩‍👩‍👧 🇪🇺 e\u0301 done", "🙃"]),
    Case("right to left", talk("right to left", "ما هي؟"), ["القاهرة\u200f هي", "אין לי שעון"]),
    Case("mark", talk("mark", "\ufeffWhat?"), ["\ufeffmarked\ufeff", "\ufeff no"]),
    Case("formula", talk("formula", '=1+1, "quoted"?'), ["=SUM(A1)", '\'tis, "not"\n- at all']),
    Case("date", talk("date", "When?"), ["2024-01-01", "2023-12-31"]),
    Case("fruit", talk("fruit", "Name one."), ["A ripe fig.", "Fig.", "Bread."]),
    Case("edited", talk("edited", "Thank them."), ["Thanks!", "ok"], ideal="Thank you all!"),
    *map(plain, range(20)),
]
UNFIT = [
    Case("fit", talk("fit", "Why?"), ["Because.", "No."]),
    Case("tie", talk("tie", "Heads or tails?"), ["Heads.", "Tails."], "tie"),
    Case("both bad", talk("both bad", "A fact?"), ["Fish fly.", "Stones swim."], "both_bad"),
    Case("skipped", talk("skipped", "A rumour?"), ["Fish run.", "Stones run."], "skipped"),
    Case("empty", talk("empty", "Say it."), ["It.", ""]),
    Case("blank", talk("blank", "Say that."), [" \n\t\u3000", "That."]),
    Case("same", talk("same", "Say so."), ["So.", " So.\n"]),
    Case("opposite", talk("opposite", "Tea?"), ["Tea.", "Ale."], again=["Ale.", "Tea."]),
    Case("assistant last", talk("assistant last", "Hi.", "Hm"), ["Hm?", "Hm!"]),
    Case("two users", [turn("user", "Hi."), turn("user", "Ho. [two users]")], ["Hi?", "Ho?"]),
    Case(
        "late system",
        [turn("user", "Hi. [late system]"), turn("system", "Be brief."), turn("user", "Now?")],
        ["Now.", "Never."],
    ),
    Case("nothing asked", [], ["What?", "Well?"]),
    Case("blank turn", [turn("user", " ")], ["Pardon?", "Well then?"]),
]
BY_NAME = {case.name: case for case in (*RICH, *UNFIT)}


def answered(cases: Sequence[Case]) -> Campaign:
    """Return a campaign in which one person has answered every case."""
    campaign = make_campaign(
        name='Every "kind" of text: 好 #1', overlap=1, candidates_per_comparison=3, ideal="optional"
    )
    _store(campaign, cases)
    person = make_member(campaign)
    while (held := next_for(campaign, person)) is not None:
        _answer(campaign, held, BY_NAME[held.comparison.prompt.external_id])
    return campaign


def _store(campaign: Campaign, cases: Sequence[Case]) -> None:
    prompt_set = PromptSet.objects.create(
        campaign=campaign,
        name="cases",
        format=FileFormat.JSONL,
        sha256=sha256(cases[0].name.encode()).hexdigest(),
        size=1,
        state=PromptSetState.DONE,
        created_by=campaign.created_by,
    )
    for number, case in enumerate(cases):
        prompt = Prompt.objects.create(
            campaign=campaign,
            prompt_set=prompt_set,
            messages=case.messages,
            content_hash=sha256(case.words.encode()).hexdigest(),
            external_id=case.name,
            tags=[] if number % 2 else ["ü", "two words"],
        )
        for turned, texts in enumerate(filter(None, (case.responses, case.again))):
            name = f"{case.words} {turned}"
            ReadyResponses.objects.create(
                prompt_set=prompt_set,
                prompt=prompt,
                row=2 * number + turned + 1,
                responses=[_response(rank, turned, text) for rank, text in enumerate(texts, 1)],
                content_hash=sha256(name.encode()).hexdigest(),
            )
    adopt_responses(prompt_set_id=prompt_set.pk, now=database_now())
    plan_comparisons(campaign_id=campaign.pk)


def _response(rank: int, turned: int, text: str) -> dict[str, Any]:
    """Return a response whose model says its rank; metadata is of another kind each time."""
    metadata: dict[str, Any] = {1: {}, 2: {"score": 1}}.get(rank, {"score": "high"})
    return {"text": text, "model": f"model-{rank}-{turned}", "metadata": metadata}


def _answer(campaign: Campaign, held: Assignment, case: Case) -> None:
    if case.outcome == "skipped":
        skip_comparison(
            campaign=campaign,
            annotator=held.annotator,
            assignment_id=held.pk,
            token=held.token,
            reason="language",
            key=uuid4().hex,
            now=database_now(),
        )
        return
    fields: dict[str, Any] = {"outcome": case.outcome, "ranks": ()}
    if case.outcome == "ranked":
        slots = [slot.candidate for slot in held.comparison.slots.order_by("slot")]
        shown = [slots[slot] for slot in held.display_order]
        ranks = tuple(int(one.model_label.split("-")[1]) for one in shown)
        fields = {"ranks": ranks, "strength": case.strength}
        if case.ideal:
            fields["ideal"] = Ideal(LETTERS[ranks.index(1)], case.ideal)
    judge(campaign, held.annotator, held, **fields)


def make_tokenizer(folder: Path) -> None:
    """Write a tokenizer for which each word is a token."""
    folder.mkdir(parents=True)
    tokenizer = Tokenizer(WordLevel({"?": 0}, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))

"""Whether what a consumer made of rows is what people said about the cases."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.consumers.cases import Case, load_cases, number_in
from bench.consumers.exported import Wrong

EOS, START, END = "<|im_end|>", "<|im_start|>", "<|im_end|>\n"
ANSWER = "\n\nAssistant:"
Turn = dict[str, str]
Prompt = Sequence[Turn] | str


class Truth:
    """The cases, asked about the rows that a consumer made of them."""

    def __init__(self, folder: Path) -> None:
        self._cases = load_cases(folder)

    def check_pairs(self, pairs: Iterable[tuple[Prompt, str, str]]) -> int:
        """Count pairs of (prompt, chosen, rejected); raise Wrong at one that nobody said."""
        count = 0
        for prompt, chosen, rejected in pairs:
            self._check_pair(self.check_prompt(prompt), bare(chosen), bare(rejected))
            count += 1
        return count

    def check_singles(self, singles: Iterable[tuple[Prompt, str, bool]]) -> int:
        """Count rows of (prompt, response, label); raise Wrong at a label that nobody gave."""
        count = 0
        for prompt, text, label in singles:
            case = self.check_prompt(prompt)
            if is_desirable(case, bare(text)) is not bool(label):
                raise Wrong(f"{text!r} is labelled {label} after {prompt!r}")
            count += 1
        return count

    def check_ideals(self, shown: Iterable[tuple[Prompt, str]]) -> int:
        """Count rows of (prompt, ideal response); raise Wrong at one that nobody wrote."""
        count = 0
        for prompt, text in shown:
            if self.check_prompt(prompt).ideal != bare(text):
                raise Wrong(f"nobody wrote {text!r} after {prompt!r}")
            count += 1
        return count

    def check_prompt(self, prompt: Prompt) -> Case:
        """Return the case of a prompt; raise Wrong unless all its turns are there."""
        words = prompt if isinstance(prompt, str) else "\n".join(t["content"] for t in prompt)
        case = self._cases[number_in(words)]
        if isinstance(prompt, str):
            at = 0
            for turn in case.messages:
                at = words.find(turn["content"], at)
                if at < 0:
                    raise Wrong(f"{turn['content']!r} is missing from the prompt {prompt!r}")
        elif plain(prompt) not in (plain(case.messages), merged(case.messages)):
            raise Wrong(f"the prompt is {prompt!r}, not {case.messages!r}")
        return case

    def case_named(self, external_id: str) -> Case:
        """Return the case that was imported under a name."""
        return self._cases[int(external_id.rpartition("-")[2])]

    def _check_pair(self, case: Case, chosen: str, rejected: str) -> None:
        ranks = ranks_in(case)
        if case.ideal and chosen == case.ideal:
            right = rejected == case.responses[0].strip()
        else:
            known = chosen in ranks and rejected in ranks
            right = known and ranks[chosen] < ranks[rejected]
        if not right or case.outcome != "ranked":
            raise Wrong(f"nobody prefers {chosen!r} to {rejected!r} after {case.messages!r}")


def ranks_in(case: Case) -> dict[str, int]:
    """Return the rank of each text."""
    return {text.strip(): rank for text, rank in zip(case.responses, case.ranks, strict=True)}


def is_desirable(case: Case, text: str) -> bool | None:
    """Tell whether a response wins more often than it loses; None where it does neither."""
    if case.outcome == "both_bad":
        return False
    ranks = ranks_in(case)
    if text not in ranks:
        return None
    wins = sum(ranks[text] < other for other in case.ranks)
    losses = sum(ranks[text] > other for other in case.ranks)
    return None if wins == losses else wins > losses


def bare(text: str) -> str:
    """Return an answer without white space and end of turn around it."""
    return text.strip().removesuffix(EOS).strip()


def plain(messages: Iterable[Turn]) -> list[tuple[str, str]]:
    """Return turns as role and text."""
    return [(turn["role"], turn["content"]) for turn in messages]


def merged(messages: Sequence[Turn]) -> list[tuple[str, str]]:
    """Return turns with the system turn before the first user turn, as role and text."""
    turns = plain(messages)
    if turns[0][0] != "system":
        return turns
    return [("user", f"{turns[0][1]}\n\n{turns[1][1]}"), *turns[2:]]


def turns_of(text: str) -> list[Turn]:
    """Return the turns of a conversation that the ChatML template wrote."""
    turns = []
    for part in text.split(START)[1:]:
        role, _, content = part.partition("\n")
        turns.append({"role": role, "content": content.removesuffix(END)})
    return turns


def whole(chosen: Any, rejected: Any) -> tuple[list[Turn], str, str]:
    """Return prompt and both answers of two whole conversations."""
    if plain(chosen[:-1]) != plain(rejected[:-1]):
        raise Wrong(f"two prompts in one pair: {chosen!r} and {rejected!r}")
    return list(chosen[:-1]), str(chosen[-1]["content"]), str(rejected[-1]["content"])


def cut(text: str) -> tuple[str, str]:
    """Return prompt and answer of a conversation that is one plain text."""
    prompt, mark, answer = text.rpartition(ANSWER)
    return prompt + mark, answer

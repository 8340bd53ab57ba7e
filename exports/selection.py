"""The choices that decide what an export holds, checked."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from exports.configs import Config, ContainerName
from exports.policies import (
    BothBad,
    Contradictions,
    Duplicates,
    Edits,
    Judges,
    Licence,
    Margin,
    Pairs,
    Policy,
    System,
    Ties,
    Votes,
    Weight,
)
from labeling.errors import Invalid
from labeling.wording import gettext

MOST_VOTES = 25
LARGEST_SHARE = 0.5
MOST_PAIRS, MOST_TOKENS = 36, 1_000_000
MOST_NAMED, LONGEST_NAME = 1_000, 200


@dataclass(frozen=True)
class Selection:
    """What an export holds; the same selection of the same data gives the same bytes.

    The choices of ``policies`` say how judgments become rows. ``min_votes``, ``min_agreement`` and
    ``min_probability`` leave out pairs with fewer answers, a smaller winning share, or less
    certainty. ``max_pairs`` of a comparison are taken, the surest first; 0 takes all.
    ``rounds`` and ``tags`` take only comparisons of these rounds and prompts with one of these
    tags, all where empty; ``without`` are the annotators whose answers do not count, by the
    names that exports give them. ``tokenizer`` names what measures prompts and responses, which
    rows then state; ``max_tokens`` leaves out rows of which prompt and response together are
    longer, and 0 none. ``validation_share`` and ``test_share`` of the prompt groups go to these
    splits. ``licence`` is stated and changes no row.
    """

    policy: str = Votes.MAJORITY
    min_votes: int = 1
    min_agreement: float = 0.0
    min_probability: float = 0.0
    ties: str = Ties.LEFT_OUT
    both_bad: str = BothBad.LEFT_OUT
    pairs: str = Pairs.ALL
    max_pairs: int = 0
    edits: str = Edits.LEFT_OUT
    margin: str = Margin.NONE
    weight: str = Weight.NONE
    judges: str = Judges.CAMPAIGN
    rounds: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    system: str = System.KEEP
    tokenizer: str = ""
    max_tokens: int = 0
    contradictions: str = Contradictions.LEFT_OUT
    duplicates: str = Duplicates.FIRST
    validation_share: float = 0.0
    test_share: float = 0.0
    licence: str = Licence.NONE
    configs: tuple[str, ...] = (Config.TRL,)
    containers: tuple[str, ...] = (ContainerName.PARQUET, ContainerName.JSONL)

    def as_json(self) -> dict[str, Any]:
        """Return the choices as plain JSON values."""
        return {
            name: list(map(_plain, value)) if isinstance(value, tuple) else _plain(value)
            for name, value in asdict(self).items()
        }

    @property
    def is_split(self) -> bool:
        """Whether there are other splits than training."""
        return bool(self.validation_share or self.test_share)

    def takes(self, *, n_votes: int, agreement: float, probability: float) -> bool:
        """Tell whether a pair has votes, agreement and certainty enough."""
        return (
            n_votes >= self.min_votes
            and agreement >= self.min_agreement
            and probability >= self.min_probability
        )

    def policies(self) -> dict[str, str]:
        """Return what each choice of a policy means, by its name."""
        return {name: kind(getattr(self, name)).words for name, kind in CHOICES.items()}


CHOICES: dict[str, type[Policy]] = {
    "policy": Votes,
    "ties": Ties,
    "both_bad": BothBad,
    "pairs": Pairs,
    "edits": Edits,
    "margin": Margin,
    "weight": Weight,
    "judges": Judges,
    "system": System,
    "contradictions": Contradictions,
    "duplicates": Duplicates,
    "licence": Licence,
}


def read_selection(given: Mapping[str, Any]) -> Selection:
    """Return the selection that plain JSON values name; what is left out has its default.

    Raises Invalid, naming each field that does not hold and what would.
    """
    known = {field.name for field in fields(Selection)}
    reasons = {name: ["There is no such choice."] for name in sorted(given.keys() - known)}
    for name, check in CHECKS.items():
        if name in given and (reason := check(given[name])):
            reasons[name] = [reason]
    if not reasons:
        chosen = {**Selection().as_json(), **given}
        found = Selection(**{name: _frozen(value) for name, value in chosen.items()})
        reasons = _together(found)
    if reasons:
        first = next(iter(reasons))
        raise Invalid(f"{first}: {reasons[first][0]}", fields=reasons)
    return found


def _together(selection: Selection) -> dict[str, list[str]]:
    """Return what does not hold of choices that depend on one another."""
    problems = {}
    if selection.validation_share + selection.test_share > LARGEST_SHARE:
        problems["test_share"] = [gettext("Leave at least half of the prompts for training.")]
    if selection.max_tokens and not selection.tokenizer:
        problems["max_tokens"] = [gettext("Name the tokenizer that measures them.")]
    return problems


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Check = Callable[[Any], str]


def _one_of(kind: type[Policy]) -> Check:
    names = [str(one) for one in kind]
    listed = ", ".join(name or '""' for name in names)
    return lambda value: "" if value in names else f"Choose one of: {listed}."


def _some_of(kind: type[Policy]) -> Check:
    names = [str(one) for one in kind]

    def check(value: Any) -> str:
        known = _is_list(value) and [one for one in names if one in value]
        fits = known and len(known) == len(value)
        return "" if fits else f"Give one or more of these, each once: {', '.join(names)}."

    return check


def _whole(least: int, most: int) -> Check:
    def check(value: Any) -> str:
        fits = _is_whole(value) and least <= value <= most
        return "" if fits else f"Give a whole number from {least} to {most}."

    return check


def _share(most: float) -> Check:
    def check(value: Any) -> str:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = number and math.isfinite(value) and 0 <= value <= most
        return "" if fits else f"Give a number from 0 to {most:g}."

    return check


def _numbers(value: Any) -> str:
    fits = _is_list(value) and all(_is_whole(one) and one > 0 for one in value)
    refusal = gettext("Give whole numbers from 1, at most %(most)d of them.") % {"most": MOST_NAMED}
    return "" if fits else refusal


def _names(value: Any) -> str:
    fits = _is_list(value) and all(isinstance(one, str) and one for one in value)
    refusal = gettext("Give words, at most %(most)d of them.") % {"most": MOST_NAMED}
    return "" if fits else refusal


def _name(value: Any) -> str:
    fits = isinstance(value, str) and len(value) <= LONGEST_NAME
    return "" if fits else f"Give a name of at most {LONGEST_NAME} characters."


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) <= MOST_NAMED


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


CHECKS: dict[str, Check] = {
    **{name: _one_of(kind) for name, kind in CHOICES.items()},
    "min_votes": _whole(1, MOST_VOTES),
    "min_agreement": _share(1),
    "min_probability": _share(1),
    "max_pairs": _whole(0, MOST_PAIRS),
    "rounds": _numbers,
    "tags": _names,
    "without": _names,
    "tokenizer": _name,
    "max_tokens": _whole(0, MOST_TOKENS),
    "validation_share": _share(LARGEST_SHARE),
    "test_share": _share(LARGEST_SHARE),
    "configs": _some_of(Config),
    "containers": _some_of(ContainerName),
}

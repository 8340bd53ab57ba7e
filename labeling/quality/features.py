"""Features of responses that choices may go together with, counted; plain Python.

A count says what goes together, not why (association, not cause). Words are looked for in
English, so that features of wording are left out for a text that is mostly in another script; so
is a difference that nobody would notice.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from labeling.wording import LazyText, gettext_lazy

OPENING = 300  # characters in which a response greets, praises or refuses
NOTICED = 0.1  # share by which lengths must differ
ENOUGH = 10  # pairs that differ, below which a count says nothing
LATIN = re.compile(r"[a-z]", re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")
ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+\S", re.MULTILINE)
HEDGE = re.compile(
    r"\b(?:may|might|could|perhaps|maybe|possibly|probably|likely|seems?|appears?|usually|often|"
    r"generally|I think|I believe|I'm not sure|not certain|it depends)\b",
    re.IGNORECASE,
)
EXAMPLE = re.compile(
    r"\b(?:for example|for instance|such as|e\.g\.|imagine|suppose)|^```",
    re.IGNORECASE | re.MULTILINE,
)
FLATTERY = re.compile(
    r"\b(?:(?:great|good|excellent|wonderful|fantastic|brilliant|insightful|thoughtful) "
    r"(?:question|idea|point|choice|job|work)|you're (?:absolutely )?right|what an? \w+ question)",
    re.IGNORECASE,
)
REFUSAL = re.compile(
    r"\b(?:I can(?:no|')t (?:help|assist|provide|do that|answer)|I won't|I must decline|"
    r"I(?:'m| am) (?:(?:unable|not able) to|sorry,? but)|as an AI)\b",
    re.IGNORECASE,
)
PREAMBLE = re.compile(
    r"\s*(?:sure|certainly|of course|absolutely|great|good question|thank you|thanks|hello|hi|hey|"
    r"I'd be happy|I would be happy|I understand|let me|okay|ok|well|as an AI)\b",
    re.IGNORECASE,
)


def _rate(pattern: re.Pattern[str]) -> Callable[[str], float]:
    return lambda text: len(pattern.findall(text)) / max(1, len(text.split()))


def _opens_with(pattern: re.Pattern[str]) -> Callable[[str], float]:
    return lambda text: float(pattern.search(text[:OPENING]) is not None)


@dataclass(frozen=True)
class Feature:
    """One feature: what having more of it is called, and how much of it a text has.

    ``of_wording`` says that it looks for English words.
    """

    name: str
    more: LazyText
    measure: Callable[[str], float]
    of_wording: bool = True


FEATURES = (
    Feature("length", gettext_lazy("Longer"), len, of_wording=False),
    Feature(
        "lists",
        gettext_lazy("More list items"),
        lambda t: len(ITEM.findall(t)),
        of_wording=False,
    ),
    Feature("hedging", gettext_lazy("More hedged"), _rate(HEDGE)),
    Feature(
        "directness",
        gettext_lazy("Begins with the answer"),
        lambda t: float(PREAMBLE.match(t) is None),
    ),
    Feature("examples", gettext_lazy("More examples"), lambda t: len(EXAMPLE.findall(t))),
    Feature("flattery", gettext_lazy("Praises the asker"), _opens_with(FLATTERY)),
    Feature("refusal", gettext_lazy("Refuses"), _opens_with(REFUSAL)),
)


@dataclass(frozen=True)
class Count:
    """Of ``pairs`` in which a feature differed, how often the response with more was ``chosen``."""

    feature: Feature
    chosen: int
    pairs: int

    @property
    def says_something(self) -> bool:
        """Whether there are enough pairs to show the count."""
        return self.pairs >= ENOUGH

    @property
    def percent(self) -> int:
        """The share of these pairs in which the response with more was chosen, 0 to 100."""
        return round(100 * self.chosen / self.pairs) if self.pairs else 0


def count_features(choices: Iterable[tuple[str, str]]) -> list[Count]:
    """Count over (chosen, rejected) texts, for each feature, in which of them there was more."""
    told = [leanings(chosen, rejected) for chosen, rejected in choices]
    return [
        Count(
            feature,
            chosen=sum(more.get(feature.name, False) for more in told),
            pairs=sum(feature.name in more for more in told),
        )
        for feature in FEATURES
    ]


def leanings(chosen: str, rejected: str) -> dict[str, bool]:
    """Return for each feature that differs whether the chosen text has more of it."""
    in_english = is_latin(chosen) and is_latin(rejected)
    found = {}
    for feature in FEATURES:
        if feature.of_wording and not in_english:
            continue
        one, other = feature.measure(chosen), feature.measure(rejected)
        if abs(one - other) > (NOTICED * max(one, other) if feature.name == "length" else 0):
            found[feature.name] = one > other
    return found


def is_latin(text: str) -> bool:
    """Tell whether most of a text's letters are Latin; a text without letters is."""
    letters = LETTER.findall(text)
    return 2 * sum(map(bool, map(LATIN.match, letters))) >= len(letters)

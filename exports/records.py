"""The records that the rows of an export are written from: frozen and typed.

Tuples with names: a million of them are made in one export, and these are the quickest there are.
"""

import json
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from exports.messages import Messages


class PromptFacts(NamedTuple):
    """What an export says about a prompt; ``messages`` are as the choice of system turns has it.

    ``tokens`` are 0 where nothing is measured, and so they are of a response.
    """

    prompt_id: int
    messages: Messages
    content_hash: str
    source: str
    external_id: str
    language: str
    tags: tuple[str, ...]
    split: str
    tokens: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """Every text about the prompt that goes into rows."""
        return (self.source, self.external_id, self.language, *self.tags)


class Response(NamedTuple):
    """What an export says about a response."""

    response_id: int
    text: str
    model: str
    text_sha256: str = ""
    tokens: int = 0


class RoundFacts(NamedTuple):
    """What an export says about the round that a comparison belongs to."""

    number: int
    checkpoint: str


class Vote(NamedTuple):
    """How one preference came about.

    ``pair_id`` names comparison and slots, whichever side won, so that it stays the same when
    later judgments turn the outcome. ``judgment_ids`` are all that it rests on.
    """

    pair_id: str
    comparison_id: int
    judgment_ids: tuple[int, ...]
    n_votes: int
    n_ai_votes: int
    agreement: float
    probability: float
    strength: float
    strength_votes: int
    margin: float
    weight: float
    origin: str
    guideline_version: int
    round: RoundFacts


JUDGED, EDITED = "judged", "edited"


class Pair(NamedTuple):
    """A prompt, the response that is preferred, and the other one."""

    prompt: PromptFacts
    chosen: Response
    rejected: Response
    vote: Vote

    @property
    def split(self) -> str:
        """The split of its prompt."""
        return self.prompt.split


class Single(NamedTuple):
    """A prompt with one response that is desirable or not.

    ``wins`` and ``losses`` count the pairs of the prompt's comparisons that prefer it or another
    one, ``bad`` the comparisons whose responses are called all bad.
    """

    prompt: PromptFacts
    response: Response
    is_desirable: bool
    wins: int
    losses: int
    bad: int
    judgment_ids: tuple[int, ...]

    @property
    def split(self) -> str:
        """The split of its prompt."""
        return self.prompt.split


class Answer(NamedTuple):
    """One counted answer to a comparison, as rows about the whole comparison quote it.

    ``ranks`` are by slot, empty where all are bad; ``annotator`` is empty for an AI judge.
    """

    judgment_id: int
    annotator: str
    source: str
    outcome: str
    ranks: tuple[int, ...]
    strength: int
    rationale: str


class Ranking(NamedTuple):
    """A comparison with its responses by slot, every counted answer, and the order of all."""

    prompt: PromptFacts
    comparison_id: int
    responses: tuple[Response, ...]
    ranks: tuple[int, ...]
    answers: tuple[Answer, ...]
    guideline_version: int
    round: RoundFacts

    @property
    def split(self) -> str:
        """The split of its prompt."""
        return self.prompt.split


class Demonstration(NamedTuple):
    """A response as a person would have it, edited from one that was shown."""

    prompt: PromptFacts
    text: str
    tokens: int
    edited_from: Response
    judgment_id: int
    annotator: str
    comparison_id: int

    @property
    def split(self) -> str:
        """The split of its prompt."""
        return self.prompt.split


class PromptRow(NamedTuple):
    """A prompt alone."""

    prompt: PromptFacts

    @property
    def split(self) -> str:
        """The split of the prompt."""
        return self.prompt.split


class Step(NamedTuple):
    """One step of a chain: a critique, or the revision that follows it."""

    kind: str
    principle: str
    text: str
    model: str


class Chain(NamedTuple):
    """A response, what a model was asked to criticise and revise in it, and what came of it."""

    prompt: PromptFacts
    original: Response
    steps: tuple[Step, ...]
    revision: Response
    constitution: str
    constitution_version: int

    @property
    def split(self) -> str:
        """The split of its prompt."""
        return self.prompt.split


class Judgment(NamedTuple):
    """What one person says about one comparison, counted or not; a row of its own configuration.

    ``responses`` are by slot; ``ranks`` are empty where nothing is ordered.
    """

    judgment_id: int
    annotator: str
    prompt_id: int
    prompt_sha256: str
    comparison_id: int
    responses: tuple[Response, ...]
    display_order: tuple[int, ...]
    kind: str
    outcome: str
    ranks: tuple[int, ...]
    strength: int
    acceptable_to: int
    criteria: str
    flags: str
    rationale: str
    reason_tags: str
    ideal: str
    ideal_response_id: int
    skip_reason: str
    counted: bool
    guideline_version: int
    round: RoundFacts
    active_ms: int
    created_at: datetime
    split: str


Row = Pair | Single | Ranking | Demonstration | PromptRow | Chain | Judgment


@lru_cache(maxsize=4096)
def tags_json(tags: tuple[str, ...]) -> str:
    """Return tags as rows have them; prompts share a few sets of them."""
    return as_json(tags)


def as_json(value: object) -> str:
    """Return a value as JSON in a string: a column of its own type could be empty in every row."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

"""The rows of an export: frozen, typed, checked before they are written."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

TRAIN, VALIDATION = "train", "validation"
SPLITS = (TRAIN, VALIDATION)
# Changing this moves rows between splits, so it never changes.
SPLIT_SALT = b"annotate split 1\n"


class Message(TypedDict):
    """One turn of a conversation."""

    role: str
    content: str


class ComparedResponse(TypedDict):
    """A response in its slot of a comparison, named but not quoted."""

    response_id: int
    text_sha256: str
    model: str


class Reason(StrEnum):
    """Why a preference that the votes state is not in an export."""

    FEW_VOTES_OR_LOW_AGREEMENT = "few_votes_or_low_agreement"
    BLANK_RESPONSE = "blank_response"
    IDENTICAL_RESPONSES = "identical_responses"
    CONTRADICTION = "contradiction"
    DUPLICATE = "duplicate"
    PROMPT_SHAPE = "prompt_shape"
    UNREADABLE_TEXT = "unreadable_text"

    @property
    def words(self) -> str:
        """The reason as a person reads it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class PromptFacts:
    """What an export says about a prompt."""

    prompt_id: int
    messages: tuple[Message, ...]
    source: str
    external_id: str
    language: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """What an export says about a response."""

    response_id: int
    text: str
    model: str


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What an export says about the round that a comparison belongs to."""

    number: int
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Vote:
    """The outcome of the votes on one pair of one comparison.

    ``pair_id`` names comparison and slots, whichever side won, so that it stays the same
    when later judgments turn the outcome.
    """

    pair_id: str
    comparison_id: int
    n_votes: int
    n_ai_votes: int
    agreement: float
    strength: float
    strength_votes: int
    guideline_version: int
    round: RoundFacts


@dataclass(frozen=True, slots=True)
class PreferencePair:
    """One row: a prompt, the response the judges prefer, and the other one."""

    prompt: tuple[Message, ...]
    chosen: tuple[Message]
    rejected: tuple[Message]
    pair_id: str
    prompt_id: int
    comparison_id: int
    chosen_response_id: int
    rejected_response_id: int
    chosen_model: str
    rejected_model: str
    n_votes: int
    n_ai_votes: int
    agreement: float
    strength: float
    strength_votes: int
    guideline_version: int
    round: int
    round_checkpoint: str
    source: str
    external_id: str
    language: str
    tags: str
    split: str


@dataclass(frozen=True, slots=True)
class JudgmentRow:
    """One row of the judgments: what one person says about one comparison, counted or not."""

    judgment_id: int
    annotator: int
    prompt_id: int
    prompt_sha256: str
    comparison_id: int
    responses: tuple[ComparedResponse, ...]
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
    round: int
    round_checkpoint: str
    active_ms: int
    created_at: datetime
    split: str


Row = PreferencePair | JudgmentRow


def make_pair(
    *,
    prompt: PromptFacts,
    chosen: Response,
    rejected: Response,
    vote: Vote,
    validation_share: float,
) -> PreferencePair | Reason:
    """Return the row, or the reason why trainers could not learn from it."""
    if not chosen.text.strip() or not rejected.text.strip():
        return Reason.BLANK_RESPONSE
    if chosen.text.strip() == rejected.text.strip():
        return Reason.IDENTICAL_RESPONSES
    if not fits_trainers(prompt.messages):
        return Reason.PROMPT_SHAPE
    labels = (chosen.model, rejected.model, prompt.source, prompt.external_id, prompt.language)
    texts = (chosen.text, rejected.text, *labels, *prompt.tags, vote.round.checkpoint)
    if not all(map(is_unicode, (*texts, *(turn["content"] for turn in prompt.messages)))):
        return Reason.UNREADABLE_TEXT
    return PreferencePair(
        prompt=prompt.messages,
        chosen=({"role": "assistant", "content": chosen.text},),
        rejected=({"role": "assistant", "content": rejected.text},),
        pair_id=vote.pair_id,
        prompt_id=prompt.prompt_id,
        comparison_id=vote.comparison_id,
        chosen_response_id=chosen.response_id,
        rejected_response_id=rejected.response_id,
        chosen_model=chosen.model,
        rejected_model=rejected.model,
        n_votes=vote.n_votes,
        n_ai_votes=vote.n_ai_votes,
        agreement=vote.agreement,
        strength=vote.strength,
        strength_votes=vote.strength_votes,
        guideline_version=vote.guideline_version,
        round=vote.round.number,
        round_checkpoint=vote.round.checkpoint,
        source=prompt.source,
        external_id=prompt.external_id,
        language=prompt.language,
        tags=as_json(prompt.tags),
        split=split_of(prompt.messages, validation_share),
    )


def as_json(value: object) -> str:
    """Return a value as JSON in a string: a column of its own type could be empty in every row."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def fits_trainers(messages: Sequence[Message]) -> bool:
    """Tell whether a prompt is an optional system turn, then user and assistant in turn.

    The last turn is the user's, and no turn is blank: chat templates break on anything else.
    """
    turns = messages[1:] if messages and messages[0]["role"] == "system" else messages
    wanted = ["user", "assistant"] * (len(turns) // 2) + ["user"]
    return [turn["role"] for turn in turns] == wanted and all(
        turn["content"].strip() for turn in messages
    )


def is_unicode(text: str) -> bool:
    """Tell whether a text can be written as UTF-8; one with a lone surrogate cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def group_of(messages: Sequence[Message]) -> str:
    """Return the prompt group: the first user turn, which continuations of a talk share."""
    return next((turn["content"] for turn in messages if turn["role"] == "user"), "").strip()


def split_of(messages: Sequence[Message], validation_share: float) -> str:
    """Return the split of a prompt; it depends on nothing but its group and the share."""
    group = group_of(messages).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(SPLIT_SALT + group).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    return VALIDATION if place < validation_share else TRAIN


def settle_prompt(
    pairs: Sequence[PreferencePair],
) -> tuple[list[PreferencePair], dict[Reason, int]]:
    """Return the pairs of one prompt without those that repeat or contradict one another.

    Comparisons of one prompt may overlap. Where they order the same two texts both ways, all
    such pairs go; where they order them the same way, the first stays.
    """
    seen: set[tuple[str, str]] = set()
    orders = {_texts(pair) for pair in pairs}
    kept, left_out = [], {Reason.CONTRADICTION: 0, Reason.DUPLICATE: 0}
    for pair in pairs:
        texts = _texts(pair)
        if texts[::-1] in orders:
            left_out[Reason.CONTRADICTION] += 1
        elif texts in seen:
            left_out[Reason.DUPLICATE] += 1
        else:
            seen.add(texts)
            kept.append(pair)
    return kept, left_out


def _texts(pair: PreferencePair) -> tuple[str, str]:
    return pair.chosen[0]["content"], pair.rejected[0]["content"]

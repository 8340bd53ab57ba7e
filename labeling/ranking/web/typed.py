"""What a person typed into the answer sheet, and the answer it makes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import orjson
from django.http import QueryDict

from labeling.assignment.models import Assignment
from labeling.ranking.answers import (
    LETTERS,
    Answer,
    AnswerInvalid,
    Ideal,
    criteria_as_shown,
    ranks_as_shown,
    tiers_up_to,
)
from labeling.ranking.edits import EditsInvalid, edited
from labeling.ranking.enums import ANSWERS, Outcome
from labeling.ranking.models import Judgment
from labeling.ranking.queries import text_in_slot
from labeling.wording import gettext

TIE, NEITHER = "0", "9"
EDITS = "ideal_edits"
SIDE_KEYS = "12345678"
MOST_MEASURED = 4_000
LONGEST_TIME = 2**31 - 1


@dataclass(frozen=True)
class Typed:
    """The sheet as it stands: ``scale`` for pairs, ``ranks`` by letter for more responses."""

    scale: str = ""
    ranks: dict[str, int] = field(default_factory=dict)
    acceptable_to: int | None = None
    criteria: dict[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    note: str = ""
    reasons: tuple[str, ...] = ()
    ideal: str = ""
    ideal_of: str = ""
    revises: int | None = None


def read_typed(post: QueryDict, criteria: list[str]) -> Typed:
    """Return what a posted sheet says; parts that are missing or malformed count as not given."""
    given = {name: post.get(f"criterion-{at}", "") for at, name in enumerate(criteria)}
    ranks = {letter: number(post.get(f"rank-{letter}", "")) for letter in LETTERS}
    return Typed(
        scale=post.get("scale", ""),
        ranks={letter: rank for letter, rank in ranks.items() if rank is not None},
        acceptable_to=number(post.get("acceptable_to", "")),
        criteria={name: side for name, side in given.items() if side},
        flags=tuple(post.getlist("flag")),
        note=post.get("note", "").replace("\r\n", "\n"),
        reasons=tuple(post.getlist("reason")),
        ideal=post.get("ideal", "").replace("\r\n", "\n"),
        ideal_of=post.get("ideal_of", ""),
        revises=number(post.get("revises", "")),
    )


def typed_before(judgment: Judgment | None) -> Typed:
    """Return the sheet of a comparison whose judgment in force this is, for change.

    One that is taken back comes as it was, to be answered anew.
    """
    if judgment is None:
        return Typed()
    if judgment.outcome == Outcome.UNDONE:
        before = judgment.supersedes
        return Typed() if before is None else replace(typed_again(before), revises=None)
    return typed_again(judgment)


def typed_again(judgment: Judgment) -> Typed:
    """Return the sheet of a judgment that its person wants to change."""
    order = judgment.display_order
    if judgment.outcome not in ANSWERS:
        return Typed(revises=judgment.pk)
    ranks = ranks_as_shown(judgment.ranks, order)
    return Typed(
        scale=_scale_of(judgment, ranks) if len(order) == 2 else "",
        ranks=dict(zip(LETTERS, ranks, strict=False)) if len(order) > 2 else {},
        acceptable_to=judgment.acceptable_to,
        criteria=criteria_as_shown(judgment.criteria, order) if judgment.criteria else {},
        flags=tuple(judgment.flags),
        note=judgment.rationale,
        reasons=tuple(judgment.reason_tags),
        ideal=judgment.ideal,
        ideal_of=_letter_of(judgment.ideal_slot, order),
        revises=judgment.pk,
    )


def _letter_of(slot: int | None, order: Sequence[int]) -> str:
    return "" if slot is None else LETTERS[order.index(slot)]


def _scale_of(judgment: Judgment, ranks: list[int]) -> str:
    if judgment.outcome != Outcome.RANKED:
        return TIE if judgment.outcome == Outcome.TIE else NEITHER
    strength = judgment.strength or 1
    return SIDE_KEYS[4 - strength] if ranks[0] < ranks[1] else SIDE_KEYS[3 + strength]


def answer_of(typed: Typed, post: QueryDict, assignment: Assignment) -> Answer:
    """Return the answer that a sheet gives; raise AnswerInvalid while its choice is missing."""
    outcome, ranks, strength = choice_of(typed, len(assignment.display_order))
    return Answer(
        token=token_of(post),
        outcome=outcome,
        ranks=ranks,
        strength=strength,
        acceptable_to=_last_acceptable(typed, outcome),
        criteria=typed.criteria,
        flags=typed.flags,
        rationale=typed.note,
        reason_tags=typed.reasons,
        ideal=_ideal(typed, post, assignment),
        guideline_version=number(post.get("guide", "")),
        active_ms=min(max(number(post.get("active_ms", "")) or 0, 0), LONGEST_TIME),
        client=_measured(post.get("client", "")),
        revises=typed.revises,
    )


def _last_acceptable(typed: Typed, outcome: str) -> int | None:
    """Return the last acceptable rank among those of the answer; a tie has none but the first."""
    if outcome == Outcome.RANKED:
        return typed.acceptable_to
    return tiers_up_to(tuple(typed.ranks.values()), typed.acceptable_to)


def choice_of(typed: Typed, size: int) -> tuple[str, tuple[int, ...], int | None]:
    """Return outcome, ranks as shown and strength of a sheet; raise AnswerInvalid without them."""
    return _pair(typed.scale) if size == 2 else _order(typed.ranks, size)


def _ideal(typed: Typed, post: QueryDict, assignment: Assignment) -> Ideal | None:
    """Return the ideal response: the text as typed, or what a script says was edited."""
    if EDITS not in post:
        return Ideal(typed.ideal_of, typed.ideal) if typed.ideal.strip() else None
    try:
        edits = orjson.loads(post.get(EDITS, ""))
        place = LETTERS.index(typed.ideal_of or "none")
        slot = assignment.display_order[place]
        return Ideal(typed.ideal_of, edited(text_in_slot(assignment, slot), edits))
    except (orjson.JSONDecodeError, EditsInvalid, ValueError, IndexError, TypeError):
        raise AnswerInvalid(
            "ideal",
            gettext("The ideal response is damaged. Load the page again, and write it anew."),
        ) from None


def _pair(scale: str) -> tuple[str, tuple[int, ...], int | None]:
    if scale == TIE:
        return Outcome.TIE, (), None
    if scale == NEITHER:
        return Outcome.BOTH_BAD, (), None
    if len(scale) != 1 or scale not in SIDE_KEYS:
        raise AnswerInvalid(
            "scale", gettext("Choose on the scale first: which response is better?")
        )
    place = SIDE_KEYS.index(scale)
    return (Outcome.RANKED, (1, 2), 4 - place) if place < 4 else (Outcome.RANKED, (2, 1), place - 3)


def _order(ranks: dict[str, int], size: int) -> tuple[str, tuple[int, ...], int | None]:
    missing = [letter for letter in LETTERS[:size] if letter not in ranks]
    if missing:
        why = gettext("Still to rank: %(letters)s.")
        raise AnswerInvalid("ranks", why % {"letters": ", ".join(missing)})
    order = tuple(ranks[letter] for letter in LETTERS[:size])
    return (Outcome.TIE, (), None) if len(set(order)) == 1 else (Outcome.RANKED, order, None)


def token_of(post: QueryDict) -> UUID:
    """Return the fencing token of a posted sheet; raise AnswerInvalid when it is damaged."""
    try:
        return UUID(post.get("token", ""))
    except ValueError:
        raise AnswerInvalid("token", gettext("This page is damaged. Load it again.")) from None


def number(text: str) -> int | None:
    """Return a whole number written in digits, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _measured(text: str) -> dict[str, Any]:
    """Return what the page measured; nothing rather than anything odd."""
    try:
        found = orjson.loads(text) if text and len(text) <= MOST_MEASURED else {}
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}

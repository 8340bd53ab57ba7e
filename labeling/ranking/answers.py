"""What a person answered, checked against what the campaign asks, mapped back to slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from labeling.errors import DomainError
from labeling.ranking.enums import Flag, Outcome
from labeling.wording import gettext

LONGEST_RATIONALE = 10_000
LONGEST_IDEAL = 200_000
LETTERS = "ABCDEFGHI"
SIDES = ("A", "same", "B")


class AnswerInvalid(DomainError):
    """The answer does not fit the comparison; ``data['fields']`` says which part and why."""

    code = "answer_invalid"

    def __init__(self, where: str, why: str) -> None:
        super().__init__(why, fields={where: [why]})


@dataclass(frozen=True)
class Ideal:
    """A response as it should have been: edited from the one shown under the letter ``of``."""

    of: str
    text: str


@dataclass(frozen=True)
class Answer:
    """One answer as given on the screen, in the order shown there.

    ``ranks[i]`` is the rank of the response shown at place ``i`` (0 is A): 1 is best, equal
    ranks are a tie; gaps are closed when it is stored. ``strength`` (1 barely to 4 much) is
    for pairs; ``acceptable_to``, the last rank that is acceptable (0: none is), for more.
    ``criteria`` maps a criterion to the better side, ``A``, ``same`` or ``B``. ``reason_tags``
    are the reasons ticked, of those the campaign names. ``guideline_version`` is the version of
    the guide that the person had before them, None for the one in force.
    ``revises`` is the id of the person's own judgment that this one replaces.
    """

    token: UUID
    outcome: str
    ranks: tuple[int, ...] = ()
    strength: int | None = None
    acceptable_to: int | None = None
    criteria: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    rationale: str = ""
    reason_tags: tuple[str, ...] = ()
    ideal: Ideal | None = None
    guideline_version: int | None = None
    active_ms: int = 0
    client: Mapping[str, Any] = field(default_factory=dict)
    revises: int | None = None

    def as_body(self) -> dict[str, Any]:
        """Return the answer as plain JSON values, by which a retry is told from a new one.

        What came later to the product is named only where it is given, so that a retry of what
        an earlier version took is still the same body.
        """
        body: dict[str, Any] = {
            "token": str(self.token),
            "outcome": self.outcome,
            "ranks": list(self.ranks),
            "strength": self.strength,
            "criteria": dict(self.criteria),
            "flags": list(self.flags),
            "rationale": self.rationale,
            "active_ms": self.active_ms,
            "client": dict(self.client),
            "revises": self.revises,
        }
        later = {
            "acceptable_to": None if self.acceptable_to is None else [self.acceptable_to],
            "reason_tags": list(self.reason_tags),
            "ideal": self.ideal and [self.ideal.of, self.ideal.text],
            "guideline_version": self.guideline_version,
        }
        return body | {name: value for name, value in later.items() if value}


@dataclass(frozen=True)
class Question:
    """What a campaign asks about a comparison of ``size`` responses."""

    size: int
    criteria: tuple[str, ...]
    tie_allowed: bool
    neither_allowed: bool
    rationale_required: bool = False
    rationale_min: int = 0
    reason_tags: tuple[str, ...] = ()
    ideal_asked: bool = False
    ideal_required: bool = False


def check_answer(answer: Answer, question: Question) -> None:
    """Raise AnswerInvalid, naming the part and the remedy, unless the answer fits."""
    _check_outcome(answer, question)
    _check_ranks(answer, question)
    _check_strength(answer, question)
    _check_acceptable(answer, question)
    _check_criteria(answer, question)
    unknown = sorted(set(answer.flags) - set(Flag.values))
    if unknown:
        said = {"report": repr(unknown[0]), "known": Flag.values}
        raise AnswerInvalid("flags", gettext("Unknown report %(report)s; known: %(known)s.") % said)
    _check_reason(answer, question)
    _check_ideal(answer, question)


def _check_outcome(answer: Answer, question: Question) -> None:
    if answer.outcome not in (Outcome.RANKED, Outcome.TIE, Outcome.BOTH_BAD):
        raise AnswerInvalid(
            "outcome", gettext("Give ranked, tie or both_bad; to pass, skip instead.")
        )
    if answer.outcome == Outcome.TIE and not question.tie_allowed:
        raise AnswerInvalid("outcome", gettext("This campaign does not take ties. Choose a side."))
    if answer.outcome == Outcome.BOTH_BAD and not question.neither_allowed:
        raise AnswerInvalid(
            "outcome", gettext("This campaign does not take 'neither'. Choose a side.")
        )


def _check_ranks(answer: Answer, question: Question) -> None:
    ranks = answer.ranks
    if answer.outcome != Outcome.RANKED:
        if ranks and len(set(ranks)) > 1:
            why = gettext("A %(outcome)s answer has no order; leave it out.")
            raise AnswerInvalid("ranks", why % {"outcome": answer.outcome})
        return
    if len(ranks) != question.size:
        why = gettext("Give one rank for each of the %(size)s responses, %(given)s came.")
        raise AnswerInvalid("ranks", why % {"size": question.size, "given": len(ranks)})
    if any(not 1 <= rank <= question.size for rank in ranks):
        why = gettext("Ranks go from 1 (best) to %(size)s.")
        raise AnswerInvalid("ranks", why % {"size": question.size})
    if len(set(ranks)) == 1:
        raise AnswerInvalid("ranks", gettext("All ranks are level: send the outcome tie instead."))
    if len(set(ranks)) < question.size and not question.tie_allowed:
        raise AnswerInvalid(
            "ranks", gettext("This campaign does not take ties; make the ranks differ.")
        )


def _check_strength(answer: Answer, question: Question) -> None:
    if answer.strength is None:
        return
    if answer.outcome != Outcome.RANKED or question.size != 2:
        raise AnswerInvalid(
            "strength", gettext("Strength goes with a ranked pair only; leave it out.")
        )
    if not 1 <= answer.strength <= 4:
        raise AnswerInvalid("strength", gettext("Strength goes from 1 (barely) to 4 (much)."))


def _check_acceptable(answer: Answer, question: Question) -> None:
    if answer.acceptable_to is None:
        return
    if question.size == 2 or answer.outcome == Outcome.BOTH_BAD:
        why = gettext("What is acceptable goes with the ranks of three or more; leave it out.")
        raise AnswerInvalid("acceptable_to", why)
    if not question.neither_allowed:
        why = gettext("This campaign does not ask what is acceptable; leave it out.")
        raise AnswerInvalid("acceptable_to", why)
    if not 0 <= answer.acceptable_to <= question.size:
        why = gettext("Give the last rank that is acceptable, up to %(size)s, or 0 for none.")
        raise AnswerInvalid("acceptable_to", why % {"size": question.size})


def _check_criteria(answer: Answer, question: Question) -> None:
    asked = question.criteria if question.size == 2 else ()
    unknown = sorted(set(answer.criteria) - set(asked))
    if unknown:
        why = gettext("%(criterion)s is not asked in this campaign.")
        raise AnswerInvalid("criteria", why % {"criterion": repr(unknown[0])})
    missing = [name for name in asked if name not in answer.criteria]
    if missing:
        why = gettext("Still to judge: %(criteria)s.")
        raise AnswerInvalid("criteria", why % {"criteria": ", ".join(missing)})
    wrong = [name for name, side in answer.criteria.items() if side not in SIDES]
    if wrong:
        why = gettext("%(criterion)s takes A, same or B.")
        raise AnswerInvalid("criteria", why % {"criterion": repr(wrong[0])})


def _check_reason(answer: Answer, question: Question) -> None:
    unknown = sorted(set(answer.reason_tags) - set(question.reason_tags))
    if unknown:
        why = gettext("%(reason)s is no reason of this campaign.")
        raise AnswerInvalid("reason_tags", why % {"reason": repr(unknown[0])})
    written = len(answer.rationale.strip())
    if len(answer.rationale) > LONGEST_RATIONALE:
        why = gettext("The reason is over %(most)s characters.")
        raise AnswerInvalid("rationale", why % {"most": LONGEST_RATIONALE})
    if not question.rationale_required:
        return
    if written < question.rationale_min:
        why = gettext(
            "This campaign asks for a reason of %(least)s characters or more; "
            "yours has %(written)s."
        )
        raise AnswerInvalid(
            "rationale", why % {"least": question.rationale_min, "written": written}
        )
    if not written and not answer.reason_tags:
        why = gettext("This campaign asks for a reason. Write a few words.")
        if question.reason_tags:
            why = gettext("This campaign asks for a reason. Write a few words or tick a reason.")
        raise AnswerInvalid("rationale", why)


def _check_ideal(answer: Answer, question: Question) -> None:
    ideal = answer.ideal
    if ideal is None:
        if question.ideal_required:
            why = gettext("This campaign asks for an ideal response. Edit one of those shown.")
            raise AnswerInvalid("ideal", why)
        return
    if not question.ideal_asked:
        raise AnswerInvalid(
            "ideal", gettext("This campaign asks for no ideal response; leave it out.")
        )
    letters = LETTERS[: question.size]
    if len(ideal.of) != 1 or ideal.of not in letters:
        why = gettext("Say which response you edited, one of %(letters)s.")
        raise AnswerInvalid("ideal", why % {"letters": ", ".join(letters)})
    if not ideal.text.strip():
        raise AnswerInvalid(
            "ideal", gettext("The ideal response is empty. Write it, or leave it out.")
        )
    if len(ideal.text) > LONGEST_IDEAL:
        why = gettext("The ideal response is over %(most)s characters.")
        raise AnswerInvalid("ideal", why % {"most": LONGEST_IDEAL})


def ranks_by_slot(ranks: Sequence[int], display_order: Sequence[int]) -> list[int]:
    """Map ranks from the places shown back to slots, closing gaps (1, 1, 4 becomes 1, 1, 2)."""
    dense = {rank: place for place, rank in enumerate(sorted(set(ranks)), start=1)}
    by_slot = [0] * len(display_order)
    for rank, slot in zip(ranks, display_order, strict=True):
        by_slot[slot] = dense[rank]
    return by_slot


def tiers_up_to(ranks: Sequence[int], last: int | None) -> int | None:
    """Return the rank ``last`` as it is once gaps are closed; 0 is none, None was not said."""
    return None if last is None else len({rank for rank in ranks if rank <= last})


def ranks_as_shown(by_slot: Sequence[int], display_order: Sequence[int]) -> list[int]:
    """Map stored ranks to the places shown: the reverse of ``ranks_by_slot``."""
    return [by_slot[slot] for slot in display_order]


def criteria_by_slot(
    criteria: Mapping[str, str], display_order: Sequence[int]
) -> dict[str, int | None]:
    """Map each criterion's better side to the slot shown there; ``same`` becomes None."""
    shown = {"A": display_order[0], "B": display_order[1], "same": None}
    return {name: shown[side] for name, side in criteria.items()}


def criteria_as_shown(
    criteria: Mapping[str, int | None], display_order: Sequence[int]
) -> dict[str, str]:
    """Map stored criteria to the sides shown: the reverse of ``criteria_by_slot``."""
    sides = {display_order[0]: "A", display_order[1]: "B", None: "same"}
    return {name: sides[slot] for name, slot in criteria.items()}

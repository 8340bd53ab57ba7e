"""What the templates need to draw an item, and what the reference says of it in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labeling.campaigns.models import Membership
from labeling.ranking.answers import ranks_as_shown
from labeling.ranking.enums import Outcome
from labeling.ranking.invisible import marked
from labeling.ranking.queries import texts_shown
from labeling.ranking.web.history import words_of
from labeling.ranking.web.sheet import choice_context, guide_context
from labeling.ranking.web.typed import Typed
from labeling.training.models import Attempt, Trial
from labeling.wording import gettext


@dataclass(frozen=True)
class Told:
    """What came of a trial, in words: what the reference and the person say."""

    reference: str
    answer: str
    agrees: bool | None
    prefers: str


@dataclass(frozen=True)
class Line:
    """One trial as a result lists it."""

    trial: Trial
    prompt: str
    told: Told


def item_context(member: Membership, trial: Trial, typed: Typed) -> dict[str, Any]:
    """Return the context of a page that shows the prompt and the responses of a trial."""
    (*earlier, asked), responses = texts_shown(trial.item.comparison_id, trial.display_order)
    letters = [shown.letter for shown in responses]
    return {
        **guide_context(member),
        **choice_context(member.campaign, letters, typed),
        "trial": trial,
        "attempt": trial.attempt,
        "asked": asked,
        "earlier": earlier,
        "typed": typed,
        "responses": [
            {"letter": shown.letter, "html": shown.html, "source": marked(shown.text)}
            for shown in responses
        ],
        "letters": letters,
    }


def told_of(trial: Trial) -> Told:
    """Say what the reference and the person say of a trial's item, by the letters shown."""
    order = trial.display_order
    given = ranks_as_shown(trial.ranks, order) if trial.ranks else []
    known = ranks_as_shown(trial.item.comparison.gold or [1] * len(order), order)
    return Told(
        reference=_reference(known) if trial.item.in_use else gettext("This item was taken back."),
        answer=words_of(trial.outcome, given, trial.strength),
        agrees=trial.agrees,
        prefers="AB"[known.index(1)] if len(order) == 2 and len(set(known)) == 2 else "",
    )


def _reference(ranks: Sequence[int]) -> str:
    if len(set(ranks)) == 1:
        return gettext("The reference finds them equally good.")
    if len(ranks) == 2:
        return gettext("The reference prefers %(letter)s.") % {"letter": "AB"[ranks.index(1)]}
    order = words_of(Outcome.RANKED, ranks, None)
    return gettext("The reference orders them %(order)s.") % {"order": order}


def lines_of(attempt: Attempt, trials: Sequence[Trial]) -> list[Line]:
    """Return the trials of an attempt that is over, the misses of a qualification first."""
    lines = [
        Line(trial, trial.item.comparison.prompt.messages[-1]["content"], told_of(trial))
        for trial in trials
    ]
    return sorted(lines, key=lambda line: line.told.agrees is not False)

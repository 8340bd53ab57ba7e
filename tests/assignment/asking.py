"""What people send to the engine in the state machine, and the death of a process on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from labeling.campaigns.models import Campaign, Membership
from labeling.ranking.answers import Answer
from labeling.ranking.services import answering as ranking
from tests.assignment.parts import Hold, Said

RANKS = {
    "best": {2: (1, 2), 3: (1, 2, 3)},
    "close": {2: (1, 2), 3: (1, 1, 2)},
    "worst": {2: (2, 1), 3: (3, 2, 1)},
    "tie": {2: (1, 1), 3: (1, 1, 1)},
}
OUTCOMES = {"tie": "tie", "bad": "both_bad"}
ENDS = ("RELEASE", "ROLLBACK", "SAVEPOINT")


class Died(Exception):
    """The process is gone in the middle of its transaction."""


class Fall:
    """Let the process die before its so many-th statement."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if not sql.startswith(ENDS):
            self.left -= 1
            if self.left == 0:
                raise Died
        return execute(sql, params, many, context)


@dataclass(frozen=True)
class Request:
    """An answer or a skip, both to a hold, or an undo of a judgment, as one person sends it.

    ``says`` is ``skip``, ``bad``, or one of the orders in ``RANKS``, by slot.
    """

    member: Membership
    hold: Hold
    token: UUID
    says: str
    key: str
    revises: int | None = None
    undoes: Said | None = None

    @property
    def verdict(self) -> str | None:
        """What the judgment says, as a comparison tallies it."""
        if self.says in ("skip", "bad"):
            return None if self.says == "skip" else "bad"
        return ",".join(map(str, RANKS[self.says][self.hold.work.size]))

    def answer(self) -> Answer:
        """Return the answer in the order shown."""
        ranks: tuple[int, ...] = ()
        if self.says not in OUTCOMES:
            by_slot = RANKS[self.says][self.hold.work.size]
            ranks = tuple(by_slot[slot] for slot in self.hold.order)
        outcome = OUTCOMES.get(self.says, "ranked")
        return Answer(token=self.token, outcome=outcome, ranks=ranks, revises=self.revises)

    def submit(self, campaign: Campaign, now: datetime) -> Any:
        """Send it; return what the service returns."""
        same: dict[str, Any] = {"campaign": campaign, "annotator": self.member.user}
        same |= {"key": self.key, "now": now}
        if self.undoes is not None:
            return ranking.undo_judgment(judgment_id=self.undoes.id, **same)
        same["assignment_id"] = self.hold.id
        if self.says == "skip":
            return ranking.skip_comparison(
                token=self.token, reason="dont_know", revises=self.revises, **same
            )
        return ranking.submit_judgment(answer=self.answer(), **same)

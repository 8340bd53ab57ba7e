"""The engine and the plain model side by side, and how a step is done to both."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from labeling.assignment.models import Assignment
from labeling.campaigns.models import Campaign, Membership
from labeling.errors import DomainError
from tests.assignment.asking import Died, Fall, Request
from tests.assignment.ledger import differences, expected, recorded
from tests.assignment.model import Model
from tests.assignment.parts import Hold
from tests.assignment.stage import Stage


@dataclass(frozen=True)
class Roll:
    """What was drawn for one step: who does it, to which of several, what they say, how late."""

    who: int
    which: int
    says: str
    age: int


class Playing(RuleBasedStateMachine):
    """The engine on one side, the plain model on the other, and each step done to both."""

    def __init__(self, stage: Stage, clock: SimpleNamespace) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.stage, self.clock = stage, clock
        self.campaign = Campaign.objects.get(pk=stage.campaign.pk)
        self.model: Model = stage.model()
        self.fitted, self.unfitted = self.model.rule, False
        self.keys = count(1)
        self.sent: list[tuple[Request, Any]] = []
        self.dead: Request | None = None
        self.dies_after = 0
        clock.now = self.model.now

    def teardown(self) -> None:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(self.savepoint)
        transaction.savepoint_commit(self.savepoint)

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        wrong = differences(recorded(), expected(self.model))
        assert not wrong, "\n".join(wrong)

    # How a step is run.

    def run(self, act: Callable[[], Any]) -> tuple[Any, str | None]:
        """Return what a service returns, or the code of its refusal; both None if it died."""
        after, self.dies_after = self.dies_after, 0
        try:
            with connection.execute_wrapper(Fall(after)) if after else nullcontext():
                return act(), None
        except DomainError as refusal:
            return None, refusal.code
        except Died:
            transaction.set_rollback(False)  # what the service's own transactions left is left
            return None, "died"

    def send(self, request: Request) -> None:
        """Send what a person says; the engine takes or refuses it as the model does."""
        must = self.refusal_of(request)
        found, refusal = self.run(lambda: request.submit(self.campaign, self.model.now))
        if refusal == "died":
            self.dead = request
            return
        assert refusal == must
        if refusal is None:
            assert not found.replayed
            self.sent.append((request, found.answer))
            self.follow(request, found.answer["judgment"])

    def refusal_of(self, request: Request) -> str | None:
        if request.member.user_id != request.hold.who:
            return "not_found"
        if request.undoes is not None:
            return self.model.refusal_of_undo(request.undoes)
        return self.model.refusal_of(request.hold, request.token, request.revises)

    def follow(self, request: Request, judgment: int) -> None:
        if request.undoes is None:
            self.model.say(request.hold, judgment, request.verdict)
        else:
            token = Assignment.objects.values_list("token", flat=True).get(pk=request.hold.id)
            self.model.undo(request.undoes, judgment, token)

    def request(self, hold: Hold, says: str, **fields: Any) -> Request:
        member = self.member_of(hold)
        return Request(
            member, hold, fields.pop("token", hold.tokens[-1]), says, self.key(), **fields
        )

    def member_of(self, hold: Hold) -> Membership:
        return self.stage.members[self.model.people.index(hold.who)]

    def key(self) -> str:
        return f"key {next(self.keys)}"

    # Small parts.

    def pass_time(self, by: timedelta) -> None:
        self.model.now += by
        self.clock.now = self.model.now

    def holds(self, *states: str) -> list[Hold]:
        """Return what people have or had to do, in these states or in any."""
        return [
            hold
            for hold in self.model.holds
            if (hold.state in states if states else hold.state != "barred")
        ]

    @staticmethod
    def pick(found: Sequence[Any], which: int) -> Any:
        return found[which % len(found)]

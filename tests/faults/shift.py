"""What one process of a crew does: plays people who work, dawdle, stall, and come back late."""

import json
import random
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import DatabaseError

from labeling.accounts.models import User
from labeling.accounts.services.idempotency import Once
from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment
from labeling.assignment.services.claiming import claim_next
from labeling.assignment.services.leases import expire_leases, release, renew
from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.queries import membership_of
from labeling.clock import database_now
from labeling.errors import DomainError
from labeling.ranking.services.answering import skip_comparison, submit_judgment
from tests.faults.crew import Order, Report
from tests.faults.mutants import MUTANTS
from tests.stock import answer_to

SKIP_PERCENT = RELEASE_PERCENT = 3
WALKS_AWAY_PERCENT, RETRY_PERCENT, SWEEP_PERCENT, BEAT_PERCENT = 15, 2, 3, 10
PREFETCH = 3
ENOUGH_BROKEN = 5


@dataclass
class Late:
    """An answer that its author gives after so many steps, under the token they were given."""

    due: int
    member: Membership
    assignment: Assignment


class Shift:
    """One order being worked."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.drawn = random.Random(order.seed)
        self.campaign = Campaign.objects.get(pk=order.campaign)
        people = User.objects.filter(pk__in=order.people).order_by("pk")
        self.members = [membership_of(person, order.campaign) for person in people]
        self.report = Report()
        self.late: list[Late] = []
        self.steps = 0

    def work(self) -> Report:
        """Go on until nobody of these people is handed anything any more."""
        waiting = list(self.members)
        while waiting and len(self.report.broken) < ENOUGH_BROKEN:
            member = self.drawn.choice(waiting)
            if self._guarded(self._turn, member):
                waiting = list(self.members)
            else:
                waiting.remove(member)
            self._come_back()
        self._come_back(all_of_them=True)
        return self.report

    def now(self) -> datetime:
        return database_now() + timedelta(seconds=self.order.ahead)

    def _guarded(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """Do something and write down a refusal; what the database throws is no refusal."""
        try:
            return act(*arguments)
        except DomainError as refusal:
            self.report.refused[refusal.code] = self.report.refused.get(refusal.code, 0) + 1
        except DatabaseError as error:
            reason = str(error).splitlines()[0]
            self.report.broken.append(f"{type(error).__name__}: {reason}")
        return True

    def _turn(self, member: Membership) -> bool:
        """Let one person ask for work and do something with it; tell if they got any."""
        self.steps += 1
        if self._happens(SWEEP_PERCENT):
            expire_leases(now=self.now(), campaign=self.campaign)
        now = self.now()
        hold = self.drawn.choice([1, 1, PREFETCH])
        held = claim_next(member=member, now=now, hold=hold).assignments
        new = sum(each.leased_at == now for each in held)
        self.report.claims += new
        self.report.prefetched += max(0, new - 1)
        if held:
            self._dispose(member, held)
        return bool(held)

    def _dispose(self, member: Membership, held: list[Assignment]) -> None:
        order = self.order
        if self._happens(BEAT_PERCENT):
            self._beat(member, held)
        if order.calm:
            self._answer(member, held[0])
        elif self._happens(order.stall_percent):
            self._stall(member, held)
        elif self._happens(RELEASE_PERCENT):
            for each in held:
                self._release(member, each)
        elif self._happens(SKIP_PERCENT):
            self._skip(member, held[0])
        else:
            self._answer(member, held[0])

    def _beat(self, member: Membership, held: list[Assignment]) -> None:
        """Do what an open page does now and then."""
        self.report.heartbeats += 1
        tokens = [each.token for each in held]
        renew(campaign=self.campaign, annotator=member.user, tokens=tokens, now=self.now())

    def _stall(self, member: Membership, held: list[Assignment]) -> None:
        """Let the leases run out; most come back to them later, some never."""
        self.report.stalls += 1
        over = self.now() - timedelta(seconds=1)
        live = Assignment.objects.filter(state=AssignmentState.LIVE)
        for each in held:  # one by one: together they would lock in an order that nothing keeps
            live.filter(pk=each.pk, token=each.token).update(expires_at=over)
        if not self._happens(WALKS_AWAY_PERCENT):
            due = self.steps + self.drawn.randint(3, 60)
            self.late += [Late(due, member, each) for each in held]

    def _come_back(self, *, all_of_them: bool = False) -> None:
        due = [one for one in self.late if all_of_them or one.due <= self.steps]
        for one in due:
            self.late.remove(one)
            self.report.late += 1
            self._guarded(self._answer, one.member, one.assignment)

    def _answer(self, member: Membership, assignment: Assignment) -> None:
        key = uuid4().hex
        first = self._submit(member, assignment, key)
        self.report.saved.append((first.answer["judgment"], assignment.pk, member.user_id))
        if self._happens(RETRY_PERCENT):
            self.report.retries += 1
            again = self._submit(member, assignment, key)
            if not again.replayed or again.answer != first.answer:
                self.report.broken.append("a retry did not get the first answer")

    def _submit(self, member: Membership, assignment: Assignment, key: str) -> Once:
        return submit_judgment(
            campaign=self.campaign,
            annotator=member.user,
            assignment_id=assignment.pk,
            answer=answer_to(assignment),
            key=key,
            now=self.now(),
        )

    def _skip(self, member: Membership, assignment: Assignment) -> None:
        once = skip_comparison(
            campaign=self.campaign,
            annotator=member.user,
            assignment_id=assignment.pk,
            token=assignment.token,
            reason="dont_know",
            key=uuid4().hex,
            now=self.now(),
        )
        self.report.skips += 1
        self.report.saved.append((once.answer["judgment"], assignment.pk, member.user_id))

    def _release(self, member: Membership, assignment: Assignment) -> None:
        self.report.releases += 1
        release(
            campaign=self.campaign,
            annotator=member.user,
            assignment_id=assignment.pk,
            token=assignment.token,
            now=self.now(),
        )

    def _happens(self, percent: int) -> bool:
        return self.drawn.random() * 100 < percent


def serve() -> None:
    """Work the orders that come in, one a line, until there are no more."""
    for line in sys.stdin:
        order = Order(**json.loads(line))
        with MUTANTS[order.mutant]():
            report = Shift(order).work()
        sys.stdout.write(json.dumps(asdict(report)) + "\n")
        sys.stdout.flush()

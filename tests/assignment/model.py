"""A plain model of how work is handed out and counted, which the engine is compared with.

It keeps who holds what and what was said, and works everything else out from that: what the
engine counts up and down in columns is counted here from the start, every time.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from labeling.assignment.draws import draw_earlier
from labeling.assignment.policies import Rule, wanted
from tests.assignment.parts import Hold, Said, Work

REPEAT_AFTER = 1
OVER = ("expired", "released")
Given = tuple[int, int, str, UUID, list[int]]


@dataclass(eq=False)
class Model:
    """A campaign in which ``people`` judge ``works``, and the clock that its leases go by.

    ``team`` is how many members it has, the manager included.
    """

    people: Sequence[int]
    team: int
    works: dict[int, Work]
    rule: Rule
    seed: int
    skip_limit: int
    lease: timedelta
    now: datetime
    state: str = "active"
    round: int | None = 1
    limits: list[int | None] = field(default_factory=lambda: [None, None])
    holds: list[Hold] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    claims: Counter[int] = field(default_factory=Counter)

    # What follows from who holds what and what was said.

    def of(self, work: Work) -> list[Hold]:
        return [hold for hold in self.holds if hold.work is work and hold.kind == "work"]

    def theirs(self, who: int, *states: str) -> list[Hold]:
        own = [hold for hold in self.holds if hold.who == who and hold.state in states]
        return sorted(own, key=lambda hold: (hold.ordinal, hold.id))

    def held(self, work: Work) -> int:
        return sum(hold.has_slot for hold in self.of(work))

    def tally(self, work: Work) -> Counter[str]:
        """Count the judgments in force that count."""
        last = [hold.last for hold in self.of(work)]
        return Counter(said.verdict for said in last if said and said.counted and said.verdict)

    def open_slots(self, work: Work) -> int:
        return work.wanted - self.held(work) - self.tally(work).total()

    def fit(self, work: Work) -> None:
        """Let a comparison want what the policy says now, and never less than it has."""
        tally = self.tally(work)
        taken = self.held(work) + tally.total()
        by_rule = wanted(self.rule, key=work.key, tally=tally, vote_value=work.value)
        work.wanted = taken + 1 if work.gold else max(1, taken, by_rule)
        adaptive = self.rule.policy == "adaptive" and not work.gold
        asks = adaptive and 2 <= tally.total() < self.rule.most_votes
        work.value_due = asks and work.value is None
        work.retired = work.retired or work.skips >= self.skip_limit

    def share_limit(self) -> int:
        """Return how many judgments one person may give: ten percent, or twice an even share."""
        total = sum(work.wanted for work in self.works.values() if not work.gold)
        return ceil(max(0.1, 2 / self.team) * total)

    # Claims.

    def claim(self, who: int, *, hold: int, drawn: str, given: Sequence[Given]) -> str | None:
        """Follow a claim that gave these new leases; return why it gave no more.

        Breaks when one of them is not theirs to have, or when there are too many or too few.
        """
        held = len(self.theirs(who, "live"))
        for own in self.theirs(who, "live"):
            own.until = self.now + self.lease
        fresh, why = iter(given), None
        while held < hold and why is None:
            why = self._refusal(who, held)
            why = why or self._give(who, drawn, fresh)
            held += why is None
        assert next(fresh, None) is None, f"given more than allowed ({why})"
        return why

    def come_for_kept(self, who: int, hold: int) -> None:
        """Turn what is kept for a person into leases, so far as they have room."""
        room = max(0, hold - len(self.theirs(who, "live")))
        for kept in self.theirs(who, "reserved")[:room]:
            kept.state, kept.ordinal = "live", self.claims[who]
            self.claims[who] += 1

    def _refusal(self, who: int, held: int) -> str | None:
        if self.round is None:
            return "round_closed"
        given = len(self.theirs(who, "submitted")) + held
        full = any(limit is not None and given >= limit for limit in self.limits)
        return "limit_reached" if full else None

    def _give(self, who: int, drawn: str, fresh: Iterator[Given]) -> str | None:
        kind = drawn
        fitting = self.eligible(who, kind)
        if not fitting:
            kind, fitting = "work", self.eligible(who, "work")
        if not fitting and self.expire():
            fitting = self.eligible(who, "work")
        if not fitting:
            return "nothing_left"
        lease = next(fresh, None)
        assert lease is not None, "given nothing although something was free"
        assert lease[2] == kind, f"given {lease[2]} in place of {kind}"
        assert lease[1] in [work.id for work in fitting], "given what is not theirs to have"
        self._take(who, *lease)
        return None

    def eligible(self, who: int, kind: str) -> list[Work]:
        """Return the comparisons that a person's next lease of this kind may be of."""
        if kind == "repeat":
            repeated = [hold.work for hold in self.holds if hold.who == who and hold.kind == kind]
            return [
                hold.work
                for hold in self.theirs(who, "submitted")
                if hold.kind == "work" and hold.work.round == self.round
                if self._earliest(who) <= hold.ordinal <= self.claims[who] - REPEAT_AFTER
                if hold.work not in repeated
            ][:1]
        known = [hold.work for hold in self.holds if hold.who == who and hold.state not in OVER]
        return [
            work
            for work in self.works.values()
            if work.gold == (kind == "gold") and work not in known and work.round == self.round
            if not work.retired and self.open_slots(work) > 0
        ]

    def _earliest(self, who: int) -> int:
        return draw_earlier(seed=self.seed, annotator_id=who, ordinal=self.claims[who])

    def _take(
        self, who: int, id_: int, work: int, kind: str, token: UUID, order: list[int]
    ) -> None:
        asked = (work, who, kind)
        known = [hold for hold in self.holds if (hold.work.id, hold.who, hold.kind) == asked]
        if known:
            (hold,) = known
            assert (hold.id, hold.order) == (id_, order), "the same comparison looks different"
        else:
            hold = Hold(id_, self.works[work], who, kind, order, 0, [], "live", self.now)
            self.holds.append(hold)
        assert token not in hold.tokens, "an old token was given again"
        hold.tokens.append(token)
        hold.state, hold.ordinal, hold.until = "live", self.claims[who], self.now + self.lease
        self.claims[who] += 1

    # What managers decide of single comparisons.

    def refusal_to_direct(self, work: Work, who: int) -> str | None:
        if work.retired or work.round != self.round or work.gold:
            return "comparison_not_handed_out"
        own = [hold for hold in self.holds if hold.work is work and hold.who == who]
        done = ("barred", "submitted", "skipped")
        known = [hold for hold in own if hold.kind == "gold" and hold.state not in OVER]
        judged = [hold for hold in own if hold.kind == "work" and hold.state in done]
        return "invalid" if known or judged else None

    def keep(self, hold: Hold, token: UUID) -> None:
        """Keep a slot for a person; one more is wanted when none is free."""
        if hold not in self.holds:
            self.holds.append(hold)
        if not hold.has_slot:
            hold.state = "reserved"
            hold.tokens.append(token)
            self.fit(hold.work)

    def give_back(self, work: Work) -> None:
        self._end([hold for hold in self.of(work) if hold.state == "reserved"], "released")

    def retire(self, work: Work) -> None:
        self.give_back(work)
        work.retired = True

    def restore(self, work: Work) -> None:
        if work.retired:
            work.retired, work.skips = False, 0
            self.fit(work)

    def refusal_to_mark(self, work: Work) -> str | None:
        if work.retired:
            return "comparison_not_handed_out"
        return "comparison_held" if self.held(work) else None

    def mark(self, work: Work, *, gold: bool) -> None:
        work.gold = gold
        self.fit(work)

    # Leases.

    def expire(self) -> int:
        over = [hold for hold in self.holds if hold.live and hold.until <= self.now]
        return self._end(over, "expired")

    def release(self, hold: Hold, token: UUID) -> None:
        self._end([hold] if hold.live and token == hold.tokens[-1] else [], "released")

    def leave(self, holds: Sequence[Hold], grace: timedelta) -> None:
        if not grace:
            self._end(holds, "released")
        for hold in holds:
            hold.until = min(hold.until, self.now + grace)

    def renew(self, who: int, tokens: Sequence[UUID]) -> list[int]:
        live = [hold for hold in self.theirs(who, "live") if hold.tokens[-1] in tokens]
        for hold in live:
            hold.until = self.now + self.lease
        return [hold.id for hold in live]

    def _end(self, holds: Sequence[Hold], state: str) -> int:
        for hold in holds:
            hold.state = state
        for work in {hold.work for hold in holds if hold.kind == "work"}:
            self.fit(work)
        return len(holds)

    # What another judgment is worth.

    def appraise(self, work: Work, tally: Mapping[str, int], value: float) -> bool:
        """Take an estimate that is wanted, if it was made for what has been said."""
        takes = work.value_due and tally == self.tally(work)
        if takes:
            work.value = value
            self.fit(work)
        return takes

    # Judgments.

    def refusal_of(self, hold: Hold, token: UUID, revises: int | None) -> str | None:
        """Return how an answer or a skip is refused, or None."""
        if hold.last is None and revises is not None:
            return "answer_invalid"
        again = revises is None and (hold.live or (hold.last is not None and hold.last.undone))
        if hold.last is not None and not again:
            refusal = self.refusal_to_change(hold, revises)
            if refusal:
                return refusal
        return "lease_replaced" if hold.live and token != hold.tokens[-1] else None

    def refusal_to_change(self, hold: Hold, judgment: int | None) -> str | None:
        if hold.last is None or judgment != hold.last.id:
            return "already_judged"
        return "campaign_closed" if self.state == "completed" else None

    def refusal_of_undo(self, said: Said) -> str | None:
        refusal = self.refusal_to_change(said.hold, said.id)
        return refusal or ("already_judged" if said.undone else None)

    def say(self, hold: Hold, id_: int, verdict: str | None) -> None:
        """Take an answer, or a skip; it counts when it has a slot or finds one free."""
        counts = hold.has_slot or (hold.last is not None and hold.last.counted)
        counts = counts or self.open_slots(hold.work) > 0
        counts = counts and verdict is not None and hold.kind == "work"
        self._move(hold, "skipped" if verdict is None else "submitted")
        self._store(Said(id_, hold, verdict, counts))

    def undo(self, said: Said, id_: int, token: UUID) -> None:
        hold = said.hold
        free = hold.kind != "work" or said.counted or self.open_slots(hold.work) > 0
        self._move(hold, "live" if free else "released")
        hold.until = self.now + self.lease
        hold.tokens.append(token)
        self._store(Said(id_, hold, None, undone=True))

    @staticmethod
    def _move(hold: Hold, state: str) -> None:
        """Count who skips; those from before a comparison was restored are forgotten."""
        if hold.kind == "work":
            less = hold.state == "skipped"
            hold.work.skips = max(0, hold.work.skips + (state == "skipped") - less)
        hold.state = state

    def _store(self, said: Said) -> None:
        """Keep a judgment; what another one is worth is known no more when it changes the tally."""
        work = said.hold.work
        before = self.tally(work)
        said.hold.said.append(said)
        self.said.append(said)
        work.value = work.value if self.tally(work) == before else None
        if said.hold.kind == "work":
            self.fit(work)

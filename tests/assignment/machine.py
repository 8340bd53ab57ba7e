"""Everything that people, managers, clocks and crashes do to a campaign, in any order."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from labeling.assignment.enums import Kind, Policy
from labeling.assignment.services import claiming, lanes, leases
from tests.assignment.managing import Managing
from tests.assignment.parts import Hold
from tests.assignment.playing import Roll
from tests.assignment.stage import PEOPLE

# How often each is drawn. One rule with weights rather than many: of many, each game leaves a
# half out, and a game in which nobody claims or answers shows little.
DEEDS = {
    "come": 5,
    "prefetch": 4,
    "answer": 5,
    "finish": 2,
    "answer_late": 4,
    "answer_from_an_old_page": 2,
    "change": 3,
    "undo": 3,
    "answer_for_another": 1,
    "send_again": 2,
    "release": 2,
    "leave": 2,
    "heartbeat": 2,
    "wait": 3,
    "sweep": 2,
    "die_soon": 2,
    "send_what_died": 2,
    "limit_people": 1,
    "open_round": 1,
    "set_state": 1,
    "change_policy": 2,
    "change_policy_back": 1,
    "fit": 2,
    "appraise": 3,
    "direct": 1,
    "withdraw": 1,
    "retire": 1,
    "restore": 1,
    "mark": 1,
    "unmark": 1,
}
WEIGHED = st.sampled_from([deed for deed, weight in DEEDS.items() for _ in range(weight)])
SAYS = st.sampled_from(["best", "best", "best", "close", "worst", "tie", "bad", "skip"])
WAITS = [timedelta(seconds=seconds) for seconds in (10, 60, 130, 700)]
DRY = timedelta(seconds=6)  # longer than a lane that had nothing is left alone


class AssignmentMachine(Managing):
    """The engine on one side, the plain model on the other, and each step done to both."""

    @initialize(
        holds=st.lists(st.integers(1, 3), min_size=PEOPLE, max_size=PEOPLE),
        adaptive=st.lists(SAYS, max_size=PEOPLE),
    )
    def begin(self, holds: list[int], adaptive: list[str]) -> None:
        """Let everybody come and take some work; under ``adaptive``, some do it at once."""
        if adaptive:
            self.follow_rule(replace(self.model.rule, policy=Policy.ADAPTIVE))
        for who, hold in enumerate(holds):
            self.ask(who, hold, "work")
        for who, says in enumerate(adaptive):
            self.finish(Roll(who, 0, says, 0))

    @rule(
        what=WEIGHED,
        who=st.integers(0, PEOPLE - 1),
        which=st.integers(0, 11),
        says=SAYS,
        age=st.integers(0, 5),
    )
    def step(self, what: str, who: int, which: int, says: str, age: int) -> None:
        getattr(self, what)(Roll(who, which, says, age))

    # What people do.

    def come(self, roll: Roll) -> None:
        """Ask for what is next."""
        self.ask(roll.who, 1, "work")

    def prefetch(self, roll: Roll) -> None:
        """Ask for a small batch, of the kind that is drawn while there is any."""
        self.ask(roll.who, roll.which % 2 + 2, self.pick(["work", "repeat", "gold"], roll.age))

    def ask(self, who: int, hold: int, drawn: str) -> None:
        """Ask for work once a dry lane would be looked into again."""
        self.pass_time(DRY)
        self.clock.drawn = Kind(drawn)
        member = self.stage.members[who]
        member.campaign = self.campaign
        claim = partial(claiming.claim_next, member=member, now=self.model.now, hold=hold)
        found, refusal = self.run(claim)
        if refusal != "died":
            assert refusal == (None if self.model.state == "active" else "campaign_not_active")
        if refusal is not None:
            return
        self.model.come_for_kept(member.user_id, hold)
        held = [each.id for each in self.model.theirs(member.user_id, "live")]
        ids = [each.pk for each in found.assignments]
        assert ids[: len(held)] == held, "what somebody holds is given to them first"
        given = [
            (each.pk, each.comparison_id, str(each.kind), each.token, each.display_order)
            for each in found.assignments[len(held) :]
        ]
        assert found.why == self.model.claim(member.user_id, hold=hold, drawn=drawn, given=given)

    def answer(self, roll: Roll) -> None:
        """Answer one of the things that somebody holds, or pass on it."""
        for hold in self.one_of(self.holds("live"), roll):
            self.send(self.request(hold, roll.says))

    def finish(self, roll: Roll) -> None:
        """Answer all that somebody holds, one after the other."""
        for hold in self.model.theirs(self.model.people[roll.who], "live"):
            self.send(self.request(hold, roll.says))

    def answer_late(self, roll: Roll) -> None:
        """Answer what was given back or ran out."""
        for hold in self.one_of(self.holds("expired", "released"), roll):
            self.send(self.request(hold, roll.says))

    def answer_from_an_old_page(self, roll: Roll) -> None:
        """Answer anything with a token of any age, naming no judgment, the latest or another."""
        for hold in self.one_of(self.holds(), roll):
            token = self.pick([*reversed(hold.tokens), uuid4()], roll.age)
            named = [None, *(said.id for said in hold.said[-1:] + hold.said[:1]), None, 0]
            revises = self.pick(named, roll.who)
            self.send(self.request(hold, roll.says, token=token, revises=revises))

    def change(self, roll: Roll) -> None:
        """Change one's own latest answer or skip."""
        for hold in self.one_of(self.holds("submitted", "skipped"), roll):
            self.send(self.request(hold, roll.says, revises=hold.said[-1].id))

    def undo(self, roll: Roll) -> None:
        """Take a judgment back, mostly the latest, whether or not that is still possible."""
        for hold in self.one_of([each for each in self.model.holds if each.said], roll):
            said = self.pick(hold.said[::-1], roll.age // 3)
            self.send(self.request(hold, "", undoes=said))

    def answer_for_another(self, roll: Roll) -> None:
        """Answer what somebody else was given, which is not there for whoever it is not."""
        for hold in self.one_of(self.holds(), roll):
            member = self.stage.members[roll.who]
            self.send(replace(self.request(hold, roll.says), member=member))

    def send_again(self, roll: Roll) -> None:
        """Send what was taken before again under its key: the very same, or something else."""
        if not self.sent:
            return
        request, answer = self.pick(self.sent[::-1], roll.which)
        other = roll.age > 2
        says = "tie" if request.says == "bad" else "bad"
        again = replace(request, says=says, undoes=None) if other else request
        found, refusal = self.run(lambda: again.submit(self.campaign, self.model.now))
        if refusal == "died":
            return
        assert refusal == ("idempotency_key_reused" if other else None)
        assert other or (found.replayed and found.answer == answer)

    def release(self, roll: Roll) -> None:
        """Give something back, with a token that may be old."""
        for hold in self.one_of(self.holds("live") if roll.age else self.holds(), roll):
            request = self.request(hold, "", token=self.pick(hold.tokens[::-1], roll.age // 3))
            give = partial(
                leases.release,
                campaign=self.campaign,
                annotator=request.member.user,
                assignment_id=hold.id,
                token=request.token,
                now=self.model.now,
            )
            _, refusal = self.run(give)
            if refusal is None:
                self.model.release(hold, request.token)

    def leave(self, roll: Roll) -> None:
        """Close one's page, which may be back soon; what a draft was begun of is not given back."""
        member, grace = self.stage.members[roll.who], timedelta(seconds=30 * (roll.age % 2))
        live = self.model.theirs(member.user_id, "live")
        drafted = self.one_of(live, roll) if roll.age > 1 else []
        left = [each for each in live if each not in drafted]
        give = partial(
            leases.release_all,
            campaign=self.campaign,
            annotator=member.user,
            tokens={each.id: each.tokens[-1] for each in left},
            now=self.model.now,
            grace=grace,
        )
        _, refusal = self.run(give)
        if refusal is None:
            self.model.leave(left, grace)

    def heartbeat(self, roll: Roll) -> None:
        """Renew what one's page holds: all of it, or what it held when it was opened."""
        member = self.stage.members[roll.who]
        own = [each for each in self.model.holds if each.who == member.user_id]
        tokens = [each.tokens[0 if roll.age % 2 else -1] for each in own]
        found = leases.renew(
            campaign=self.campaign, annotator=member.user, tokens=tokens, now=self.model.now
        )
        assert [each.pk for each in found] == self.model.renew(member.user_id, tokens)

    # What time and machines do.

    def wait(self, roll: Roll) -> None:
        """Let a little or much time pass."""
        self.pass_time(self.pick(WAITS, roll.which))

    def sweep(self, roll: Roll) -> None:
        """Return the slots of leases that are over, and move the heads of lanes on."""
        found, refusal = self.run(lambda: leases.expire_leases(now=self.model.now))
        if refusal is None:
            assert found == self.model.expire()
        lanes.advance_heads(now=self.model.now)

    def die_soon(self, roll: Roll) -> None:
        """Die in the next act, after so many statements; a short act is over before."""
        self.dies_after = roll.which + 1

    def send_what_died(self, roll: Roll) -> None:
        """Send what got no answer again, under the same key."""
        request, self.dead = self.dead, None
        if request is not None:
            self.send(request)

    def one_of(self, holds: list[Hold], roll: Roll) -> list[Hold]:
        """Return the one that was drawn, if there are any."""
        return [self.pick(holds, roll.which)] if holds else []

"""Everything that people, managers, clocks and crashes do to a campaign, in any order."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from labeling.assignment.enums import Kind
from labeling.assignment.services import claiming, lanes, leases
from tests.assignment.managing import WHICH, WHO, Managing

SAYS = st.sampled_from(["best", "best", "close", "worst", "tie", "bad", "skip"])
DRY = timedelta(seconds=6)  # longer than a lane that had nothing is left alone


class AssignmentMachine(Managing):
    """The engine on one side, the plain model on the other, and each step done to both."""

    # What people do.

    @rule(
        who=WHO, hold=st.integers(1, 3), drawn=st.sampled_from(["work", "work", "repeat", "gold"])
    )
    def claim(self, who: int, hold: int, drawn: str) -> None:
        """Ask for work, with a small batch ahead, once a dry lane would be looked into again."""
        self.pass_time(DRY)
        self.clock.drawn = Kind(drawn)
        member = self.stage.members[who]
        member.campaign = self.campaign
        found, refusal = self.run(
            lambda: claiming.claim_next(member=member, now=self.model.now, hold=hold)
        )
        if refusal != "died":
            assert refusal == (None if self.model.state == "active" else "campaign_not_active")
        if refusal is not None:
            return
        ids = [each.pk for each in found.assignments]
        self.model.come_for_kept(member.user_id, hold)
        held = [each.id for each in self.model.theirs(member.user_id, "live")]
        assert ids[: len(held)] == held, "what somebody holds is given to them first"
        given = [
            (each.pk, each.comparison_id, str(each.kind), each.token, each.display_order)
            for each in found.assignments[len(held) :]
        ]
        assert found.why == self.model.claim(member.user_id, hold=hold, drawn=drawn, given=given)

    @precondition(lambda self: self.holds("live"))
    @rule(which=WHICH, says=SAYS)
    def answer(self, which: int, says: str) -> None:
        """Answer what somebody holds, or pass on it."""
        self.send(self.request(self.pick(self.holds("live"), which), says))

    @precondition(lambda self: self.holds())
    @rule(which=WHICH, says=SAYS, age=st.integers(0, 2), revises=st.integers(0, 2))
    def answer_from_an_old_page(self, which: int, says: str, age: int, revises: int) -> None:
        """Answer with a token of any age, naming no judgment, the latest or the first."""
        hold = self.pick(self.holds(), which)
        token = self.pick([*reversed(hold.tokens), uuid4()], age)
        named = [None, *(said.id for said in hold.said[-1:] + hold.said[:1])]
        self.send(self.request(hold, says, token=token, revises=self.pick([*named, 0], revises)))

    @precondition(lambda self: self.holds("submitted", "skipped"))
    @rule(which=WHICH, says=SAYS)
    def change(self, which: int, says: str) -> None:
        """Change one's own latest answer or skip."""
        hold = self.pick(self.holds("submitted", "skipped"), which)
        self.send(self.request(hold, says, revises=hold.said[-1].id))

    @precondition(lambda self: self.model.said)
    @rule(back=WHICH)
    def undo(self, back: int) -> None:
        """Take back one of the last judgments, whether or not that is still possible."""
        said = self.pick(self.model.said[::-1], back)
        self.send(self.request(said.hold, "", undoes=said))

    @precondition(lambda self: self.holds())
    @rule(which=WHICH, who=WHO)
    def answer_for_another(self, which: int, who: int) -> None:
        """Answer what somebody else was given, which is not there for whoever it is not."""
        request = self.request(self.pick(self.holds(), which), "best")
        self.send(replace(request, member=self.stage.members[who]))

    @precondition(lambda self: self.sent)
    @rule(which=WHICH, other=st.booleans())
    def send_again(self, which: int, other: bool) -> None:
        """Send what was taken before again under its key: the very same, or something else."""
        request, answer = self.pick(self.sent[::-1], which)
        says = "tie" if request.says == "bad" else "bad"
        again = replace(request, says=says, undoes=None) if other else request
        found, refusal = self.run(lambda: again.submit(self.campaign, self.model.now))
        if refusal == "died":
            return
        assert refusal == ("idempotency_key_reused" if other else None)
        assert other or (found.replayed and found.answer == answer)

    @precondition(lambda self: self.holds())
    @rule(which=WHICH, age=st.integers(0, 1))
    def release(self, which: int, age: int) -> None:
        """Give something back, with a token that may be old."""
        hold = self.pick(self.holds("live") or self.holds(), which)
        request = self.request(hold, "", token=self.pick(hold.tokens[::-1], age))
        _, refusal = self.run(
            lambda: leases.release(
                campaign=self.campaign,
                annotator=request.member.user,
                assignment_id=hold.id,
                token=request.token,
                now=self.model.now,
            )
        )
        if refusal is None:
            self.model.release(hold, request.token)

    @rule(who=WHO, first=st.booleans())
    def heartbeat(self, who: int, first: bool) -> None:
        """Renew what one's page holds: all of it, or what it held when it was opened."""
        member = self.stage.members[who]
        own = [each for each in self.model.holds if each.who == member.user_id]
        tokens = [each.tokens[0 if first else -1] for each in own]
        found = leases.renew(
            campaign=self.campaign, annotator=member.user, tokens=tokens, now=self.model.now
        )
        assert [each.pk for each in found] == self.model.renew(member.user_id, tokens)

    # What time and machines do.

    @rule(seconds=st.sampled_from([10, 60, 130, 700]))
    def wait(self, seconds: int) -> None:
        self.pass_time(timedelta(seconds=seconds))

    @rule()
    def sweep(self) -> None:
        """Return the slots of leases that are over, and move the heads of lanes on."""
        found, refusal = self.run(lambda: leases.expire_leases(now=self.model.now))
        if refusal is None:
            assert found == self.model.expire()
        lanes.advance_heads(now=self.model.now)

    @rule(after=st.integers(1, 14))
    def die_soon(self, after: int) -> None:
        """Die in the next act, after so many statements; a short act is over before."""
        self.dies_after = after

    @precondition(lambda self: self.dead is not None)
    @rule()
    def send_what_died(self) -> None:
        """Send what got no answer again, under the same key."""
        request, self.dead = self.dead, None
        assert request is not None
        self.send(request)

"""What managers do to a campaign while people work in it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from labeling.accounts.models import User
from labeling.assignment.enums import Policy
from labeling.assignment.models import Allocation, Assignment
from labeling.assignment.policies import Rule
from labeling.assignment.services import allocations, directing, marking, planning, valuing
from labeling.campaigns.models import Campaign
from labeling.campaigns.services import edit_campaign, rounds, set_state
from tests.assignment.parts import Hold, Work
from tests.assignment.playing import Playing, Roll


class Managing(Playing):
    """A machine whose manager thinks better of everything."""

    def limit_people(self, roll: Roll) -> None:
        """Cap what one person may judge, or cap it no more."""
        limit = self.pick([None, None, 2, 4], roll.which)
        self.model.limits[0] = limit
        self.reallocate(person_limit=limit)

    def change_policy(self, roll: Roll) -> None:
        """Change how many judge a comparison; those that are planned follow with ``fit``."""
        policy = self.pick(Policy.values, roll.which)
        overlap, most = roll.age % 3 + 1, roll.who % 3 + 2
        given = self.model.rule
        self.follow_rule(replace(given, policy=policy, overlap=overlap, most_votes=most))

    def change_policy_back(self, roll: Roll) -> None:
        """Think better of it before it was carried out, though some answers came in between."""
        if self.unfitted:
            self.follow_rule(self.fitted)

    def fit(self, roll: Roll) -> None:
        """Carry a change of the policy out."""
        if self.unfitted:
            planning.plan_comparisons(campaign_id=self.campaign.pk)
            for work in self.works:
                self.model.fit(work)
            self.model.limits[1] = self.model.share_limit()
            self.fitted, self.unfitted = self.model.rule, False

    def open_round(self, roll: Roll) -> None:
        """Close the round that is open, and open one of the two or none."""
        number = self.pick([1, 2, 1, 2, 1, None], roll.which)
        for each in self.stage.rounds:
            if each.number != number:
                rounds.close_round(round_=each, by=self.by, now=self.model.now)
        for each in self.stage.rounds:
            if each.number == number:
                rounds.reopen_round(round_=each, by=self.by)
        self.model.round = number

    def set_state(self, roll: Roll) -> None:
        """Pause, complete or go on."""
        state = self.pick(["paused", "active", "completed", "active"], roll.which)
        moved = (self.model.state, state)
        must = "campaign_state" if moved == ("completed", "paused") else None
        if self.decide(must, lambda: set_state(campaign=self.campaign, state=state, by=self.by)):
            self.model.state = self.campaign.state = state

    def appraise(self, roll: Roll) -> None:
        """Say what another judgment is worth, for what is said now or for what was said before."""
        due = [each for each in self.works if each.value_due] or self.works
        work, value = self.pick(due, roll.which), float(roll.says not in ("worst", "tie"))
        tally = {"1,2": 1} if roll.age % 3 == 0 else dict(self.model.tally(work))
        given = {work.id: valuing.Estimate(tally, value)}
        stored, refusal = self.run(lambda: valuing.revalue(estimates=given, now=self.model.now))
        if refusal is None:
            assert stored == self.model.appraise(work, tally, value)

    def direct(self, roll: Roll) -> None:
        """Keep a slot of a comparison for somebody."""
        work, member = self.pick(self.works, roll.which), self.stage.members[roll.who]
        must = self.model.refusal_to_direct(work, member.user_id)
        if self.decide(must, self.on(work, directing.direct, people=[member.user])):
            row = Assignment.objects.get(comparison=work.id, annotator=member.user, kind="work")
            self.model.keep(self.hold_of(row, work), row.token)

    def withdraw(self, roll: Roll) -> None:
        """Give back what is kept of a comparison for anybody, unless one of them has begun."""
        kept = [each for each in self.works if any(self.kept(each))] or self.works
        work = self.pick(kept, roll.which)
        people = [each.user for each in self.stage.members]
        must = "already_begun" if any(hold.live for hold in self.model.of(work)) else None
        if self.decide(must, self.on(work, directing.withdraw, people=people)):
            self.model.give_back(work)

    def retire(self, roll: Roll) -> None:
        """Hand a comparison out no more."""
        work = self.pick(self.works, roll.which)
        if self.decide(None, self.on(work, marking.retire)):
            self.model.retire(work)

    def restore(self, roll: Roll) -> None:
        """Hand one that is retired out again."""
        work = self.pick([each for each in self.works if each.retired] or self.works, roll.which)
        if self.decide(None, self.on(work, marking.restore)):
            self.model.restore(work)

    def mark(self, roll: Roll) -> None:
        """Make a comparison a hidden test with a known answer."""
        work = self.pick(self.works, roll.which)
        known = list(range(1, work.size + 1))
        must = self.model.refusal_to_mark(work)
        if self.decide(must, self.on(work, marking.mark_gold, ranks=known)):
            self.model.mark(work, gold=True)

    def unmark(self, roll: Roll) -> None:
        """Make a hidden test ordinary work again."""
        tests = [each for each in self.works if each.gold]
        if tests:
            work = self.pick(tests, roll.which)
            if self.decide(None, self.on(work, marking.unmark_gold)):
                self.model.mark(work, gold=False)

    # Small parts.

    @property
    def by(self) -> User:
        return self.campaign.created_by

    @property
    def works(self) -> list[Work]:
        return list(self.model.works.values())

    def kept(self, work: Work) -> list[Hold]:
        return [hold for hold in self.model.of(work) if hold.state == "reserved"]

    def decide(self, must: str | None, act: Callable[[], Any]) -> bool:
        """Let the manager do something that is refused in this way; tell whether it was done."""
        _, refusal = self.run(act)
        assert refusal in (must, "died"), f"refused as {refusal}, must be {must}"
        return refusal is None

    def on(self, work: Work, act: Callable[..., Any], **given: Any) -> Callable[[], Any]:
        same = {"campaign": self.campaign, "comparison_id": work.id, "by": self.by}
        return partial(act, **same, now=self.model.now, **given)

    def hold_of(self, row: Assignment, work: Work) -> Hold:
        """Return the model's hold of a row, a new one if it knows none."""
        known = [hold for hold in self.model.holds if hold.id == row.pk]
        return (
            known[0]
            if known
            else Hold(
                id=row.pk,
                work=work,
                who=row.annotator_id,
                kind="work",
                order=row.display_order,
                ordinal=0,
                tokens=[],
                state="",
                until=row.expires_at,
            )
        )

    def follow_rule(self, rule_: Rule) -> None:
        self.model.rule, self.unfitted = rule_, True
        self.reallocate(policy=rule_.policy, most_votes=rule_.most_votes)
        version = Campaign.objects.values_list("version", flat=True).get(pk=self.campaign.pk)
        edit_campaign(campaign=self.campaign, by=self.by, version=version, overlap=rule_.overlap)

    def reallocate(self, **changes: Any) -> None:
        version = Allocation.objects.values_list("version", flat=True).get(campaign=self.campaign)
        allocations.reallocate(campaign=self.campaign, by=self.by, version=version, **changes)

"""What managers do to a campaign while people work in it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from labeling.accounts.models import User
from labeling.assignment.enums import Policy
from labeling.assignment.models import Allocation, Assignment, Comparison
from labeling.assignment.policies import Rule
from labeling.assignment.services import allocations, directing, marking, planning
from labeling.campaigns.models import Campaign
from labeling.campaigns.services import edit_campaign, rounds, set_state
from tests.assignment.parts import Hold, Work
from tests.assignment.playing import Playing

WHO = st.integers(0, 3)
WHICH = st.integers(0, 11)


class Managing(Playing):
    """A machine whose manager thinks better of everything."""

    @rule(limit=st.sampled_from([None, None, 1, 2, 4]))
    def limit_people(self, limit: int | None) -> None:
        self.model.limits[0] = limit
        self.reallocate(person_limit=limit)

    @rule(policy=st.sampled_from(Policy.values), overlap=st.integers(1, 3), most=st.integers(2, 4))
    def change_policy(self, policy: str, overlap: int, most: int) -> None:
        """Change how many judge a comparison; those that are planned follow with ``fit``."""
        given = self.model.rule
        self.follow_rule(replace(given, policy=policy, overlap=overlap, most_votes=most))

    @precondition(lambda self: self.unfitted)
    @rule()
    def change_policy_back(self) -> None:
        """Think better of it before it was carried out, though some answers came in between."""
        self.follow_rule(self.fitted)

    @precondition(lambda self: self.unfitted)
    @rule()
    def fit(self) -> None:
        planning.plan_comparisons(campaign_id=self.campaign.pk)
        for work in self.model.works.values():
            self.model.fit(work)
        self.model.limits[1] = self.model.share_limit()
        self.fitted, self.unfitted = self.model.rule, False

    @rule(which=WHICH, value=st.sampled_from([0.0, 0.5]))
    def appraise(self, which: int, value: float) -> None:
        """Say what another judgment of a comparison is worth, as the quality stage does."""
        work = self.pick(self.works, which)
        work.value, self.unfitted = value, True
        Comparison.objects.filter(pk=work.id).update(vote_value=value)
        Allocation.objects.filter(campaign=self.campaign).update(fitted="")

    @rule(number=st.sampled_from([1, 1, 1, 2, 2, None]))
    def open_round(self, number: int | None) -> None:
        """Close the round that is open, and open one of the two or none."""
        for each in self.stage.rounds:
            if each.number != number:
                rounds.close_round(round_=each, by=self.by, now=self.model.now)
        for each in self.stage.rounds:
            if each.number == number:
                rounds.reopen_round(round_=each, by=self.by)
        self.model.round = number

    @rule(state=st.sampled_from(["active", "active", "active", "paused", "completed"]))
    def set_state(self, state: str) -> None:
        moved = (self.model.state, state)
        must = "campaign_state" if moved == ("completed", "paused") else None
        if self.decide(must, lambda: set_state(campaign=self.campaign, state=state, by=self.by)):
            self.model.state = self.campaign.state = state

    @rule(which=WHICH, who=WHO)
    def direct(self, which: int, who: int) -> None:
        """Keep a slot of a comparison for somebody."""
        work, member = self.pick(self.works, which), self.stage.members[who]
        must = self.model.refusal_to_direct(work, member.user_id)
        if self.decide(must, self.on(work, directing.direct, people=[member.user])):
            row = Assignment.objects.get(comparison=work.id, annotator=member.user, kind="work")
            self.model.keep(self.hold_of(row, work), row.token)

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        """Give back what is kept of a comparison for anybody, unless one of them has begun."""
        work = self.pick(self.works, which)
        kept = [hold for hold in self.model.of(work) if hold.has_slot]
        people = [member.user for member in self.stage.members]
        must = "already_begun" if any(hold.live for hold in kept) else None
        if self.decide(must, self.on(work, directing.withdraw, people=people)):
            self.model.give_back(work)

    @rule(which=WHICH, back=st.booleans())
    def retire_or_restore(self, which: int, back: bool) -> None:
        work = self.pick([each for each in self.works if each.retired] or self.works, which)
        if self.decide(None, self.on(work, marking.restore if back else marking.retire)):
            (self.model.restore if back else self.model.retire)(work)

    @rule(which=WHICH, back=st.booleans())
    def mark_or_unmark(self, which: int, back: bool) -> None:
        """Make a comparison a hidden test with a known answer, or ordinary work again."""
        work = self.pick(self.works, which)
        if back:
            if work.gold and self.decide(None, self.on(work, marking.unmark_gold)):
                self.model.mark(work, gold=False)
            return
        known = list(range(1, work.size + 1))
        must = self.model.refusal_to_mark(work)
        if self.decide(must, self.on(work, marking.mark_gold, ranks=known)):
            self.model.mark(work, gold=True)

    # Small parts.

    @property
    def by(self) -> User:
        return self.campaign.created_by

    @property
    def works(self) -> list[Work]:
        return list(self.model.works.values())

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
        asked = {"id": row.pk, "work": work, "who": row.annotator_id, "kind": "work"}
        order, until = row.display_order, row.expires_at
        new = Hold(**asked, order=order, ordinal=0, tokens=[], state="", until=until)
        return known[0] if known else new

    def follow_rule(self, rule_: Rule) -> None:
        self.model.rule, self.unfitted = rule_, True
        self.reallocate(policy=rule_.policy, most_votes=rule_.most_votes)
        version = Campaign.objects.values_list("version", flat=True).get(pk=self.campaign.pk)
        edit_campaign(campaign=self.campaign, by=self.by, version=version, overlap=rule_.overlap)

    def reallocate(self, **changes: Any) -> None:
        version = Allocation.objects.values_list("version", flat=True).get(campaign=self.campaign)
        allocations.reallocate(campaign=self.campaign, by=self.by, version=version, **changes)

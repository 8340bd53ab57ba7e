"""The small campaign that the state machine plays in, and its plain model."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from labeling.assignment.lanes import Needs
from labeling.assignment.models import Allocation, Assignment, Comparison
from labeling.assignment.services.capacity import rule_of
from labeling.assignment.services.desks import new_desks
from labeling.assignment.services.directing import bar
from labeling.assignment.services.lanes import lane_for
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.models import Campaign, Membership, Round
from labeling.clock import database_now
from tests.assignment.model import Model
from tests.assignment.parts import Hold, Work
from tests.factories import make_campaign, make_member
from tests.stock import stock

PEOPLE, SEED, LEASE_SECONDS, SKIP_LIMIT = 4, 7, 120, 2


@dataclass(frozen=True)
class Stage:
    """The campaign before anybody has claimed anything."""

    campaign: Campaign
    members: list[Membership]
    rounds: list[Round]
    begin: datetime

    def model(self) -> Model:
        """Return the model of the campaign as it is now."""
        allocation = Allocation.objects.get(campaign=self.campaign)
        rounds = {each.pk: each.number for each in self.rounds}
        rows = Comparison.objects.filter(campaign=self.campaign).select_related("lane")
        works = {
            row.pk: Work(
                id=row.pk,
                key=row.candidate_key,
                size=row.size,
                round=rounds[row.lane.round_id],
                gold=row.gold is not None,
                wanted=row.wanted,
            )
            for row in rows.order_by("pk")
        }
        model = Model(
            people=[member.user_id for member in self.members],
            team=len(self.members) + 1,
            works=works,
            rule=rule_of(allocation, self.campaign.overlap),
            seed=SEED,
            skip_limit=SKIP_LIMIT,
            lease=timedelta(seconds=LEASE_SECONDS),
            now=self.begin,
            limits=[allocation.person_limit, allocation.share_limit],
        )
        for row in Assignment.objects.filter(comparison__campaign=self.campaign):
            work = works[row.comparison_id]
            model.holds.append(
                Hold(
                    id=row.pk,
                    work=work,
                    who=row.annotator_id,
                    kind=row.kind,
                    order=row.display_order,
                    ordinal=row.ordinal,
                    tokens=[row.token],
                    state=row.state,
                    until=row.expires_at,
                )
            )
        return model


def set_stage() -> Stage:
    """Make two rounds: pairs, one of them with a known answer, and three responses at once."""
    campaign = make_campaign(overlap=2, lease_seconds=LEASE_SECONDS)
    Campaign.objects.filter(pk=campaign.pk).update(shuffle_seed=SEED)
    people = [make_member(campaign) for _ in range(PEOPLE)]
    stock(campaign, 4)
    Campaign.objects.filter(pk=campaign.pk).update(candidates_per_comparison=3)
    stock(campaign, 1, texts=("good", "fair", "bad"))
    first, second = _next_round(campaign)
    stock(campaign, 2)
    _open_again(first, second)
    known, closed_to = Comparison.objects.filter(lane__round=first).order_by("pk")[:2]
    Comparison.objects.filter(pk=known.pk).update(
        gold=[1, 2], wanted=1, open_slots=1, lane=lane_for(first, Needs(), gold=True)
    )
    new_desks(campaign.pk, [person.pk for person in people])
    bar(campaign, [(closed_to, people[0].pk)])
    Allocation.objects.filter(campaign=campaign).update(skip_limit=SKIP_LIMIT)
    plan_comparisons(campaign_id=campaign.pk)
    campaign.refresh_from_db()
    members = Membership.objects.filter(campaign=campaign, user__in=people).select_related("user")
    return Stage(campaign, list(members.order_by("user")), [first, second], database_now())


def _next_round(campaign: Campaign) -> tuple[Round, Round]:
    first = Round.objects.get(campaign=campaign)
    Round.objects.filter(pk=first.pk).update(state="closed", closed_at=database_now())
    return first, Round.objects.create(campaign=campaign, number=2, name="Round 2")


def _open_again(first: Round, second: Round) -> None:
    Round.objects.filter(pk=second.pk).update(state="closed", closed_at=database_now())
    Round.objects.filter(pk=first.pk).update(state="open", closed_at=None)

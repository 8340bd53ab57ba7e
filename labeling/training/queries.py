"""Reads of training and qualification: what a person can do, and how items and people do."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign, Membership
from labeling.errors import NotFound
from labeling.training.enums import AttemptState, ObjectionState, Use
from labeling.training.models import Attempt, Objection, TrainingItem, TrainingPlan, Trial
from labeling.training.standing import Past, Terms, WhyNot, wait_until, why_not
from labeling.wording import gettext

SECONDS_A_RESPONSE = 25  # to read one and weigh it, of the few sentences that most have


@dataclass(frozen=True)
class Standing:
    """Where a person stands: what runs, what they did last, and what they can begin."""

    plan: TrainingPlan
    past: Past
    why_not: WhyNot | None
    running: dict[str, Attempt]
    last: Attempt | None

    @property
    def wait_until(self) -> datetime | None:
        """When a person who failed may try again."""
        if self.past.failed_at is None or self.plan.retry_hours is None:
            return None
        return wait_until(self.past.failed_at, self.plan.retry_hours)

    @property
    def most_items(self) -> int:
        """How many items a qualification takes at most."""
        return min(self.plan.most_items, self.past.new)


def plan_of(campaign: Campaign) -> TrainingPlan:
    """Return a campaign's training plan; the defaults until a manager changes them."""
    found = TrainingPlan.objects.filter(campaign=campaign).first()
    return found or TrainingPlan(campaign=campaign)


def minutes_for(items: int, size: int) -> int:
    """Return about how many minutes so many comparisons of ``size`` responses take."""
    return max(1, round(items * size * SECONDS_A_RESPONSE / 60))


def items_in_use(campaign: Campaign, use: str) -> QuerySet[TrainingItem]:
    """Return the items of a campaign that are now used so, and shown to people."""
    items = TrainingItem.objects.filter(campaign=campaign, use=use, in_use=True)
    return items.filter(comparison__withheld_from="")


def items_new_to(campaign: Campaign, person: User, use: str) -> QuerySet[TrainingItem]:
    """Return the items in use that a person has never met, whatever they were used for then."""
    met = Trial.objects.filter(attempt__person=person, attempt__campaign=campaign)
    return items_in_use(campaign, use).exclude(pk__in=met.values("item"))


def items_longest_ago(campaign: Campaign, person: User, use: str) -> QuerySet[TrainingItem]:
    """Return the items in use that a person has met, the longest ago first."""
    theirs = Q(trials__attempt__person=person)
    met = items_in_use(campaign, use).annotate(met_at=Max("trials__shown_at", filter=theirs))
    return met.exclude(met_at=None).order_by("met_at", "pk")


def standing_of(member: Membership, now: datetime) -> Standing:
    """Return where a member stands in their campaign."""
    campaign, person = member.campaign, member.user
    plan = plan_of(campaign)
    own = list(attempts_by(campaign, person))
    tries = [each for each in own if each.use == Use.QUALIFICATION]
    ended = [each for each in tries if each.state != AttemptState.RUNNING]
    last = ended[-1] if ended else None
    past = Past(
        qualified=member.qualified_at is not None,
        trained=any(each.use == Use.TRAINING and each.ended_at for each in own),
        failed_at=last.ended_at if last and last.state == AttemptState.FAILED else None,
        items=items_in_use(campaign, Use.QUALIFICATION).count(),
        new=items_new_to(campaign, person, Use.QUALIFICATION).count(),
        training_items=items_in_use(campaign, Use.TRAINING).count(),
    )
    terms = Terms(plan.fewest_items, plan.most_items, plan.retry_hours, plan.training_first)
    running = {each.use: each for each in own if each.state == AttemptState.RUNNING}
    return Standing(plan, past, why_not(past, terms, now), running, last)


def attempts_by(campaign: Campaign, person: User) -> QuerySet[Attempt]:
    """Return a person's attempts in a campaign, oldest first, with their counts."""
    own = Attempt.objects.filter(campaign=campaign, person=person)
    return _with_counts(own).order_by("pk")


def attempt_for(campaign: Campaign, person: User, attempt_id: int) -> Attempt:
    """Return a person's own attempt with its counts; raise NotFound for any other."""
    found = attempts_by(campaign, person).filter(pk=attempt_id).first()
    if found is None:
        raise NotFound(gettext("There is no such attempt of yours in this campaign."))
    return found


def trial_for(campaign: Campaign, person: User, trial_id: int) -> Trial:
    """Return a person's own trial with what it is of; raise NotFound for any other."""
    own = Trial.objects.filter(attempt__campaign=campaign, attempt__person=person)
    found = own.select_related("attempt", "item__comparison", "objection").filter(pk=trial_id)
    trial = found.first()
    if trial is None:
        raise NotFound(gettext("There is no such trial of yours in this campaign."))
    return trial


def may_see_reference(trial: Trial) -> bool:
    """Tell whether the person may see what the reference says: at once, or when all is over."""
    attempt = trial.attempt
    over = attempt.use == Use.TRAINING or attempt.state != AttemptState.RUNNING
    return trial.answered_at is not None and over


def trials_of(attempt: Attempt) -> QuerySet[Trial]:
    """Return the answered trials of an attempt in their order, with what they are of."""
    answered = Trial.objects.filter(attempt=attempt, answered_at__isnull=False)
    return answered.select_related("item__comparison__prompt", "objection").order_by("place")


def objections_by(campaign: Campaign, person: User) -> QuerySet[Objection]:
    """Return what a person objected to in a campaign, newest first."""
    own = Objection.objects.filter(trial__attempt__person=person)
    return own.filter(trial__attempt__campaign=campaign).order_by("-pk")


def items_of(campaign: Campaign) -> QuerySet[TrainingItem]:
    """Return a campaign's items, newest first, with how many answered and how many agreed."""
    answered = Q(trials__agrees__isnull=False)
    found = TrainingItem.objects.filter(campaign=campaign).annotate(
        answered=Count("trials", filter=answered),
        agreed=Count("trials", filter=Q(trials__agrees=True)),
    )
    return found.select_related("comparison__prompt").order_by("-pk")


def item_for(campaign: Campaign, item_id: int) -> TrainingItem:
    """Return one item of a campaign with its counts, or raise NotFound."""
    found = items_of(campaign).filter(pk=item_id).first()
    if found is None:
        raise NotFound(gettext("The campaign has no such item."))
    return found


def item_of(campaign: Campaign, comparison_id: int) -> TrainingItem | None:
    """Return the item that a comparison is or was, or None."""
    return TrainingItem.objects.filter(campaign=campaign, comparison=comparison_id).first()


def attempts_of(campaign: Campaign) -> QuerySet[Attempt]:
    """Return everybody's attempts in a campaign with their counts, newest first."""
    found = Attempt.objects.filter(campaign=campaign).select_related("person")
    return _with_counts(found).order_by("-pk")


def objections_of(campaign: Campaign) -> QuerySet[Objection]:
    """Return the objections in a campaign with what they are about, newest first."""
    found = Objection.objects.filter(trial__attempt__campaign=campaign)
    about = ("trial__attempt__person", "trial__item__comparison__prompt")
    return found.select_related(*about).order_by("-pk")


def open_objections(campaign: Campaign) -> int:
    """Return how many objections wait for a decision."""
    return objections_of(campaign).filter(state=ObjectionState.OPEN).count()


def objection_for(campaign: Campaign, objection_id: int) -> Objection:
    """Return one objection of a campaign, or raise NotFound."""
    found = objections_of(campaign).filter(pk=objection_id).first()
    if found is None:
        raise NotFound(gettext("The campaign has no such objection."))
    return found


def _with_counts(attempts: QuerySet[Attempt]) -> QuerySet[Attempt]:
    return attempts.annotate(
        answered=Count("trials", filter=Q(trials__agrees__isnull=False)),
        agreed=Count("trials", filter=Q(trials__agrees=True)),
    )

"""Items set aside, people who train and qualify on them, and what they answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from labeling.accounts.models import User
from labeling.assignment.models import Comparison
from labeling.campaigns.models import Campaign, Membership
from labeling.clock import database_now
from labeling.training.enums import Use
from labeling.training.models import Attempt, TrainingItem, TrainingPlan, Trial
from labeling.training.queries import trial_for
from labeling.training.services.attempts import answer_trial, open_trial, start_attempt
from labeling.training.services.items import set_item_aside
from labeling.training.services.plans import change_plan
from tests.stock import stock

WHY = "It is **true**."
TEXTS = ("good", "fair", "poor", "bad", "worst")


def aside(
    campaign: Campaign,
    items: int,
    use: str = Use.QUALIFICATION,
    ranks: Sequence[int] = (),
    texts: Sequence[str] = TEXTS,
) -> list[TrainingItem]:
    """Stock a campaign with so many comparisons and set all of them aside; slot 0 is best."""
    size = campaign.candidates_per_comparison
    stock(campaign, items, texts=texts[:size])
    fresh = Comparison.objects.filter(campaign=campaign, training_item=None).order_by("-pk")
    known = list(ranks) or list(range(1, size + 1))
    return [
        set_item_aside(
            campaign=campaign,
            comparison_id=comparison.pk,
            use=use,
            reason=WHY,
            ranks=known,
            by=campaign.created_by,
            now=database_now(),
        )
        for comparison in reversed(fresh[:items])
    ]


def plan(campaign: Campaign, **fields: Any) -> TrainingPlan:
    """Change the plan of a campaign."""
    TrainingPlan.objects.get_or_create(campaign=campaign)
    version = TrainingPlan.objects.get(campaign=campaign).version
    return change_plan(campaign=campaign, by=campaign.created_by, version=version, **fields)


def member(campaign: Campaign, person: User) -> Membership:
    """Return a person's membership as it is stored."""
    return Membership.objects.select_related("campaign").get(campaign=campaign, user=person)


def begin(
    campaign: Campaign, person: User, use: str = Use.QUALIFICATION, later: timedelta = timedelta(0)
) -> Attempt:
    """Let a person begin an attempt."""
    now = database_now() + later
    return start_attempt(member=member(campaign, person), use=use, now=now)


def shown(attempt: Attempt) -> Trial:
    """Return the trial that the person has before them, which must be there."""
    trial = open_trial(attempt=attempt, now=database_now())
    assert trial is not None
    return trial


def say(trial: Trial, *, agrees: bool = True, now: datetime | None = None, **fields: Any) -> Trial:
    """Answer a trial by the comparison's slots: as the reference orders them, or the reverse."""
    gold = trial.item.comparison.gold or []
    by_slot = gold if agrees else [len(gold) + 1 - rank for rank in gold]
    ranks = tuple(by_slot[slot] for slot in trial.display_order)
    given: dict[str, Any] = {"outcome": "ranked", "ranks": ranks, "strength": None, **fields}
    return answer_trial(
        campaign=trial.attempt.campaign,
        person=trial.attempt.person,
        trial_id=trial.pk,
        now=now or database_now(),
        **given,
    )


def take(attempt: Attempt, answers: Sequence[bool]) -> Attempt:
    """Answer one item after another, agreeing or not, while the attempt runs; return it."""
    for agrees in answers:
        trial = open_trial(attempt=attempt, now=database_now())
        if trial is None:
            break
        say(trial, agrees=agrees)
    return Attempt.objects.get(pk=attempt.pk)


def stored(trial: Trial) -> Trial:
    """Return a trial as it is stored."""
    return trial_for(trial.attempt.campaign, trial.attempt.person, trial.pk)

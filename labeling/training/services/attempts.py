"""Begin an attempt, meet its items one after another, answer each once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign, Membership
from labeling.errors import NotFound
from labeling.ranking.answers import Answer, Question, check_answer, ranks_by_slot
from labeling.ranking.enums import Outcome
from labeling.training.drawing import next_drawn, order_of_trial
from labeling.training.enums import AttemptState, Use
from labeling.training.errors import AttemptRefused
from labeling.training.models import Attempt, TrainingItem, Trial
from labeling.training.queries import (
    Standing,
    items_longest_ago,
    items_new_to,
    standing_of,
)
from labeling.training.services.scoring import end_short, score_of, settle
from labeling.training.standing import WhyNot
from labeling.wording import gettext, gettext_lazy

NO_LEASE = UUID(int=0)  # a trial is the person's own and never handed to anybody else
GONE = gettext_lazy("You are not asked this, or not any more. Go on with the next one.")
REFUSALS = {
    WhyNot.QUALIFIED: gettext_lazy("You are qualified already."),
    WhyNot.NOT_SET_UP: gettext_lazy("Too few comparisons are set aside for the qualification yet."),
    WhyNot.ONE_TRY: gettext_lazy(
        "This campaign allows one try, and you have had it. Ask a manager."
    ),
    WhyNot.WAIT: gettext_lazy("You can try again later; the page of the training says when."),
    WhyNot.NO_ITEMS_LEFT: gettext_lazy(
        "Too few items are left that you have not seen. Ask a manager for more."
    ),
    WhyNot.TRAINING_FIRST: gettext_lazy("Finish the training first."),
}


def start_attempt(*, member: Membership, use: str, now: datetime) -> Attempt:
    """Begin an attempt of a member; return the one that runs already if there is one.

    Raises AttemptRefused when the person cannot begin it now.
    """
    standing = standing_of(member, now)
    if use in standing.running:
        return standing.running[use]
    terms = _training(standing) if use == Use.TRAINING else _qualification(standing)
    same = {"campaign": member.campaign, "person": member.user, "use": use}
    number = Attempt.objects.filter(**same).aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            return Attempt.objects.create(**same, **terms, number=number + 1, started_at=now)
    except IntegrityError:  # somebody, in another tab, was a moment faster
        return Attempt.objects.filter(**same).latest("number")


def _training(standing: Standing) -> dict[str, Any]:
    if not standing.past.training_items:
        reason = gettext("No comparison is set aside for training yet.")
        raise AttemptRefused(reason, why=WhyNot.NOT_SET_UP)
    return {"most_items": min(standing.plan.training_items, standing.past.training_items)}


def _qualification(standing: Standing) -> dict[str, Any]:
    if standing.why_not is not None:
        raise AttemptRefused(str(REFUSALS[standing.why_not]), why=standing.why_not)
    plan = standing.plan
    return {
        "pass_percent": plan.pass_percent,
        "fewest_items": plan.fewest_items,
        "most_items": standing.most_items,
    }


@transaction.atomic
def open_trial(*, attempt: Attempt, now: datetime) -> Trial | None:
    """Return the trial that the person is to answer now; none when the attempt is over.

    It is the one that they have before them already, or of the next item; while there is none
    left, the attempt ends.
    """
    attempt = _locked(attempt.pk)
    if attempt.state != AttemptState.RUNNING:
        return None
    held = Trial.objects.select_related("item__comparison").filter(
        attempt=attempt, answered_at=None
    )
    for trial in held:
        if trial.item.in_use:
            return trial
        trial.delete()
    settle(attempt, now)
    if attempt.state != AttemptState.RUNNING:
        return None
    while (item := _next_item(attempt)) is not None:
        trial = _shown(attempt, item, now)
        # To be stored it had to wait for whoever was taking the item back.
        if TrainingItem.objects.filter(pk=item.pk, in_use=True).exists():
            return trial
        trial.delete()
    end_short(attempt, now)
    return None


def _next_item(attempt: Attempt) -> TrainingItem | None:
    """Return what comes next: unseen items first; a qualification takes no others."""
    campaign, person, use = attempt.campaign, attempt.person, attempt.use
    new = items_new_to(campaign, person, use)
    if use == Use.TRAINING:
        again = items_longest_ago(campaign, person, use).exclude(trials__attempt=attempt)
        return new.order_by("pk").first() or again.first()
    ids = new.values_list("pk", flat=True)
    drawn = next_drawn(ids, seed=campaign.shuffle_seed, attempt=attempt.pk)
    return None if drawn is None else new.get(pk=drawn)


def _shown(attempt: Attempt, item: TrainingItem, now: datetime) -> Trial:
    last = Trial.objects.filter(attempt=attempt).aggregate(last=Max("place"))["last"] or 0
    return Trial.objects.create(
        attempt=attempt,
        item=item,
        place=last + 1,
        display_order=order_of_trial(
            size=item.comparison.size,
            seed=attempt.campaign.shuffle_seed,
            attempt=attempt.pk,
            person=attempt.person_id,
            place=last + 1,
        ),
        shown_at=now,
    )


@transaction.atomic
def answer_trial(
    *,
    campaign: Campaign,
    person: User,
    trial_id: int,
    outcome: str,
    ranks: tuple[int, ...],
    strength: int | None,
    now: datetime,
) -> Trial:
    """Store the answer to a person's open trial, given as shown, and decide what it decides.

    A trial is answered once: whoever answers it again gets what is stored. Raises NotFound, or
    AnswerInvalid when the answer does not fit.
    """
    own = Trial.objects.filter(attempt__campaign=campaign, attempt__person=person)
    attempt_id = own.filter(pk=trial_id).values_list("attempt_id", flat=True).first()
    if attempt_id is None:
        raise NotFound(str(GONE))
    attempt = _locked(attempt_id)
    trial = own.select_related("item__comparison").filter(pk=trial_id).first()
    if trial is None:  # taken back while the lock was waited for
        raise NotFound(str(GONE))
    if trial.answered_at is None:
        _check(campaign, trial, outcome, ranks, strength)
        _store(trial, outcome, ranks, strength, now)
        settle(attempt, now)
    return trial


def _check(
    campaign: Campaign, trial: Trial, outcome: str, ranks: tuple[int, ...], strength: int | None
) -> None:
    question = Question(
        size=len(trial.display_order),
        criteria=(),
        tie_allowed=campaign.tie_allowed,
        neither_allowed=campaign.neither_allowed,
    )
    check_answer(Answer(NO_LEASE, outcome, ranks, strength), question)


def _store(
    trial: Trial, outcome: str, ranks: tuple[int, ...], strength: int | None, now: datetime
) -> None:
    trial.outcome, trial.strength, trial.answered_at = outcome, strength, now
    if outcome == Outcome.RANKED:
        trial.ranks = ranks_by_slot(ranks, trial.display_order)
    trial.agrees = score_of(trial, trial.item)
    trial.save(update_fields=["outcome", "ranks", "strength", "answered_at", "agrees"])


def _locked(attempt_id: int) -> Attempt:
    held = Attempt.objects.select_for_update(of=("self",)).select_related("campaign", "person")
    return held.get(pk=attempt_id)

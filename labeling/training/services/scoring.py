"""Decide attempts by their trials: as they are answered, and anew when an item is corrected.

Locks go item first, then attempt, then membership.
"""

from datetime import datetime
from math import ceil

from labeling.campaigns.models import Membership
from labeling.campaigns.services import qualify_member
from labeling.training.agreement import agrees
from labeling.training.enums import AttemptState, Use
from labeling.training.models import Attempt, TrainingItem, Trial
from labeling.training.sequential import Result, SequentialTest

END = {Result.PASSED: AttemptState.PASSED, Result.FAILED: AttemptState.FAILED}
UNDECIDED = (AttemptState.FAILED, AttemptState.ENDED)


def settle(attempt: Attempt, now: datetime) -> None:
    """End a locked, running attempt if what has been answered decides it."""
    if attempt.use == Use.TRAINING:
        answered = Trial.objects.filter(attempt=attempt, answered_at__isnull=False).count()
        if answered >= attempt.most_items:
            end(attempt, AttemptState.ENDED, now)
    elif result := terms_of(attempt).result_of(scores_of(attempt)):
        end(attempt, END[result], now)


def end_short(attempt: Attempt, now: datetime) -> None:
    """End a locked, running attempt for which no item is left.

    The mark decides of the items that were answered; with too few, nobody passes or fails.
    """
    scores = [] if attempt.use == Use.TRAINING else scores_of(attempt)
    if not scores or len(scores) < (attempt.fewest_items or 0):
        end(attempt, AttemptState.ENDED, now)
        return
    needed = ceil(len(scores) * (attempt.pass_percent or 0) / 100)
    passed = sum(scores) >= needed
    end(attempt, AttemptState.PASSED if passed else AttemptState.FAILED, now)


def end(attempt: Attempt, state: AttemptState, now: datetime) -> None:
    """End a locked attempt; whoever passed may start at once."""
    attempt.state, attempt.ended_at = state, now
    attempt.save(update_fields=["state", "ended_at"])
    Trial.objects.filter(attempt=attempt, answered_at=None).delete()
    if state == AttemptState.PASSED:
        own = Membership.objects.filter(campaign=attempt.campaign_id, user=attempt.person_id)
        for membership in own:
            qualify_member(membership=membership, attempt=attempt.pk, now=now)


def terms_of(attempt: Attempt) -> SequentialTest:
    """Return the terms of a qualification as they were when it began."""
    return SequentialTest(attempt.pass_percent or 0, attempt.fewest_items or 0, attempt.most_items)


def scores_of(attempt: Attempt) -> list[bool]:
    """Return whether each trial that counts agreed, in their order."""
    counted = Trial.objects.filter(attempt=attempt, agrees__isnull=False).order_by("place")
    return [bool(agreed) for agreed in counted.values_list("agrees", flat=True)]


def score_of(trial: Trial, item: TrainingItem) -> bool | None:
    """Return whether an answered trial agrees with its item, None where the item is not in use."""
    if not item.in_use:
        return None
    return agrees(trial.ranks, item.comparison.gold or [], strength=trial.strength)


def score_again(*, item: TrainingItem, now: datetime) -> None:
    """Score every answered trial of a locked item anew, and decide its attempts again."""
    attempts = Attempt.objects.filter(trials__item=item).values_list("pk", flat=True)
    for attempt_id in sorted(set(attempts)):
        attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
        for trial in Trial.objects.filter(attempt=attempt, item=item, answered_at__isnull=False):
            trial.agrees = score_of(trial, item)
            trial.save(update_fields=["agrees"])
        _decide_again(attempt, now)


def _decide_again(attempt: Attempt, now: datetime) -> None:
    """Decide a qualification by its trials as they now stand; nobody loses by it.

    One that was passed stays passed. One that was not is passed now, or goes on where it is
    open again, unless the person has begun another.
    """
    if attempt.state == AttemptState.RUNNING:
        settle(attempt, now)
    elif attempt.use == Use.QUALIFICATION and attempt.state in UNDECIDED:
        result = terms_of(attempt).result_of(scores_of(attempt))
        if result == Result.PASSED:
            end(attempt, AttemptState.PASSED, now)
        elif result is None:
            _open_again(attempt)


def _open_again(attempt: Attempt) -> None:
    later = Attempt.objects.filter(
        campaign=attempt.campaign_id,
        person=attempt.person_id,
        use=attempt.use,
        number__gt=attempt.number,
    )
    again = not later.exists()
    attempt.state = AttemptState.RUNNING if again else AttemptState.ENDED
    attempt.ended_at = None if again else attempt.ended_at
    attempt.save(update_fields=["state", "ended_at"])

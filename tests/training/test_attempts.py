"""People meet items one after another, answer each once, and go on where they were."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from labeling.assignment.services.withholding import Reported, withhold
from labeling.clock import database_now
from labeling.errors import NotFound
from labeling.ranking.answers import AnswerInvalid
from labeling.training.enums import AttemptState, Use
from labeling.training.errors import AttemptRefused
from labeling.training.models import Trial
from labeling.training.services.attempts import answer_trial, open_trial
from labeling.training.services.items import take_item_back
from labeling.training.standing import WhyNot
from tests.factories import Cast, make_campaign, make_member
from tests.stock import claims, stock
from tests.training.setting import aside, begin, member, plan, say, shown, stored, take

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_whoever_passes_is_qualified_at_once(cast: Cast) -> None:
    aside(cast.campaign, 20)

    attempt = take(begin(cast.campaign, cast.annotator), [True] * 20)

    assert (attempt.state, attempt.trials.count()) == (AttemptState.PASSED, 12)
    assert member(cast.campaign, cast.annotator).qualified_at == attempt.ended_at


def test_whoever_passes_is_given_work_at_once(cast: Cast) -> None:
    aside(cast.campaign, 20)
    stock(cast.campaign, 1)
    cast.campaign.allocation.qualified_only = True
    cast.campaign.allocation.save()
    assert claims(cast.campaign, cast.annotator).first is None

    take(begin(cast.campaign, cast.annotator), [True] * 20)

    assert claims(cast.campaign, cast.annotator).first is not None


def test_whoever_fails_is_not_qualified_and_waits(cast: Cast) -> None:
    aside(cast.campaign, 40)

    attempt = take(begin(cast.campaign, cast.annotator), [False] * 20)

    assert (attempt.state, attempt.trials.count()) == (AttemptState.FAILED, 4)
    assert member(cast.campaign, cast.annotator).qualified_at is None
    with pytest.raises(AttemptRefused) as refusal:
        begin(cast.campaign, cast.annotator)
    assert refusal.value.data["why"] == WhyNot.WAIT
    assert begin(cast.campaign, cast.annotator, later=DAY).number == 2


def test_another_try_has_other_items(cast: Cast) -> None:
    aside(cast.campaign, 24)
    first = take(begin(cast.campaign, cast.annotator), [False] * 20)

    second = take(begin(cast.campaign, cast.annotator, later=DAY), [True] * 20)

    met = [set(each.trials.values_list("item_id", flat=True)) for each in (first, second)]
    assert met[0] & met[1] == set()
    assert (second.state, second.most_items) == (AttemptState.PASSED, 20)


def test_when_too_few_items_are_left_there_is_no_other_try(cast: Cast) -> None:
    aside(cast.campaign, 10)
    take(begin(cast.campaign, cast.annotator), [False] * 20)

    with pytest.raises(AttemptRefused) as refusal:
        begin(cast.campaign, cast.annotator, later=DAY)

    assert refusal.value.data["why"] == WhyNot.NO_ITEMS_LEFT


def test_training_comes_first_where_the_plan_says_so(cast: Cast) -> None:
    aside(cast.campaign, 8)
    aside(cast.campaign, 2, Use.TRAINING)

    with pytest.raises(AttemptRefused) as refusal:
        begin(cast.campaign, cast.annotator)
    assert refusal.value.data["why"] == WhyNot.TRAINING_FIRST
    training = take(begin(cast.campaign, cast.annotator, Use.TRAINING), [False, False])

    assert training.state == AttemptState.ENDED
    assert begin(cast.campaign, cast.annotator).use == Use.QUALIFICATION


def test_training_can_be_repeated_and_begins_with_what_is_new(cast: Cast) -> None:
    old = aside(cast.campaign, 2, Use.TRAINING)
    take(begin(cast.campaign, cast.annotator, Use.TRAINING), [True, True])
    new = aside(cast.campaign, 1, Use.TRAINING)

    again = take(begin(cast.campaign, cast.annotator, Use.TRAINING), [True] * 5)

    met = list(again.trials.order_by("place").values_list("item_id", flat=True))
    assert met == [new[0].pk, old[0].pk, old[1].pk]


def test_training_without_items_is_refused(cast: Cast) -> None:
    with pytest.raises(AttemptRefused, match="set aside for training"):
        begin(cast.campaign, cast.annotator, Use.TRAINING)


def test_attempt_keeps_the_terms_that_it_began_with(cast: Cast) -> None:
    aside(cast.campaign, 20)
    attempt = begin(cast.campaign, cast.annotator)

    plan(cast.campaign, pass_percent=95, most_items=30)

    attempt.refresh_from_db()
    assert (attempt.pass_percent, attempt.fewest_items, attempt.most_items) == (80, 8, 20)
    assert take(attempt, [True] * 20).state == AttemptState.PASSED


def test_begun_twice_is_begun_once(cast: Cast) -> None:
    aside(cast.campaign, 8)

    first, second = begin(cast.campaign, cast.annotator), begin(cast.campaign, cast.annotator)

    assert first == second
    first.pk, first.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_reload_shows_the_same_item_in_the_same_order(cast: Cast) -> None:
    aside(cast.campaign, 8)
    attempt = begin(cast.campaign, cast.annotator)

    first, again = shown(attempt), shown(attempt)

    assert first == again
    assert first.display_order == again.display_order
    assert Trial.objects.count() == 1


def test_answered_again_keeps_the_first_answer(cast: Cast) -> None:
    aside(cast.campaign, 8)
    trial = shown(begin(cast.campaign, cast.annotator))

    say(trial, agrees=True, strength=3)
    second = say(trial, agrees=False, strength=1)

    assert (second.agrees, second.strength, second.ranks) == (True, 3, [1, 2])
    assert stored(trial).agrees is True


def test_answer_is_mapped_back_from_the_order_shown(cast: Cast) -> None:
    aside(cast.campaign, 2, Use.TRAINING)
    attempt = begin(cast.campaign, cast.annotator, Use.TRAINING)

    for _ in range(2):  # the sides are balanced within two
        trial = shown(attempt)
        say(trial, ranks=(1, 2))
        assert stored(trial).agrees is (trial.display_order == [0, 1])

    orders = {tuple(each.display_order) for each in attempt.trials.all()}
    assert orders == {(0, 1), (1, 0)}


def test_tie_against_a_clear_reference_is_a_miss(cast: Cast) -> None:
    aside(cast.campaign, 8)
    trial = shown(begin(cast.campaign, cast.annotator))

    say(trial, outcome="tie", ranks=())

    assert (stored(trial).agrees, stored(trial).ranks) == (False, [])


def test_answer_that_the_campaign_does_not_take_is_refused(cast: Cast) -> None:
    aside(cast.campaign, 8)
    trial = shown(begin(cast.campaign, cast.annotator))
    trial.attempt.campaign.tie_allowed = False

    with pytest.raises(AnswerInvalid):
        say(trial, outcome="tie", ranks=())

    assert stored(trial).answered_at is None


def test_trial_of_somebody_else_is_not_found(cast: Cast) -> None:
    aside(cast.campaign, 8)
    trial = shown(begin(cast.campaign, cast.annotator))

    for campaign, person in ((cast.campaign, cast.teammate), (cast.foreign, cast.annotator)):
        with pytest.raises(NotFound):
            answer_trial(
                campaign=campaign, person=person, trial_id=trial.pk, outcome="ranked",
                ranks=(1, 2), strength=None, now=database_now(),
            )  # fmt: skip


def test_item_taken_back_before_the_answer_gives_way_to_another(cast: Cast) -> None:
    aside(cast.campaign, 9)
    attempt = begin(cast.campaign, cast.annotator)
    before = shown(attempt)

    take_item_back(item=before.item, by=cast.manager, now=database_now())

    after = shown(attempt)
    assert after.item != before.item
    with pytest.raises(NotFound, match="not any more"):
        _answer(before)


def _answer(trial: Trial) -> Any:
    return answer_trial(
        campaign=trial.attempt.campaign, person=trial.attempt.person, trial_id=trial.pk,
        outcome="ranked", ranks=(1, 2), strength=None, now=database_now(),
    )  # fmt: skip


def test_when_items_run_out_the_mark_decides_of_what_was_answered(cast: Cast) -> None:
    items = aside(cast.campaign, 12)
    attempt = take(begin(cast.campaign, cast.annotator), [True] * 8 + [False])
    met = attempt.trials.values_list("item_id", flat=True)

    for item in items:
        if item.pk not in set(met):
            take_item_back(item=item, by=cast.manager, now=database_now())

    assert open_trial(attempt=attempt, now=database_now()) is None
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.PASSED


def test_when_items_run_out_too_soon_nobody_fails_or_waits(cast: Cast) -> None:
    items = aside(cast.campaign, 10)
    attempt = take(begin(cast.campaign, cast.annotator), [False])
    for item in items:
        take_item_back(item=item, by=cast.manager, now=database_now())

    assert open_trial(attempt=attempt, now=database_now()) is None

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.ENDED
    aside(cast.campaign, 8)
    assert begin(cast.campaign, cast.annotator).number == 2


def test_several_responses_are_ranked_and_scored() -> None:
    campaign = make_campaign(candidates_per_comparison=4)
    aside(campaign, 8)
    person = make_member(campaign)

    attempt = begin(campaign, person)
    good = shown(attempt)
    say(good)
    poor = say(shown(attempt), agrees=False)

    assert (stored(good).agrees, poor.agrees) == (True, False)
    assert stored(good).ranks == [1, 2, 3, 4]


def test_item_of_which_personal_data_was_reported_is_shown_to_nobody_new(cast: Cast) -> None:
    first, second = aside(cast.campaign, 2, Use.TRAINING)
    begun = begin(cast.campaign, cast.annotator, Use.TRAINING)
    seen = shown(begun).item
    now = database_now()
    withhold(prompt=seen.comparison.prompt, reported=Reported(cast.annotator, now, 1), now=now)

    assert shown(begun).item == seen
    other = second if seen == first else first
    assert shown(begin(cast.campaign, cast.teammate, Use.TRAINING)).item == other

"""When an item is corrected or taken back, everybody's attempts are decided by what then holds."""

import pytest

from labeling.accounts.models import AuditEvent
from labeling.campaigns.services import describe_member
from labeling.clock import database_now
from labeling.training.enums import AttemptState, Use
from labeling.training.models import Attempt, Trial
from labeling.training.services.items import edit_item, take_item_back
from tests.factories import Cast
from tests.training.setting import aside, begin, member, plan, say, shown, stored, take

pytestmark = pytest.mark.django_db
# Seven agree and four do not: one more and it would be open again.
FAILS = [True, True, True, True, False, False, True, False, True, True, False, False]


@pytest.fixture
def failed(cast: Cast) -> Attempt:
    aside(cast.campaign, 30)
    attempt = take(begin(cast.campaign, cast.annotator), FAILS)
    assert attempt.state == AttemptState.FAILED
    return attempt


def misses(attempt: Attempt) -> list[Trial]:
    found = attempt.trials.filter(agrees=False).order_by("place")
    return list(found.select_related("item__comparison"))


def correct(cast: Cast, trial: Trial) -> None:
    edit_item(item=trial.item, by=cast.manager, now=database_now(), ranks=[2, 1])


def test_corrected_answer_scores_everybody_anew(cast: Cast) -> None:
    aside(cast.campaign, 1, Use.TRAINING)
    people = (cast.annotator, cast.teammate)
    trials = [
        say(shown(begin(cast.campaign, who, Use.TRAINING)), agrees=agrees)
        for who, agrees in zip(people, (True, False), strict=True)
    ]

    correct(cast, trials[0])

    assert [stored(each).agrees for each in trials] == [False, True]


def test_failed_attempt_goes_on_where_a_correction_leaves_it_open(
    cast: Cast, failed: Attempt
) -> None:
    correct(cast, misses(failed)[0])

    failed.refresh_from_db()
    assert (failed.state, failed.ended_at) == (AttemptState.RUNNING, None)
    assert begin(cast.campaign, cast.annotator) == failed
    assert take(failed, [True] * 20).state == AttemptState.PASSED


def test_whoever_now_passes_is_qualified(cast: Cast, failed: Attempt) -> None:
    for trial in misses(failed)[1:]:
        correct(cast, trial)
        failed.refresh_from_db()
        failed = take(failed, [True] * 2) if failed.state == AttemptState.RUNNING else failed

    assert failed.state == AttemptState.PASSED
    assert member(cast.campaign, cast.annotator).qualified_at is not None
    assert AuditEvent.objects.get(action="member.qualified").data["attempt"] == failed.pk


def test_nobody_loses_a_pass_by_a_correction(cast: Cast) -> None:
    aside(cast.campaign, 20)
    attempt = take(begin(cast.campaign, cast.annotator), [True] * 20)
    for trial in list(attempt.trials.select_related("item"))[:6]:
        correct(cast, trial)

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.PASSED
    assert attempt.trials.filter(agrees=False).count() == 6
    assert member(cast.campaign, cast.annotator).qualified_at is not None


def test_item_taken_back_counts_for_nobody(cast: Cast, failed: Attempt) -> None:
    trial = misses(failed)[0]

    take_item_back(item=trial.item, by=cast.manager, now=database_now())

    assert stored(trial).agrees is None
    failed.refresh_from_db()
    assert failed.state == AttemptState.RUNNING


def test_earlier_failure_is_not_opened_again_beside_a_later_attempt(
    cast: Cast, failed: Attempt
) -> None:
    plan(cast.campaign, retry_hours=0)
    later = begin(cast.campaign, cast.annotator)

    correct(cast, misses(failed)[0])

    failed.refresh_from_db()
    assert failed.state == AttemptState.ENDED
    assert Attempt.objects.get(state=AttemptState.RUNNING) == later


def test_correction_that_changes_no_decision_changes_no_state(cast: Cast, failed: Attempt) -> None:
    agreed = failed.trials.filter(agrees=True).select_related("item")[0]

    correct(cast, agreed)

    ended_at = failed.ended_at
    failed.refresh_from_db()
    assert (failed.state, failed.ended_at) == (AttemptState.FAILED, ended_at)


def test_whoever_was_qualified_by_hand_keeps_the_date(cast: Cast) -> None:
    aside(cast.campaign, 20)
    attempt = begin(cast.campaign, cast.annotator)
    describe_member(
        membership=member(cast.campaign, cast.annotator),
        by=cast.manager,
        now=database_now(),
        qualified=True,
    )
    since = member(cast.campaign, cast.annotator).qualified_at

    take(attempt, [True] * 20)

    assert member(cast.campaign, cast.annotator).qualified_at == since
    assert not AuditEvent.objects.filter(action="member.qualified").exists()

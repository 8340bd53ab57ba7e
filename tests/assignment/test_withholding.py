"""What personal data was reported of is handed out to nobody until a manager has reviewed it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from labeling.accounts.models import AuditEvent
from labeling.assignment.enums import AssignmentState, ComparisonState
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.queries import done_earlier, withheld_in
from labeling.assignment.services.directing import direct
from labeling.assignment.services.marking import AlreadySetAside, mark_gold, restore, retire
from labeling.assignment.services.setting_aside import bring_back, set_aside
from labeling.assignment.services.withholding import Reported, review_prompt, withhold
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.ranking.models import Judgment
from tests.assignment.deciding import deciding, only
from tests.factories import Cast
from tests.stock import claim, judge, next_for, stock

pytestmark = pytest.mark.django_db
TRIPLE = ("good", "fair", "bad")
OPEN, RETIRED = ComparisonState.OPEN, ComparisonState.RETIRED


def reported(cast: Cast, ago: timedelta = timedelta(0)) -> Reported:
    return Reported(by=cast.annotator, at=database_now() - ago, judgment_id=7)


def withhold_all(cast: Cast) -> int:
    """Withhold what shows the campaign's first prompt, as reported now."""
    prompt = Comparison.objects.order_by("pk")[0].prompt
    return withhold(prompt=prompt, reported=reported(cast), now=database_now())


def states(campaign: Campaign) -> list[tuple[str, str]]:
    found = Comparison.objects.filter(campaign=campaign).order_by("pk")
    return list(found.values_list("withheld_from", "state"))


def review(cast: Cast, *, hand_out: bool) -> int:
    prompt = Comparison.objects.order_by("pk")[0].prompt
    return review_prompt(prompt=prompt, hand_out=hand_out, by=cast.manager, now=database_now())


def test_withhold_hands_out_nothing_of_the_prompt_and_all_of_others(cast: Cast) -> None:
    stock(cast.campaign, 1, texts=TRIPLE)
    stock(cast.campaign, 1)

    assert withhold_all(cast) == 3

    assert states(cast.campaign) == [(OPEN, RETIRED)] * 3 + [("", OPEN)]
    other = Comparison.objects.latest("pk")
    assert claim(cast.campaign, cast.teammate).comparison_id == other.pk


def test_withhold_is_safe_to_run_twice_and_written_down_once(cast: Cast) -> None:
    stock(cast.campaign, 1)

    assert [withhold_all(cast), withhold_all(cast)] == [1, 0]

    event = AuditEvent.objects.get(action="comparison.withheld")
    assert (event.actor, event.target) == (cast.annotator, f"comparison:{only(cast.campaign).pk}")
    assert (event.data["cause"], event.data["judgment"]) == ("personal data was reported", 7)


def test_live_leases_go_on_and_their_answers_count(cast: Cast) -> None:
    stock(cast.campaign, 1)
    held = claim(cast.campaign, cast.teammate)

    withhold_all(cast)

    assert claim(cast.campaign, cast.teammate).pk == held.pk
    assert Judgment.objects.get(pk=judge(cast.campaign, cast.teammate, held)).counted
    assert states(cast.campaign) == [(OPEN, RETIRED)]


def test_lease_that_is_given_up_is_given_to_nobody(cast: Cast) -> None:
    stock(cast.campaign, 1)
    held = claim(cast.campaign, cast.teammate)
    withhold_all(cast)
    Assignment.objects.filter(pk=held.pk).update(expires_at=database_now() - timedelta(hours=1))

    assert next_for(cast.campaign, cast.reviewer) is None


def test_what_is_kept_by_name_goes_back(cast: Cast) -> None:
    stock(cast.campaign, 1)
    direct(**deciding(only(cast.campaign)), people=[cast.teammate])

    withhold_all(cast)

    assert next_for(cast.campaign, cast.teammate) is None
    assert Assignment.objects.get().state == AssignmentState.RELEASED
    assert (only(cast.campaign).wanted, only(cast.campaign).open_slots) == (3, 3)


def test_known_answer_is_withheld_too_and_is_a_test_again_after_the_review(cast: Cast) -> None:
    stock(cast.campaign, 1)
    mark_gold(**deciding(only(cast.campaign)), ranks=[1, 2])

    withhold_all(cast)
    assert states(cast.campaign) == [(OPEN, RETIRED)]

    restored = restore(**deciding(only(cast.campaign)))
    assert (restored.state, restored.gold, restored.open_slots) == (OPEN, [1, 2], 1)


def test_withheld_work_is_not_repeated(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeling.assignment.queries.REPEAT_AFTER", 1)
    stock(cast.campaign, 2)
    for _ in range(2):
        held = claim(cast.campaign, cast.teammate)
        judge(cast.campaign, cast.teammate, held)
    first = Assignment.objects.earliest("ordinal")
    assert done_earlier(held.desk) == first

    first_prompt = first.comparison.prompt
    withhold(prompt=first_prompt, reported=reported(cast), now=database_now())

    assert done_earlier(held.desk) is None


def test_restored_comparison_stays_whatever_older_reports_say(cast: Cast) -> None:
    stock(cast.campaign, 1)
    old = reported(cast, ago=timedelta(seconds=5))
    withhold_all(cast)
    comparison = restore(**deciding(only(cast.campaign)))

    assert withhold(prompt=comparison.prompt, reported=old, now=database_now()) == 0
    assert claim(cast.campaign, cast.teammate).comparison_id == comparison.pk


def test_new_report_withholds_what_was_reviewed_before(cast: Cast) -> None:
    stock(cast.campaign, 1)
    withhold_all(cast)
    comparison = restore(**deciding(only(cast.campaign)))
    Comparison.objects.update(reviewed_at=database_now() - timedelta(seconds=5))

    assert withhold(prompt=comparison.prompt, reported=reported(cast), now=database_now()) == 1
    assert next_for(cast.campaign, cast.teammate) is None


def test_one_restored_comparison_leaves_the_others_withheld(cast: Cast) -> None:
    stock(cast.campaign, 1, texts=TRIPLE)
    withhold_all(cast)

    first = restore(**deciding(Comparison.objects.earliest("pk")))

    assert states(cast.campaign) == [("", OPEN), (OPEN, RETIRED), (OPEN, RETIRED)]
    assert withheld_in(cast.campaign).count() == 2
    assert claim(cast.campaign, cast.teammate).comparison_id == first.pk
    assert next_for(cast.campaign, cast.reviewer) is not None


def test_retiring_a_withheld_comparison_reviews_it(cast: Cast) -> None:
    stock(cast.campaign, 1)
    withhold_all(cast)

    kept_away = retire(**deciding(only(cast.campaign)))

    assert (kept_away.withheld_from, kept_away.state) == ("", RETIRED)
    assert kept_away.reviewed_at is not None
    assert AuditEvent.objects.filter(action="comparison.retired").count() == 1


def test_review_of_the_prompt_brings_each_back_to_what_it_was(cast: Cast) -> None:
    stock(cast.campaign, 1, texts=TRIPLE)
    retire(**deciding(Comparison.objects.earliest("pk")))
    withhold_all(cast)

    assert review(cast, hand_out=True) == 3
    assert review(cast, hand_out=True) == 0

    assert states(cast.campaign) == [("", RETIRED), ("", OPEN), ("", OPEN)]


def test_review_of_the_prompt_can_keep_everything_away(cast: Cast) -> None:
    stock(cast.campaign, 1, texts=TRIPLE)
    withhold_all(cast)

    assert review(cast, hand_out=False) == 3

    assert states(cast.campaign) == [("", RETIRED)] * 3


def test_item_that_is_withheld_is_used_again_after_the_review(cast: Cast) -> None:
    stock(cast.campaign, 1)
    set_aside(**deciding(only(cast.campaign)), ranks=[1, 2])
    withhold_all(cast)
    with pytest.raises(AlreadySetAside):
        retire(**deciding(only(cast.campaign)))
    assert review(cast, hand_out=False) == 0

    assert review(cast, hand_out=True) == 1

    comparison = only(cast.campaign)
    assert (comparison.set_aside, comparison.state, comparison.withheld_from) == (True, RETIRED, "")


def test_item_that_is_taken_back_while_withheld_stays_withheld(cast: Cast) -> None:
    stock(cast.campaign, 1)
    set_aside(**deciding(only(cast.campaign)), ranks=[1, 2])
    withhold_all(cast)

    bring_back(**deciding(only(cast.campaign)), keep_answer=False, seen_by=[])
    assert states(cast.campaign) == [(OPEN, RETIRED)]

    assert review(cast, hand_out=True) == 1
    assert states(cast.campaign) == [("", OPEN)]


def test_database_refuses_to_hand_out_what_is_withheld(cast: Cast) -> None:
    stock(cast.campaign, 1)
    withhold_all(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.update(state=OPEN)

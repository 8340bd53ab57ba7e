"""Whoever reports personal data keeps it from everybody else, until a manager has looked."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from labeling.accounts.models import User
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.queries import withheld_in
from labeling.assignment.services.marking import restore
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.ranking.models import Judgment, Report
from labeling.ranking.services.answering import undo_judgment
from labeling.ranking.services.reporting import withhold_reported
from labeling.ranking.tasks import sweep, withhold
from tests.assignment.deciding import deciding
from tests.conftest import Rings
from tests.factories import make_bearer, make_member
from tests.ranking.addresses import answer_url
from tests.stock import claim, judge, next_for

pytestmark = pytest.mark.django_db
FLAG = "personal_data"
RING = "ranking.withhold_reported"


def report(campaign: Campaign, person: User, lease: Assignment, **fields: Any) -> int:
    return judge(campaign, person, lease, flags=(FLAG,), **fields)


def look() -> int:
    return withhold_reported(now=database_now())


def hand_out_again(comparison: Comparison) -> None:
    """Restore a comparison; the review lies a moment back, so that what comes now is later."""
    restore(**deciding(comparison))
    Comparison.objects.filter(pk=comparison.pk).update(
        reviewed_at=database_now() - timedelta(milliseconds=1)
    )


def test_report_waits_with_the_judgment_and_is_seen_to_once(
    campaign: Campaign, annotator: User, lease: Assignment
) -> None:
    judgment = report(campaign, annotator, lease)
    assert Report.objects.get(withheld_at=None).judgment_id == judgment

    assert [look(), look()] == [1, 0]

    assert list(withheld_in(campaign)) == [lease.comparison]
    assert not Report.objects.filter(withheld_at=None).exists()


@pytest.mark.parametrize("flags", [(), ("unsafe", "not_rankable")])
def test_other_reports_withhold_nothing(
    campaign: Campaign, annotator: User, lease: Assignment, flags: tuple[str, ...]
) -> None:
    judge(campaign, annotator, lease, flags=flags)

    assert (look(), Report.objects.count()) == (0, 0)


def test_answer_that_is_rolled_back_reports_nothing(
    campaign: Campaign, annotator: User, lease: Assignment
) -> None:
    with transaction.atomic():
        report(campaign, annotator, lease)
        transaction.set_rollback(True)

    assert (look(), Report.objects.count()) == (0, 0)


def test_surplus_answer_that_reports_withholds_too(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(overlap=1)
    late = make_member(campaign)
    lease = claim(campaign, late)
    Comparison.objects.filter(pk=lease.comparison_id).update(wanted=1, open_slots=0)
    Assignment.objects.filter(pk=lease.pk).update(
        state="expired", ended_at=database_now(), expires_at=database_now()
    )

    assert not Judgment.objects.get(pk=report(campaign, late, lease)).counted
    assert look() == 1


def test_change_of_mind_that_keeps_the_flag_does_not_undo_the_review(
    campaign: Campaign, annotator: User, lease: Assignment
) -> None:
    first = report(campaign, annotator, lease)
    look()
    hand_out_again(lease.comparison)

    second = report(campaign, annotator, lease, revises=first, ranks=(2, 1))
    undo_judgment(campaign=campaign, annotator=annotator, judgment_id=second, now=database_now())
    report(campaign, annotator, Assignment.objects.get(pk=lease.pk))

    assert look() == 0
    assert next_for(campaign, make_member(campaign)) is not None


def test_flag_that_a_change_of_mind_adds_is_a_report(
    campaign: Campaign, annotator: User, lease: Assignment
) -> None:
    first = judge(campaign, annotator, lease)

    report(campaign, annotator, lease, revises=first)

    assert look() == 1


def test_flag_taken_back_leaves_the_review_to_a_manager(
    campaign: Campaign, annotator: User, lease: Assignment
) -> None:
    first = report(campaign, annotator, lease)
    judge(campaign, annotator, lease, revises=first)

    assert look() == 1


def test_report_of_somebody_else_withholds_again_after_the_review(
    campaign: Campaign, annotator: User, lease: Assignment
) -> None:
    report(campaign, annotator, lease)
    look()
    hand_out_again(lease.comparison)
    other = make_member(campaign)
    again = claim(campaign, other)
    assert again.comparison_id == lease.comparison_id

    report(campaign, other, again)

    assert look() == 1


def test_two_reports_at_once_withhold_once(
    campaign: Campaign, annotator: User, lease: Assignment
) -> None:
    other = make_member(campaign)
    Comparison.objects.exclude(pk=lease.comparison_id).update(state="retired")
    again = claim(campaign, other)
    report(campaign, annotator, lease)
    report(campaign, other, again)

    assert look() == 1
    assert Report.objects.exclude(withheld_at=None).count() == 2


def test_review_between_report_and_follow_up_of_an_earlier_one_holds(
    campaign: Campaign, annotator: User, lease: Assignment
) -> None:
    report(campaign, annotator, lease)
    look()
    Report.objects.update(withheld_at=None)  # as if the worker had died before it noted the end
    restore(**deciding(lease.comparison))

    assert look() == 0
    assert not withheld_in(campaign).exists()


def test_task_sees_to_one_report_and_the_sweep_to_what_a_lost_ring_left(
    campaign: Campaign, annotator: User, lease: Assignment
) -> None:
    judgment = report(campaign, annotator, lease)
    withhold(judgment_id=judgment + 1)
    assert not withheld_in(campaign).exists()

    withhold(judgment_id=judgment)
    assert withheld_in(campaign).count() == 1

    report(campaign, annotator, claim(campaign, annotator))
    sweep()
    assert withheld_in(campaign).count() == 2


def test_page_rings_for_a_report_and_for_nothing_else(
    page: Client, lease: Assignment, campaign: Campaign, annotator: User, rings: Rings,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        page.post(answer_url(lease), {"token": lease.token, "scale": "1", "flag": FLAG})
    judgment = Judgment.objects.get().pk
    other = claim(campaign, annotator)
    with django_capture_on_commit_callbacks(execute=True):
        page.post(answer_url(other), {"token": other.token, "scale": "1", "flag": "unsafe"})

    assert rings.named(RING) == [{"judgment_id": judgment}]


def test_api_rings_for_a_report(
    client: Client, lease: Assignment, annotator: User, rings: Rings,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    where = f"/api/v1/campaigns/{lease.comparison.campaign_id}/assignments/{lease.pk}/judgment/"
    body = {"token": str(lease.token), "outcome": "tie", "flags": [FLAG]}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(where, body, "application/json", headers=make_bearer(annotator))

    assert answer.status_code == 201
    assert rings.named(RING) == [{"judgment_id": answer.json()["judgment"]}]


def test_report_panel_says_who_is_shown_what_is_reported(page: Client, lease: Assignment) -> None:
    shown = page.get(answer_url(lease)).content.decode()

    assert "Personal data: nobody else is shown this until a manager has looked." in shown
    assert "Cannot be compared" in shown

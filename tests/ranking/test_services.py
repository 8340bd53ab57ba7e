"""Answers are stored once, whole, and never changed afterwards."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from labeling.accounts.models import IdempotencyKey
from labeling.accounts.services.idempotency import SameKeyOtherBody
from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Comparison
from labeling.campaigns.enums import CampaignState
from labeling.clock import database_now
from labeling.errors import NotFound
from labeling.ranking.answers import AnswerInvalid
from labeling.ranking.models import Judgment
from labeling.ranking.queries import counted_judgments, latest_judgment
from labeling.ranking.services.answering import (
    AlreadyJudged,
    CampaignClosed,
    skip_comparison,
    submit_judgment,
)
from tests.factories import Cast
from tests.stock import answer_to, claim, judge, stock

pytestmark = pytest.mark.django_db


def submit(cast: Cast, assignment: Assignment, key: str, **fields):
    return submit_judgment(
        campaign=cast.campaign,
        annotator=cast.annotator,
        assignment_id=assignment.pk,
        answer=answer_to(assignment, **fields),
        key=key,
        now=database_now(),
    )


def skip(cast: Cast, assignment: Assignment, **fields):
    given = {"token": assignment.token, "reason": "dont_know", "key": uuid4().hex, **fields}
    return skip_comparison(
        campaign=cast.campaign,
        annotator=cast.annotator,
        assignment_id=assignment.pk,
        now=database_now(),
        **given,
    )


@pytest.fixture
def held(cast: Cast) -> Assignment:
    """The annotator's lease of the only comparison."""
    stock(cast.campaign, 1)
    return claim(cast.campaign, cast.annotator)


def test_submit_judgment_stores_the_answer_by_slot(cast: Cast, held: Assignment) -> None:
    judge(cast.campaign, cast.annotator, held, ranks=(2, 1), strength=3, rationale="clearer")

    judgment = Judgment.objects.get()
    assert judgment.ranks[held.display_order[0]] == 2
    assert judgment.ranks[held.display_order[1]] == 1
    assert (judgment.strength, judgment.rationale, judgment.counted) == (3, "clearer", True)
    assert judgment.display_order == held.display_order
    assert judgment.guideline_version == 1


def test_submit_judgment_ends_the_lease_and_counts_once(cast: Cast, held: Assignment) -> None:
    judge(cast.campaign, cast.annotator, held)

    comparison = Comparison.objects.get()
    assert (comparison.open_slots, comparison.judged) == (2, 1)
    assert Assignment.objects.get().state == AssignmentState.SUBMITTED


def test_submit_judgment_again_with_the_same_key_replays_the_answer(
    cast: Cast, held: Assignment
) -> None:
    first = submit(cast, held, "key")
    again = submit(cast, held, "key")

    assert (first.replayed, again.replayed) == (False, True)
    assert again.answer == first.answer
    assert Judgment.objects.count() == 1


def test_submit_judgment_with_the_same_key_and_another_body_is_refused(
    cast: Cast, held: Assignment
) -> None:
    submit(cast, held, "key")

    with pytest.raises(SameKeyOtherBody):
        submit(cast, held, "key", outcome="tie", ranks=())
    assert Judgment.objects.get().outcome == "ranked"


def test_submit_judgment_twice_with_two_keys_counts_once(cast: Cast, held: Assignment) -> None:
    first = submit(cast, held, "one")

    with pytest.raises(AlreadyJudged) as refusal:
        submit(cast, held, "two")
    assert refusal.value.data == {"latest": first.answer["judgment"]}
    assert Comparison.objects.get().judged == 1


def test_refused_answer_leaves_nothing_behind(cast: Cast, held: Assignment) -> None:
    with pytest.raises(AnswerInvalid):
        submit(cast, held, "key", ranks=(1, 1))

    assert Judgment.objects.count() == 0
    assert IdempotencyKey.objects.count() == 0
    assert Assignment.objects.get().state == AssignmentState.LIVE


def test_submit_judgment_for_somebody_else_is_not_found(cast: Cast, held: Assignment) -> None:
    with pytest.raises(NotFound):
        judge(cast.campaign, cast.teammate, held)


def test_revising_supersedes_the_earlier_judgment_and_keeps_it(
    cast: Cast, held: Assignment
) -> None:
    first = judge(cast.campaign, cast.annotator, held)

    second = judge(cast.campaign, cast.annotator, held, outcome="tie", ranks=(), revises=first)

    assert Judgment.objects.get(pk=second).supersedes_id == first
    assert list(counted_judgments(cast.campaign).values_list("pk", flat=True)) == [second]
    assert (Comparison.objects.get().judged, Judgment.objects.count()) == (1, 2)


def test_revising_a_judgment_already_revised_is_refused(cast: Cast, held: Assignment) -> None:
    first = judge(cast.campaign, cast.annotator, held)
    judge(cast.campaign, cast.annotator, held, outcome="tie", ranks=(), revises=first)

    with pytest.raises(AlreadyJudged):
        judge(cast.campaign, cast.annotator, held, revises=first)


def test_revising_in_a_completed_campaign_is_refused(cast: Cast, held: Assignment) -> None:
    first = judge(cast.campaign, cast.annotator, held)
    cast.campaign.state = CampaignState.COMPLETED

    with pytest.raises(CampaignClosed):
        judge(cast.campaign, cast.annotator, held, revises=first)


def test_answer_in_hand_is_taken_after_the_campaign_is_paused(cast: Cast, held: Assignment) -> None:
    cast.campaign.state = CampaignState.PAUSED

    judge(cast.campaign, cast.annotator, held)

    assert Comparison.objects.get().judged == 1


def test_skip_comparison_returns_the_slot_and_is_not_counted(cast: Cast, held: Assignment) -> None:
    skip(cast, held)

    judgment, comparison = Judgment.objects.get(), Comparison.objects.get()
    assert (judgment.outcome, judgment.skip_reason, judgment.counted) == (
        "skipped", "dont_know", False,
    )  # fmt: skip
    assert (comparison.open_slots, comparison.judged) == (3, 0)


def test_skip_comparison_without_a_known_reason_is_refused(cast: Cast, held: Assignment) -> None:
    with pytest.raises(AnswerInvalid):
        skip(cast, held, reason="bored")


def test_revising_a_judgment_into_a_skip_frees_the_slot_and_back_again(
    cast: Cast, held: Assignment
) -> None:
    first = judge(cast.campaign, cast.annotator, held)
    skipped = skip(cast, held, revises=first).answer["judgment"]
    comparison = Comparison.objects.get()
    assert (comparison.open_slots, comparison.judged) == (3, 0)

    last = judge(cast.campaign, cast.annotator, held, revises=skipped)

    comparison.refresh_from_db()
    latest = latest_judgment(held)
    assert (comparison.open_slots, comparison.judged) == (2, 1)
    assert latest is not None
    assert latest.pk == last


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ranking_judgment SET rationale = 'other'",
        "DELETE FROM ranking_judgment",
        "UPDATE accounts_auditevent SET action = 'other'",
        "DELETE FROM accounts_auditevent",
    ],
)
def test_database_refuses_to_change_history(cast: Cast, held: Assignment, statement: str) -> None:
    judge(cast.campaign, cast.annotator, held)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["ranking_judgment", "accounts_auditevent"])
def test_database_refuses_to_empty_history(cast: Cast, table: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_orm_cannot_change_history_either(cast: Cast, held: Assignment) -> None:
    judge(cast.campaign, cast.annotator, held)
    for act in (
        lambda: Judgment.objects.update(rationale="other"),
        lambda: Judgment.objects.get().save(),
        lambda: Judgment.objects.get().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()

"""What PostgreSQL does for a claim and for a page does not grow with what all people have done."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from labeling.accounts.models import User
from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Comparison, Desk, Lane
from labeling.assignment.queries import done_earlier, next_gold
from labeling.assignment.services.desks import new_desks
from labeling.clock import database_now
from labeling.ranking.enums import Outcome
from labeling.ranking.models import Judgment
from labeling.ranking.queries import last_of
from tests.factories import Cast
from tests.stock import claim, stock

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
PEOPLE, COMPARISONS = 60, 60


def crowd(cast: Cast) -> None:
    """Let many people have judged every comparison, as the tables see it."""
    stock(cast.campaign, COMPARISONS)
    people = User.objects.bulk_create(
        User(email=f"crowd{n}@annotate.localhost") for n in range(PEOPLE)
    )
    new_desks(cast.campaign.pk, [person.pk for person in people])
    desks = Desk.objects.filter(annotator__in=people)
    now = database_now()
    leases = Assignment.objects.bulk_create(
        Assignment(
            comparison=comparison, annotator_id=desk.annotator_id, desk=desk, ordinal=at,
            token=uuid4(), state=AssignmentState.SUBMITTED, display_order=[0, 1], answers=1,
            leased_at=now, expires_at=now, ended_at=now,
        )
        for desk in desks
        for at, comparison in enumerate(Comparison.objects.all())
    )  # fmt: skip
    Judgment.objects.bulk_create(
        Judgment(
            comparison_id=lease.comparison_id, assignment=lease, annotator_id=lease.annotator_id,
            outcome=Outcome.RANKED, ranks=[1, 2], display_order=[0, 1], counted=True,
            created_at=now,
        )
        for lease in leases
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plan_of(queries: CaptureQueriesContext, word: str) -> str:
    """Return how PostgreSQL goes about the one statement that holds this word."""
    (sql,) = [one["sql"] for one in queries if word in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        rows: list[Any] = cursor.fetchall()
    return "\n".join(str(row[0]) for row in rows)


def test_a_claim_reads_no_table_of_leases_whole(cast: Cast) -> None:
    crowd(cast)

    with CaptureQueriesContext(connection) as queries:
        claim(cast.campaign, cast.annotator)

    plan = plan_of(queries, "COALESCE")
    assert "open_queue" in plan
    assert "Seq Scan on assignment_assignment" not in plan


def test_a_repeat_and_a_known_answer_are_found_without_reading_every_lease(cast: Cast) -> None:
    crowd(cast)
    Comparison.objects.filter(pk__lte=Comparison.objects.all()[3].pk).update(gold=[1, 2])
    lane = Lane.objects.get()
    lane.gold = True
    desk = Desk.objects.select_related("campaign").latest("pk")
    desk.claims = COMPARISONS

    with CaptureQueriesContext(connection) as repeating:
        assert done_earlier(desk) is not None
    with CaptureQueriesContext(connection) as testing:
        next_gold(desk, [lane])

    for asked in (repeating, testing):
        assert "Seq Scan on assignment_assignment" not in plan_of(asked, "assignment_assignment")


def test_what_can_be_taken_back_is_found_without_reading_every_judgment(cast: Cast) -> None:
    crowd(cast)
    person = Judgment.objects.latest("id").annotator

    with CaptureQueriesContext(connection) as queries:
        found = last_of(cast.campaign, person)

    assert found == Judgment.objects.filter(annotator=person).latest("id")
    assert "Seq Scan on ranking_judgment" not in plan_of(queries, "ranking_judgment")

"""What a claim and an answer cost the database: few queries, off the index, flat."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from labeling.assignment.models import Lane
from labeling.assignment.queries import open_in
from labeling.assignment.services.claiming import claim_next
from labeling.assignment.services.desks import locked_desk
from labeling.assignment.services.taking import take_slot
from labeling.campaigns.models import Membership
from labeling.campaigns.queries import membership_of
from labeling.clock import database_now
from labeling.ranking.services import submit_judgment
from tests.factories import Cast
from tests.stock import answer_to, claim, next_for, stock

pytestmark = pytest.mark.django_db
ROUND = (6, 7)  # claim and answer; the bars are 6 and 8


def plan_of(sql: str, params: Any) -> str:
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"{explain} {sql}", params)
        return "\n".join(str(row) for row in cursor.fetchall())


def without_savepoints(queries: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"].upper()]


def queries_of_round(member: Membership) -> tuple[int, int]:
    """Return how many queries one claim and one answer take."""
    now = database_now()
    with CaptureQueriesContext(connection) as claiming:
        assignment = claim_next(member=member, now=now).first
    assert assignment is not None
    with CaptureQueriesContext(connection) as judging:
        submit_judgment(
            campaign=member.campaign,
            annotator=member.user,
            assignment_id=assignment.pk,
            answer=answer_to(assignment),
            key=str(assignment.token),
            now=now,
        )
    return len(without_savepoints(claiming)), len(without_savepoints(judging))


def test_claim_and_answer_take_few_queries_and_no_more_with_history(cast: Cast) -> None:
    stock(cast.campaign, 12)
    member = membership_of(cast.annotator, cast.campaign.pk)
    rounds = [queries_of_round(member) for _ in range(10)]

    assert set(rounds[1:]) == {rounds[1]}
    assert rounds[1] == ROUND


def test_the_queue_is_read_off_the_partial_index_from_a_position_without_sorting(
    cast: Cast,
) -> None:
    stock(cast.campaign, 3)
    with CaptureQueriesContext(connection) as claiming:
        claim(cast.campaign, cast.annotator)
    (take,) = [one["sql"] for one in claiming if "COALESCE" in one["sql"]]

    plan = plan_of(take, None)

    assert plan.count("open_queue") == 2
    assert "position" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_a_claim_reads_on_from_the_persons_place_and_then_from_the_head(cast: Cast) -> None:
    stock(cast.campaign, 3)
    lane = Lane.objects.get()
    queue = list(open_in(lane))

    found = []
    for at in (-1, queue[0].position, queue[2].position):
        with transaction.atomic():
            desk = locked_desk(cast.campaign.pk, cast.annotator.pk)
            desk.places = {str(lane.pk): [at, 0]}
            taken = take_slot(desk, [lane], database_now())
        found.append(taken and taken.comparison_id)

    assert found == [queue[0].pk, queue[1].pk, queue[0].pk]


def test_next_for_an_empty_campaign_is_none(cast: Cast) -> None:
    assert next_for(cast.campaign, cast.annotator) is None

"""What a claim and an answer cost the database: few queries, off the index, flat."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from labeling.assignment.models import QueueCursor
from labeling.assignment.queries import next_open, open_queue
from labeling.assignment.services.leases import claim_next
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from tests.factories import Cast
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db
# Claim and answer; PostgreSQL also takes a lock on the idempotency key.
ROUND = {"sqlite": (7, 11), "postgresql": (7, 12)}


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


def queries_of_round(campaign: Campaign, cast: Cast) -> tuple[int, int]:
    """Return how many queries one claim and one answer take."""
    with CaptureQueriesContext(
        connection,
    ) as claiming:
        assignment = claim(campaign, cast.annotator)
    with CaptureQueriesContext(connection) as judging:
        judge(campaign, cast.annotator, assignment)
    return len(without_savepoints(claiming)), len(without_savepoints(judging))


def test_claim_and_answer_take_few_queries_and_no_more_with_history(cast: Cast) -> None:
    stock(cast.campaign, 12)
    rounds = [queries_of_round(cast.campaign, cast) for _ in range(10)]

    assert set(rounds[1:]) == {rounds[1]}
    assert rounds[1] == ROUND[connection.vendor]


def test_queue_is_read_off_the_partial_index_without_sorting(cast: Cast) -> None:
    stock(cast.campaign, 3)
    sql, params = open_queue(cast.campaign)[:1].query.sql_with_params()

    plan = plan_of(sql, params)

    assert "open_queue" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_next_open_reads_on_from_the_cursor_and_round_again(cast: Cast) -> None:
    stock(cast.campaign, 3)
    queue = list(open_queue(cast.campaign))
    cursor = QueueCursor(campaign=cast.campaign, annotator=cast.annotator)

    found = []
    for at in (-1, queue[0].position, queue[2].position):
        cursor.position = at
        opening = next_open(cast.campaign, cast.annotator, cursor)
        found.append(opening and opening.comparison)

    assert found == [queue[0], queue[1], queue[0]]


def test_claim_next_on_an_empty_campaign_is_none(cast: Cast) -> None:
    now = database_now()

    assert claim_next(campaign=cast.campaign, annotator=cast.annotator, now=now) is None

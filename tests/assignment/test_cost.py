"""What a claim and an answer cost the database: few queries, off the index, flat."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from labeling.assignment.enums import AssignmentState, Kind
from labeling.assignment.models import Allocation, Assignment, Comparison, Lane
from labeling.assignment.queries import open_in
from labeling.assignment.services.claiming import Why, claim_next
from labeling.assignment.services.desks import allocation_of, locked_desk
from labeling.assignment.services.directing import direct
from labeling.assignment.services.marking import mark_gold
from labeling.assignment.services.taking import LOOK_AGAIN_AFTER, take_slot
from labeling.campaigns.models import Membership
from labeling.campaigns.queries import membership_of
from labeling.clock import database_now
from labeling.ranking.services.answering import submit_judgment
from tests.assignment.deciding import deciding
from tests.factories import Cast
from tests.stock import answer_to, claim, judge, next_for, stock

pytestmark = pytest.mark.django_db
STAGE = "labeling.assignment"
# Claim and answer; the bars are 6 and 8. PostgreSQL takes four writes of an answer as one.
ROUND = {"sqlite": (6, 7), "postgresql": (6, 4)}
# What every claim takes: the desk locked, what is held, the lanes, a slot, the lease, the desk.
WORK, RENEWAL, KEPT, REFUSAL = 6, 3, 5, 3
FIRST_EVER = WORK + 2  # the desk made, and read again
NOTHING_LEFT = (WORK, WORK - 2)  # first; within five seconds no lane is looked into again
IN_PLACE_OF_THE_SLOT, IN_VAIN = WORK, WORK + 1  # a repeat or known answer found, or not


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
    assert rounds[1] == ROUND[connection.vendor]


# Each kind of claim by itself.


def cost(member: Membership, *, hold: int = 1, at: timedelta = timedelta(0)) -> int:
    """Return how many queries a claim takes."""
    with CaptureQueriesContext(connection) as claiming:
        claim_next(member=member, now=database_now() + at, hold=hold)
    return len(without_savepoints(claiming)) - 1  # the clock


@pytest.fixture
def member(cast: Cast) -> Membership:
    """The annotator, who has judged two of seven comparisons."""
    stock(cast.campaign, 7)
    for _ in range(2):
        judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))
    return membership_of(cast.annotator, cast.campaign.pk)


def test_first_claim_at_a_desk_and_the_next(cast: Cast) -> None:
    stock(cast.campaign, 3)
    member = membership_of(cast.annotator, cast.campaign.pk)

    assert [cost(member), cost(member)] == [FIRST_EVER, RENEWAL]


def test_claim_where_nothing_was_ever_planned_makes_what_is_missing(cast: Cast) -> None:
    member = membership_of(cast.annotator, cast.campaign.pk)

    assert claim_next(member=member, now=database_now()).why == Why.NOTHING_LEFT
    assert allocation_of(cast.campaign).campaign == cast.campaign


def test_claim_of_several_takes_two_for_each_further_one(member: Membership) -> None:
    assert cost(member, hold=4) == WORK + 3 * 2


def test_claim_when_nothing_is_left(member: Membership) -> None:
    claim_next(member=member, now=database_now(), hold=5)
    Assignment.objects.update(state=AssignmentState.SUBMITTED, ended_at=database_now())

    assert (cost(member), cost(member)) == NOTHING_LEFT
    assert cost(member, at=2 * LOOK_AGAIN_AFTER) == NOTHING_LEFT[0]


def test_claim_at_the_limit(member: Membership) -> None:
    Allocation.objects.update(person_limit=2)

    assert cost(member) == REFUSAL


def test_claim_of_what_is_kept_for_the_person(member: Membership) -> None:
    comparison = Comparison.objects.exclude(assignments__annotator=member.user)[0]
    direct(**deciding(comparison), people=[member.user])

    assert cost(member) == KEPT


@pytest.mark.parametrize(("after", "expected"), [(1, IN_PLACE_OF_THE_SLOT), (2, IN_VAIN)])
def test_claim_drawn_to_repeat(
    member: Membership, monkeypatch: pytest.MonkeyPatch, after: int, expected: int
) -> None:
    monkeypatch.setattr(f"{STAGE}.services.claiming.draw_kind", lambda **_: Kind.REPEAT)
    monkeypatch.setattr(f"{STAGE}.queries.REPEAT_AFTER", after)
    monkeypatch.setattr(f"{STAGE}.queries.draw_earlier", lambda **_: 0)

    assert cost(member) == expected
    assert Assignment.objects.filter(kind=Kind.REPEAT).count() == (after == 1)


@pytest.mark.parametrize(
    ("known", "expected"), [(2, IN_PLACE_OF_THE_SLOT), (1, IN_VAIN), (0, WORK)]
)
def test_claim_drawn_to_be_a_known_answer(
    member: Membership, monkeypatch: pytest.MonkeyPatch, known: int, expected: int
) -> None:
    monkeypatch.setattr(f"{STAGE}.services.claiming.draw_kind", lambda **_: Kind.GOLD)
    for comparison in Comparison.objects.exclude(assignments__annotator=member.user)[:known]:
        mark_gold(**deciding(comparison), ranks=[1, 2])
    if known:
        judge(member.campaign, member.user, claim(member.campaign, member.user))

    assert cost(member) == expected


# What they read.


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

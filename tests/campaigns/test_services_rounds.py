"""Rounds: one open at most, numbered without a gap, and work only of the open one."""

import threading

import pytest
from django.db import connection

from labeling.accounts.models import AuditEvent
from labeling.assignment.models import Comparison
from labeling.assignment.services.claiming import Why
from labeling.campaigns.errors import AnotherRoundOpen
from labeling.campaigns.models import Campaign, Round
from labeling.campaigns.queries import current_round, round_of
from labeling.campaigns.services import close_round, edit_round, open_round, reopen_round
from labeling.clock import database_now
from labeling.errors import Invalid, NotFound
from tests.factories import Cast, make_campaign
from tests.stock import claim, claims, judge, next_for, stock

OPEN, CLOSED = "open", "closed"


def open_next(campaign: Campaign, name: str = "Second", checkpoint: str = "step-200") -> Round:
    return open_round(
        campaign=campaign,
        name=name,
        checkpoint=checkpoint,
        by=campaign.created_by,
        now=database_now(),
    )


def close(campaign: Campaign, number: int = 1) -> Round:
    found = round_of(campaign, number)
    return close_round(round_=found, by=campaign.created_by, now=database_now())


def reopen(campaign: Campaign, number: int = 1) -> Round:
    return reopen_round(round_=round_of(campaign, number), by=campaign.created_by)


def states(campaign: Campaign) -> list[tuple[int, str]]:
    rounds = Round.objects.filter(campaign=campaign).order_by("number")
    return list(rounds.values_list("number", "state"))


@pytest.mark.django_db
def test_new_campaign_has_one_open_round() -> None:
    assert states(make_campaign()) == [(1, OPEN)]


@pytest.mark.django_db
def test_next_round_closes_the_open_one() -> None:
    campaign = make_campaign()

    second = open_next(campaign, " Second ", " step-200 ")
    third = open_next(campaign, "Third", "")

    assert (second.number, second.name, second.checkpoint) == (2, "Second", "step-200")
    assert states(campaign) == [(1, CLOSED), (2, CLOSED), (3, OPEN)]
    assert current_round(campaign) == third
    assert round_of(campaign, 1).closed_at is not None


@pytest.mark.django_db
def test_rounds_of_campaigns_do_not_meddle(cast: Cast) -> None:
    open_next(cast.campaign)

    assert states(cast.foreign) == [(1, OPEN)]
    with pytest.raises(NotFound):
        round_of(cast.foreign, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "checkpoint", "field", "remedy"),
    [
        ("  ", "", "name", "Give the round a name of 1 to 120 characters."),
        ("x" * 121, "", "name", "Give the round a name of 1 to 120 characters."),
        ("ROUND 1", "", "name", "The campaign has a round of this name. Choose another."),
        ("Second", "x" * 201, "checkpoint", "Keep it to 200 characters."),
    ],
)
def test_round_that_does_not_hold_leaves_the_open_one(
    name: str, checkpoint: str, field: str, remedy: str
) -> None:
    campaign = make_campaign()

    with pytest.raises(Invalid) as refused:
        open_next(campaign, name, checkpoint)

    assert refused.value.data["fields"] == {field: [remedy]}
    assert states(campaign) == [(1, OPEN)]


@pytest.mark.django_db
def test_closed_round_opens_again() -> None:
    campaign = make_campaign()
    close(campaign)

    reopened = reopen(campaign)

    assert (reopened.state, reopened.closed_at) == (OPEN, None)
    assert states(campaign) == [(1, OPEN)]


@pytest.mark.django_db
def test_round_is_not_reopened_beside_another() -> None:
    campaign = make_campaign()
    open_next(campaign)

    with pytest.raises(AnotherRoundOpen, match="Close it first") as refused:
        reopen(campaign)

    assert refused.value.data == {"open": 2}
    assert states(campaign) == [(1, CLOSED), (2, OPEN)]


@pytest.mark.django_db
def test_the_same_again_changes_and_logs_nothing() -> None:
    campaign = make_campaign()
    reopen(campaign)
    since = close(campaign).closed_at

    again = close(campaign)

    assert again.closed_at == since
    assert AuditEvent.objects.filter(action="round.closed").count() == 1
    assert not AuditEvent.objects.filter(action="round.reopened").exists()


@pytest.mark.django_db
def test_round_gets_another_name_and_checkpoint() -> None:
    campaign = make_campaign()
    first, by = round_of(campaign, 1), campaign.created_by

    edit_round(round_=first, by=by, checkpoint="step-100")
    edited = edit_round(round_=first, by=by, name="Round 1 ")

    assert (edited.name, edited.checkpoint) == ("Round 1", "step-100")
    (event,) = AuditEvent.objects.filter(action="round.edited")
    assert event.data == {
        "round": 1,
        "before": {"name": "Round 1", "checkpoint": ""},
        "after": {"name": "Round 1", "checkpoint": "step-100"},
    }


@pytest.mark.django_db
def test_round_does_not_take_the_name_of_another() -> None:
    campaign = make_campaign()
    second = open_next(campaign)

    with pytest.raises(Invalid):
        edit_round(round_=second, by=campaign.created_by, name="Round 1")

    assert round_of(campaign, 2).name == "Second"


@pytest.mark.django_db
def test_every_change_of_a_round_is_logged() -> None:
    campaign = make_campaign()
    open_next(campaign)
    close(campaign, 2)
    reopen(campaign, 1)

    events = AuditEvent.objects.filter(action__startswith="round.").order_by("id")
    assert [(event.action, event.data["round"]) for event in events] == [
        ("round.closed", 1),
        ("round.opened", 2),
        ("round.closed", 2),
        ("round.reopened", 1),
    ]
    assert {(event.actor, event.target) for event in events} == {
        (campaign.created_by, f"campaign:{campaign.pk}")
    }


@pytest.mark.django_db
def test_work_comes_from_the_open_round_alone(cast: Cast) -> None:
    stock(cast.campaign, 2)
    open_next(cast.campaign)
    stock(cast.campaign, 1)

    second = claims(cast.campaign, cast.annotator, hold=3).assignments
    close(cast.campaign, 2)
    closed = claims(cast.campaign, cast.teammate)
    reopen(cast.campaign, 1)
    first = claims(cast.campaign, cast.teammate, hold=3).assignments

    rounds = Comparison.objects.values_list("lane__round__number", flat=True)
    assert list(rounds.filter(pk__in=[each.comparison_id for each in second])) == [2]
    assert (closed.first, closed.why) == (None, Why.ROUND_CLOSED)
    assert list(rounds.filter(pk__in=[each.comparison_id for each in first])) == [1, 1]


@pytest.mark.django_db
def test_what_somebody_holds_is_still_answered_after_the_round(cast: Cast) -> None:
    stock(cast.campaign, 2)
    held = claim(cast.campaign, cast.annotator)

    close(cast.campaign)
    judge(cast.campaign, cast.annotator, held)

    assert Comparison.objects.get(pk=held.comparison_id).judged == 1
    assert next_for(cast.campaign, cast.annotator) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rounds_opened_at_once_follow_one_another() -> None:
    campaign, start = make_campaign(), threading.Barrier(4)

    def press(name: str) -> None:
        start.wait()
        try:
            open_next(campaign, name)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[f"Of {n}"]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert states(campaign) == [(1, CLOSED), (2, CLOSED), (3, CLOSED), (4, CLOSED), (5, OPEN)]

"""Whose work a lane is, in which order a person's lanes are looked into, and where they start."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from labeling.assignment.enums import Audience
from labeling.assignment.lanes import Needs, Person, in_turn, may_work, needs_of
from labeling.assignment.models import Comparison, Lane
from labeling.assignment.services.claiming import Why
from labeling.assignment.services.lanes import STILL_ARRIVING, advance_heads
from labeling.assignment.services.leases import expire_leases
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.enums import CampaignState
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup
from labeling.prompts.models import Prompt
from tests.factories import Cast, make_campaign, make_member
from tests.stock import claim, claims, stock

SECOND = timedelta(seconds=1)
ANYBODY, LAW = Person(), Person(skills=["law", "tax"])


def lane(name: str = "", **fields: object) -> Lane:
    """Return a lane that is named by its language."""
    return Lane(language=name, **fields)


@pytest.mark.parametrize(
    ("tags", "needs"),
    [
        ([], Needs()),
        (["easy", "skill: "], Needs()),
        (["skill:tax", "skill: law", "skill:law"], Needs(skills="law,tax")),
        (["skill:law,tax"], Needs()),
        (["reviewers-only"], Needs(audience=Audience.REVIEWERS)),
        (["skill:" + "a" * 150, "skill:" + "b" * 150], Needs(skills="a" * 150)),
    ],
)
def test_needs_of_reads_the_tags_of_a_prompt(tags: list[str], needs: Needs) -> None:
    assert needs_of(tags, "de", by_language=False) == needs


def test_needs_of_asks_for_the_language_where_work_goes_by_it() -> None:
    assert needs_of([], "de-AT", by_language=True) == Needs(language="de-AT")
    assert needs_of([], "", by_language=True) == Needs()


@pytest.mark.parametrize(
    ("wanted", "person", "may"),
    [
        (lane(), ANYBODY, True),
        (lane(audience=Audience.REVIEWERS), ANYBODY, False),
        (lane(audience=Audience.REVIEWERS), Person(reviews=True), True),
        (lane("de"), ANYBODY, True),
        (lane("de-AT"), Person(languages=["en", "DE_de"]), True),
        (lane("de"), Person(languages=["en"]), False),
        (lane(), Person(languages=["en"]), True),
        (lane(skills="law"), ANYBODY, False),
        (lane(skills="law,tax"), LAW, True),
        (lane(skills="law,medicine"), LAW, False),
        (lane("de", audience=Audience.REVIEWERS, skills="law"), LAW, False),
    ],
)
def test_may_work_tells_whose_work_a_lane_is(wanted: Lane, person: Person, may: bool) -> None:
    assert may_work(wanted, person) is may


def test_in_turn_gives_what_was_begun_then_what_is_urgent_then_what_is_rarer() -> None:
    lanes = [
        lane("begun, not urgent", returned=True, priority=1),
        lane("urgent", priority=-1),
        lane("for reviewers with a skill", audience=Audience.REVIEWERS, skills="law"),
        lane("for reviewers", audience=Audience.REVIEWERS),
        lane("for a skill", skills="law"),
        lane("for everyone"),
        lane("last, for reviewers", priority=1, audience=Audience.REVIEWERS),
    ]

    for draw in range(20):
        assert in_turn(lanes[::-1], draw=str(draw)) == lanes


def test_in_turn_mixes_equals_by_draw_and_the_same_draw_the_same_way() -> None:
    lanes = [lane("de"), lane("en"), lane("fr")]
    orders, again = [
        ["".join(each.language for each in in_turn(lanes, draw=str(n))) for n in range(600)]
        for _ in range(2)
    ]

    assert orders == again
    assert len(set(orders)) == 6
    assert all(60 <= count <= 140 for count in Counter(orders).values())


def stock_tagged(campaign: Campaign, prompts: int, tag: str) -> None:
    """Plan comparisons of prompts with this tag."""
    stock(campaign, prompts)
    Comparison.objects.filter(campaign=campaign).delete()
    Prompt.objects.filter(campaign=campaign).update(tags=[tag])
    CandidateGroup.objects.update(state=GroupState.COMPLETE)
    plan_comparisons(campaign_id=campaign.pk)


@pytest.mark.django_db
def test_reviewers_work_is_given_to_reviewers_first_and_never_to_annotators(cast: Cast) -> None:
    stock_tagged(cast.campaign, 3, "reviewers-only")
    theirs = set(Comparison.objects.values_list("pk", flat=True))
    stock(cast.campaign, 2)
    people = (cast.annotator, cast.reviewer, cast.manager)
    given = [[each.comparison_id for each in claims(cast.campaign, who, hold=10).assignments]
             for who in people]  # fmt: skip

    everyones = set(Comparison.objects.values_list("pk", flat=True)) - theirs
    assert set(given[0]) == everyones
    assert [set(each[:3]) for each in given[1:]] == [theirs, theirs]
    assert [set(each[3:]) for each in given[1:]] == [everyones, everyones]


@pytest.mark.django_db
def test_annotators_are_not_given_reviewers_work_that_returns(cast: Cast) -> None:
    Campaign.objects.filter(pk=cast.campaign.pk).update(overlap=1)
    stock_tagged(cast.campaign, 1, "reviewers-only")
    held = claim(cast.campaign, cast.reviewer)
    expire_leases(now=held.expires_at)

    assert claims(cast.campaign, cast.annotator).why == Why.NOTHING_LEFT
    assert claim(cast.campaign, cast.manager).comparison_id == held.comparison_id


# Where a lane starts.


def begun(campaign: Campaign) -> tuple[Lane, Lane]:
    """Stock a campaign, let one comparison return, and return the lanes."""
    stock(campaign, 2)
    expire_leases(now=claim(campaign, make_member(campaign)).expires_at)
    return Lane.objects.get(returned=False), Lane.objects.get(returned=True)


@pytest.mark.django_db
def test_advance_heads_follows_what_returns_only_now_and_then() -> None:
    campaign = make_campaign(overlap=1)
    _, returned = begun(campaign)
    now = claim(campaign, make_member(campaign)).leased_at

    late = now + STILL_ARRIVING
    moved = [advance_heads(now=at) for at in (now, late, late + STILL_ARRIVING + SECOND)]

    assert moved == [2, 0, 1]
    returned.refresh_from_db()
    assert returned.head == int((late + SECOND).timestamp() * 1_000_000)


@pytest.mark.django_db
def test_advance_heads_never_passes_what_waits() -> None:
    campaign = make_campaign(overlap=1)
    plain, returned = begun(campaign)

    advance_heads(now=database_now() + timedelta(days=1))

    for lane_ in (plain, returned):
        lane_.refresh_from_db()
        assert lane_.head == lane_.comparisons.get(open_slots=1).position


@pytest.mark.django_db
@pytest.mark.parametrize("state", [CampaignState.ACTIVE, CampaignState.PAUSED])
def test_advance_heads_asks_once_and_locks_nothing_where_nothing_is_to_move(state: str) -> None:
    campaign = make_campaign(overlap=1)
    begun(campaign)
    now = database_now()
    if state == CampaignState.ACTIVE:
        advance_heads(now=now)
    Campaign.objects.update(state=state)

    with CaptureQueriesContext(connection) as asked:
        moved = advance_heads(now=now)

    assert moved == 0
    assert len(asked) == 1

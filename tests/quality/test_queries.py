"""Which judgments hold, who gave them, and how far a campaign is."""

from uuid import uuid4

import pytest

from labeling.assignment.services.leases import expire_leases
from labeling.campaigns.models import Membership
from labeling.clock import database_now
from labeling.quality.agreement import NOT_DEFINED
from labeling.quality.consensus import Ballot
from labeling.quality.queries import (
    Progress,
    agreement_of,
    ballots_by_comparison,
    progress_by_campaign,
    progress_by_person,
    progress_of,
    skipped_by_several,
)
from labeling.ranking.models import Judgment
from labeling.ranking.queries import counted_judgments, current_judgments
from labeling.ranking.services.answering import skip_comparison, undo_judgment
from tests.factories import make_campaign, make_cast, make_member, signed_in
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    found = make_campaign(overlap=2)
    stock(found, 2)
    return found


def skip(campaign, person, reason="language") -> None:
    assignment = claim(campaign, person)
    skip_comparison(
        campaign=campaign,
        annotator=person,
        assignment_id=assignment.pk,
        token=assignment.token,
        reason=reason,
        key=uuid4().hex,
        now=database_now(),
    )


def test_a_correction_replaces_what_it_supersedes(campaign):
    person = make_member(campaign)
    assignment = claim(campaign, person)
    earlier = judge(campaign, person, assignment, strength=1)
    later = judge(campaign, person, assignment, outcome="tie", ranks=(), revises=earlier)

    assert list(current_judgments(campaign).values_list("pk", flat=True)) == [later]
    assert list(counted_judgments(campaign).values_list("pk", flat=True)) == [later]


def test_skips_and_surplus_are_current_and_do_not_count():
    campaign = make_campaign(overlap=1)
    stock(campaign, 1)
    slow, quick, shy = (make_member(campaign) for _ in range(3))
    skip(campaign, shy)
    late = claim(campaign, slow)
    expire_leases(now=late.expires_at)
    counted = judge(campaign, quick, claim(campaign, quick))
    judge(campaign, slow, late)

    assert current_judgments(campaign).count() == 3
    assert list(counted_judgments(campaign).values_list("pk", flat=True)) == [counted]


def test_ballots_are_read_as_the_consensus_counts_them(campaign):
    one, other = make_member(campaign), make_member(campaign)
    assignment = claim(campaign, one)
    judge(campaign, one, assignment, outcome="both_bad", ranks=())
    while (held := claim(campaign, other)).comparison_id != assignment.comparison_id:
        judge(campaign, other, held, outcome="tie", ranks=())
    judge(campaign, other, held, outcome="tie", ranks=())

    found = dict(zip(("first", "second"), ballots_by_comparison(campaign), strict=False))

    ballots = [sorted(map(repr, ballots)) for ballots, slots in found.values()]
    both = sorted(map(repr, [Ballot(None), Ballot((1, 1))]))
    assert both in ballots


def test_progress_counts_given_leased_and_open_judgments(campaign):
    person, holder = make_member(campaign), make_member(campaign)
    judge(campaign, person, claim(campaign, person))
    claim(campaign, holder)

    assert progress_of(campaign) == Progress(
        comparisons=2, finished=0, wanted=4, judged=1, live=1, left=2
    )


def test_progress_of_an_empty_campaign_is_nothing():
    assert progress_of(make_campaign()) == Progress(0, 0, 0, 0, 0, 0)


def test_progress_by_campaign_takes_the_same_queries_for_one_and_three(
    campaign, django_assert_num_queries
):
    person, other, empty = make_member(campaign), make_campaign(overlap=1), make_campaign()
    stock(other, 3)
    judge(campaign, person, claim(campaign, person))
    claim(campaign, person)

    with django_assert_num_queries(2):
        progress_by_campaign([campaign])
    with django_assert_num_queries(2):
        found = progress_by_campaign([campaign, other, empty])

    assert found == {
        campaign.pk: Progress(comparisons=2, finished=0, wanted=4, judged=1, live=1, left=2),
        other.pk: Progress(comparisons=3, finished=0, wanted=3, judged=0, live=0, left=3),
        empty.pk: Progress(0, 0, 0, 0, 0, 0),
    }


def test_a_finished_comparison_is_one_with_all_its_judgments(campaign):
    for _ in range(2):
        person = make_member(campaign)
        for _ in range(2):
            judge(campaign, person, claim(campaign, person))

    progress = progress_of(campaign)

    assert (progress.finished, progress.judged, progress.left) == (2, 4, 0)


def test_progress_by_person_names_members_and_those_who_left(campaign):
    busy, gone = make_member(campaign), make_member(campaign)
    judge(campaign, busy, claim(campaign, busy), active_ms=4000)
    judge(campaign, busy, claim(campaign, busy), active_ms=1000)
    judge(campaign, gone, claim(campaign, gone))
    skip(campaign, gone)
    Membership.objects.filter(user=gone).delete()

    first, second, third = progress_by_person(campaign)

    assert (first.user_id, first.role, first.done, first.skipped) == (busy.pk, "annotator", 2, 0)
    assert first.median_active_ms == 2500
    assert (second.user_id, second.role, second.done, second.skipped) == (gone.pk, "", 1, 1)
    assert second.median_active_ms is None
    assert (third.user_id, third.role, third.last_active) == (
        campaign.created_by_id,
        "manager",
        None,
    )


def test_progress_by_person_counts_nothing_that_was_taken_back(campaign):
    person = make_member(campaign)
    kept, taken_back = (judge(campaign, person, claim(campaign, person)) for _ in range(2))
    undo_judgment(
        campaign=campaign,
        annotator=person,
        judgment_id=taken_back,
        key=uuid4().hex,
        now=database_now(),
    )

    found = progress_by_person(campaign)[0]

    assert (found.user_id, found.done, found.skipped) == (person.pk, 1, 0)
    assert found.last_active == Judgment.objects.get(pk=kept).created_at


def test_progress_by_person_takes_the_same_queries_for_one_and_five(
    campaign, django_assert_num_queries
):
    with django_assert_num_queries(5):
        progress_by_person(campaign)
    for _ in range(4):
        person = make_member(campaign)
        skip(campaign, person)
    with django_assert_num_queries(5):
        assert len(progress_by_person(campaign)) == 5


def test_agreement_is_not_defined_until_two_people_judged_the_same(campaign):
    assert agreement_of(campaign).reason == NOT_DEFINED
    for _ in range(2):
        person = make_member(campaign)
        for _ in range(2):
            judge(campaign, person, claim(campaign, person), outcome="tie", ranks=())

    found = agreement_of(campaign)

    assert (found.value, found.comparisons, found.chances) == (1.0, 2, 2)


def test_comparisons_skipped_by_several_are_named_with_their_reasons():
    campaign = make_campaign()
    stock(campaign, 1)
    skip(campaign, make_member(campaign), "language")
    assert skipped_by_several(campaign) == []
    skip(campaign, make_member(campaign), "broken")

    (found,) = skipped_by_several(campaign)

    assert (found.comparison_id, found.people) == (campaign.comparisons.get().pk, 2)
    assert found.reasons == ["I don't read this language well", "Something is broken"]


@pytest.fixture
def cast():
    found = make_cast(overlap=2)
    stock(found.campaign, 1)
    judge(found.campaign, found.annotator, claim(found.campaign, found.annotator))
    return found


def test_the_api_answers_the_progress_to_reviewers_and_managers(cast):
    place = f"/api/v1/campaigns/{cast.campaign.pk}/progress/"

    body = signed_in(cast.reviewer).get(place).json()

    people = body.pop("people")
    assert body == {
        "comparisons": 1,
        "finished": 0,
        "wanted": 2,
        "judged": 1,
        "live": 0,
        "left": 1,
        "agreement": {"value": None, "comparisons": 0, "chances": 0, "reason": NOT_DEFINED},
        "skipped": [],
    }
    assert {person["name"]: person["done"] for person in people} == {
        "annotator": 1,
        "manager": 0,
        "reviewer": 0,
        "teammate": 0,
    }
    assert signed_in(cast.manager).get(place).status_code == 200
    assert signed_in(cast.annotator).get(place).status_code == 403
    assert signed_in(cast.stranger).get(place).status_code == 404


def test_the_page_shows_the_progress_to_reviewers_and_managers(cast):
    place = f"/campaigns/{cast.campaign.pk}/progress/"

    page = signed_in(cast.manager).get(place).content.decode()

    assert "1 of 2" in page
    assert NOT_DEFINED in page
    assert signed_in(cast.reviewer).get(place).status_code == 200
    assert signed_in(cast.annotator).get(place).status_code == 403
    assert signed_in(cast.stranger).get(place).status_code == 404


def test_the_summary_is_a_part_of_a_page_and_is_sent_when_it_changed(cast):
    place = f"/campaigns/{cast.campaign.pk}/progress/summary/"
    client = signed_in(cast.reviewer)

    first = client.get(place)
    same = client.get(place, headers={"If-None-Match": first.headers["ETag"]})
    judge(cast.campaign, cast.teammate, claim(cast.campaign, cast.teammate))
    over = client.get(place, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, same.status_code, over.status_code) == (200, 304, 200)
    assert "<html" not in first.content.decode()
    assert "50% <small>1 of 2 judgments" in first.content.decode()
    assert 'data-finished="no"' in first.content.decode()
    assert 'data-finished="yes"' in over.content.decode()


def test_the_summary_is_for_reviewers_and_managers(cast):
    place = f"/campaigns/{cast.campaign.pk}/progress/summary/"

    people = (cast.manager, cast.annotator, cast.stranger)
    assert [signed_in(person).get(place).status_code for person in people] == [200, 403, 404]

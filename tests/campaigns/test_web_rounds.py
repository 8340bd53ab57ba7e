"""The pages of rounds, and of what is known of a member."""

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from pytest_django import DjangoAssertNumQueries

from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.queries import current_round, round_of, rounds_of
from tests.campaigns.test_web import page_of, text_of
from tests.conftest import Rings
from tests.factories import Cast, signed_in

pytestmark = pytest.mark.django_db
FORM = {"role": "annotator", "languages": "", "skills": ""}
PLAN = "assignment.plan_comparisons"


def buttons_of(text: str) -> list[str]:
    return re.findall(r'aria-label="((?:Close|Open) round [^"]+)"', text)


def member_page(campaign: Campaign, cast: Cast) -> str:
    member = Membership.objects.get(campaign=campaign, user=cast.annotator)
    return page_of(campaign, "members", member.pk)


def test_rounds_are_listed_with_what_can_be_done(cast: Cast) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "rounds")
    first = text_of(client.get(url))

    client.post(url, {"name": "Round 2", "checkpoint": "step-200"})
    second = text_of(client.get(url))

    assert 'name="name" value="Round 2"' in first
    assert (buttons_of(first), buttons_of(second)) == (["Close round 1"], ["Close round 2"])
    assert "step-200" in second
    assert current_round(cast.campaign).number == 2


def test_page_says_that_no_round_is_open_and_offers_each(cast: Cast) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "rounds")
    client.post(url, {"name": "Round 2"})
    client.post(f"{url}2/close/")

    text = text_of(client.get(url))

    assert "No round is open" in text
    assert buttons_of(text) == ["Open round 2 again", "Open round 1 again"]
    assert "closed: nobody is given work" in text_of(client.get(page_of(cast.campaign)))


def test_form_sent_twice_opens_one_round(cast: Cast) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "rounds")
    form = {"name": "Round 2", "checkpoint": "step-200"}
    client.post(url, form)

    again = client.post(url, form)

    assert again.status_code == 400
    assert "The campaign has a round of this name. Choose another." in text_of(again)
    assert 'value="step-200"' in text_of(again)
    assert rounds_of(cast.campaign).count() == 2


def test_reopening_beside_an_open_round_is_explained_on_the_page(cast: Cast) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "rounds")
    client.post(url, {"name": "Round 2"})

    answer = client.post(f"{url}1/open/")

    says = [str(message) for message in get_messages(answer.wsgi_request)]
    assert says[-1].startswith("Round 2 is open, and only one can be. Close it first")
    assert answer.headers["Location"] == url
    assert current_round(cast.campaign).number == 2


def test_closed_round_is_opened_again(cast: Cast) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "rounds")
    client.post(f"{url}1/close/")

    client.post(f"{url}1/open/")

    assert round_of(cast.campaign, 1).state == "open"


def test_round_is_given_its_checkpoint(cast: Cast) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "rounds", 1)
    assert 'value="Round 1"' in text_of(client.get(url))

    client.post(url, {"name": "Warm-up", "checkpoint": "step-100"})
    refused = client.post(url, {"name": "", "checkpoint": "step-300"})

    first = round_of(cast.campaign, 1)
    assert (first.name, first.checkpoint) == ("Warm-up", "step-100")
    assert (refused.status_code, 'value="step-300"' in text_of(refused)) == (400, True)


def test_rounds_page_costs_the_same_for_one_and_for_three(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "rounds")
    client.get(url)

    for more in (0, 2):
        for n in range(more):
            client.post(url, {"name": f"More {n}"})
            client.get(url)
        with django_assert_num_queries(7):
            client.get(url)


def test_member_is_described_on_their_page_and_listed_so(cast: Cast) -> None:
    client, url = signed_in(cast.manager), member_page(cast.campaign, cast)

    client.post(
        url, {**FORM, "languages": "DE, pt-br", "skills": "tax law,  tort", "qualified": "on"}
    )

    member = Membership.objects.get(campaign=cast.campaign, user=cast.annotator)
    assert (member.languages, member.skills) == (["de", "pt-BR"], ["tax law", "tort"])
    listed = text_of(client.get(page_of(cast.campaign, "members")))
    assert all(part in listed for part in ("de, pt-BR", "tax law, tort", "Qualified"))
    again = text_of(client.get(url))
    assert 'value="de, pt-BR"' in again
    assert re.search(r'name="qualified"[^>]* checked', again)


def test_empty_form_takes_everything_back(cast: Cast) -> None:
    client, url = signed_in(cast.manager), member_page(cast.campaign, cast)
    client.post(url, {**FORM, "languages": "de", "skills": "law", "qualified": "on"})

    client.post(url, FORM)

    member = Membership.objects.get(campaign=cast.campaign, user=cast.annotator)
    assert (member.languages, member.skills, member.qualified_at) == ([], [], None)


def test_member_page_keeps_what_was_typed_and_names_the_field(cast: Cast) -> None:
    form = {**FORM, "role": "reviewer", "languages": "german!", "skills": "law"}

    page = signed_in(cast.manager).post(member_page(cast.campaign, cast), form)

    assert page.status_code == 400
    assert 'value="german!"' in text_of(page)
    assert 'id="id_languages_error"' in text_of(page)
    assert Membership.objects.get(campaign=cast.campaign, user=cast.annotator).role == "annotator"


def test_last_manager_is_told_so_beside_what_was_typed(cast: Cast) -> None:
    manager = Membership.objects.get(campaign=cast.campaign, user=cast.manager)

    page = signed_in(cast.manager).post(
        page_of(cast.campaign, "members", manager.pk), {**FORM, "skills": "law"}
    )

    assert page.status_code == 400
    assert "Make somebody else a manager first." in text_of(page)
    assert 'value="law"' in text_of(page)


def test_planning_is_told_of_rounds_and_members(
    cast: Cast, rings: Rings, django_capture_on_commit_callbacks: Any
) -> None:
    client, rounds = signed_in(cast.manager), page_of(cast.campaign, "rounds")
    member = member_page(cast.campaign, cast)
    writes = [
        (rounds, {"name": "Round 2"}),
        (f"{rounds}2/close/", {}),
        (f"{rounds}1/open/", {}),
        (page_of(cast.campaign, "members"), {"emails": "a@x.org", "role": "annotator"}),
        (member, {**FORM, "skills": "law"}),
        (f"{member}remove/", {}),
    ]

    for url, form in writes:
        rings.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(url, form).status_code < 400
        assert rings == [(PLAN, {"campaign_id": cast.campaign.pk})], url

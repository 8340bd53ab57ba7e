"""The ranking pages without script: take an answer back, and change it."""

import pytest
from django.test import Client
from django.urls import reverse

from labeling.accounts.models import User
from labeling.assignment.models import Assignment
from labeling.campaigns.models import Campaign
from labeling.campaigns.services import set_state
from labeling.ranking.enums import Outcome
from labeling.ranking.models import Judgment
from labeling.ranking.web.typed import Typed
from tests.factories import make_member
from tests.ranking.addresses import answer_url, rank_url, skip_url
from tests.stock import claim, judge

pytestmark = pytest.mark.django_db


def undo(page: Client, campaign: Campaign, judgment: int | str, **headers: str):
    url = reverse("rank-undo", args=[campaign.pk])
    return page.post(url, {"judgment": judgment}, headers=headers)


def test_undo_brings_the_comparison_back_with_the_sheet_as_it_was(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment
):
    first = judge(campaign, annotator, lease, strength=3, rationale="because")
    response = undo(page, campaign, first)
    assert (response.status_code, response.headers["Location"]) == (303, answer_url(lease))
    typed = page.get(response.headers["Location"]).context["typed"]
    assert (typed.scale, typed.note, typed.revises) == ("2", "because", None)
    lease.refresh_from_db()
    page.post(answer_url(lease), {"token": lease.token, "scale": "7"})
    assert list(Judgment.objects.order_by("id").values_list("outcome", "counted")) == [
        ("ranked", True),
        ("undone", False),
        ("ranked", True),
    ]


def test_undo_gives_the_script_the_sheet_at_once(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment
):
    first = judge(campaign, annotator, lease, strength=4)
    response = undo(page, campaign, first, **{"X-Fragment": "1", "Idempotency-Key": "u"})
    assert (response.context["assignment"].pk, response.context["typed"].scale) == (lease.pk, "1")


def test_undo_sent_twice_takes_back_one_answer(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment
):
    judge(campaign, annotator, lease)
    second = judge(campaign, annotator, claim(campaign, annotator))
    places = {undo(page, campaign, second).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Judgment.objects.filter(outcome=Outcome.UNDONE).count() == 1


def test_undo_of_a_skip_brings_an_empty_sheet(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment
):
    page.post(skip_url(lease), {"token": lease.token, "reason": "language"})
    response = undo(page, campaign, Judgment.objects.get().pk)
    assert page.get(response.headers["Location"]).context["typed"] == Typed()


def test_undo_without_an_answer_goes_back(page: Client, campaign: Campaign):
    response = undo(page, campaign, "")
    assert response.headers["Location"] == rank_url(campaign)


def test_undo_of_somebody_elses_answer_is_not_found(page: Client, campaign: Campaign):
    other = make_member(campaign)
    judgment = judge(campaign, other, claim(campaign, other))
    assert undo(page, campaign, judgment).status_code == 404
    assert Judgment.objects.count() == 1


def test_undo_is_refused_in_words_once_the_campaign_is_over(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment
):
    judgment = judge(campaign, annotator, lease)
    set_state(campaign=campaign, state="completed", by=campaign.created_by)
    response = undo(page, campaign, judgment)
    assert "can no longer be changed" in page.get(response.headers["Location"]).content.decode()


def test_page_offers_to_undo_the_last_answer_in_force(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment
):
    first = judge(campaign, annotator, lease)
    second = judge(campaign, annotator, claim(campaign, annotator))
    assert page.get(rank_url(campaign)).context["last"].pk == second
    undo(page, campaign, second)
    assert page.get(rank_url(campaign)).context["last"].pk == first


@pytest.mark.parametrize(
    ("fields", "scale"),
    [
        ({"ranks": (1, 2), "strength": 4}, "1"),
        ({"ranks": (1, 2), "strength": 1}, "4"),
        ({"ranks": (2, 1), "strength": 1}, "5"),
        ({"ranks": (2, 1), "strength": 4}, "8"),
        ({"outcome": "tie", "ranks": ()}, "0"),
        ({"outcome": "both_bad", "ranks": ()}, "9"),
    ],
)
def test_an_earlier_answer_is_shown_as_it_was_for_change(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment, fields, scale: str
):
    first = judge(campaign, annotator, lease, **fields)
    typed = page.get(answer_url(lease)).context["typed"]
    assert (typed.scale, typed.revises) == (scale, first)


def test_an_earlier_answer_is_changed_and_the_history_kept(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment
):
    first = judge(campaign, annotator, lease, strength=3)
    page.post(answer_url(lease), {"token": lease.token, "scale": "7", "revises": first})
    assert Judgment.objects.get(supersedes=first).ranks != Judgment.objects.get(pk=first).ranks


def test_a_comparison_neither_held_nor_answered_is_not_shown(
    page: Client, campaign: Campaign, lease: Assignment
):
    assert page.get(answer_url(lease)).status_code == 200
    Assignment.objects.update(state="barred", ended_at=lease.leased_at)
    assert page.get(answer_url(lease)).status_code == 404


def test_answer_is_kept_while_the_campaign_is_paused(
    page: Client, campaign: Campaign, lease: Assignment
):
    set_state(campaign=campaign, state="paused", by=campaign.created_by)
    response = page.post(answer_url(lease), {"token": lease.token, "scale": "1"}, follow=True)
    assert Judgment.objects.count() == 1
    assert ">Paused for now</h1>" in response.content.decode()

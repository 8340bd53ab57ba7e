"""The ranking pages without script: reasons, the ideal response, the guide."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from labeling.accounts.models import User
from labeling.assignment.models import Assignment
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import membership_of
from labeling.campaigns.services import mark_read, publish_guideline
from labeling.ranking.models import Judgment
from tests.factories import make_campaign, make_member, signed_in
from tests.ranking.addresses import answer_url, rank_url
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    campaign = make_campaign(ideal="optional", reason_tags=["false", "too long"])
    stock(campaign, 2)
    return campaign


def text_of(lease: Assignment, letter: str) -> str:
    slot = lease.display_order["AB".index(letter)]
    return str(lease.comparison.slots.get(slot=slot).candidate.text)


def answer(page: Client, lease: Assignment, **fields: object):
    return page.post(answer_url(lease), {"token": lease.token, "scale": "1", **fields})


def test_ticked_reasons_are_stored_in_the_order_of_the_campaign(page: Client, lease: Assignment):
    answer(page, lease, reason=["too long", "false"])

    assert Judgment.objects.get().reason_tags == ["false", "too long"]


def test_required_reason_may_be_a_tick(page: Client, lease: Assignment, campaign: Campaign):
    Campaign.objects.filter(pk=campaign.pk).update(rationale="required")

    refused = answer(page, lease)
    answer(page, lease, reason="false")

    assert refused.context["problem"].endswith("Write a few words or tick a reason.")
    assert Judgment.objects.get().reason_tags == ["false"]


def test_required_length_is_counted_and_said(page: Client, lease: Assignment, campaign: Campaign):
    Campaign.objects.filter(pk=campaign.pk).update(rationale="required", rationale_min=12)

    response = answer(page, lease, note="Too short", reason="false")

    assert response.status_code == 400
    assert "12 characters or more; yours has 9" in response.context["problem"]
    assert 'value="false" checked' in response.content.decode()


def test_ideal_response_is_stored_with_the_slot_it_was_made_of(page: Client, lease: Assignment):
    answer(page, lease, ideal_of="B", ideal="As it should be.\r\nTwo lines.")

    judgment = Judgment.objects.get()
    assert judgment.ideal == "As it should be.\nTwo lines."
    assert judgment.ideal_slot == lease.display_order[1]


def test_ideal_response_comes_as_edits_from_the_script(page: Client, lease: Assignment):
    length = len(text_of(lease, "A"))

    answer(page, lease, ideal_of="A", ideal_edits=json.dumps(["Not ", length, "!"]))

    assert Judgment.objects.get().ideal == f"Not {text_of(lease, 'A')}!"


@pytest.mark.parametrize("edits", ["", "{", "3", "[3]", '["x", 99999]', "[true]", "null"])
def test_damaged_edits_are_refused_and_nothing_is_stored(
    page: Client, lease: Assignment, edits: str
):
    response = answer(page, lease, ideal_of="A", ideal_edits=edits)

    assert "The ideal response is damaged" in response.context["problem"]
    assert not Judgment.objects.exists()


@pytest.mark.parametrize("letter", ["", "C", "Z", "AB"])
def test_edits_of_no_response_are_refused(page: Client, lease: Assignment, letter: str):
    assert answer(page, lease, ideal_of=letter, ideal_edits='["x"]').status_code == 400


def test_unchanged_response_is_no_ideal_one(page: Client, lease: Assignment):
    response = answer(page, lease, ideal_of="A", ideal=f" {text_of(lease, 'A')}\r\n")

    assert "You have not changed response A" in response.context["problem"]


def test_change_brings_reasons_and_ideal_response_back(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment
):
    answer(page, lease, reason="false", ideal_of="B", ideal="As it should be.")

    typed = page.get(answer_url(lease)).context["typed"]

    assert (typed.reasons, typed.ideal_of, typed.ideal) == (("false",), "B", "As it should be.")


def test_page_without_these_questions_does_not_ask_them():
    plain = make_campaign(rationale="off")
    stock(plain, 1)

    html = signed_in(make_member(plain)).get(rank_url(plain)).content.decode()

    assert 'class="tick"' not in html
    assert 'name="ideal"' not in html


def test_answer_names_the_guide_that_was_on_the_page(
    page: Client, campaign: Campaign, lease: Assignment
):
    publish_guideline(campaign=campaign, text="Second.", by=campaign.created_by)

    answer(page, lease, guide="1")

    assert Judgment.objects.get().guideline_version == 1


@pytest.mark.parametrize("typed", ["", "0", "7", "-1", "x"])
def test_answer_that_names_no_guide_was_given_by_the_one_in_force(
    page: Client, lease: Assignment, typed: str
):
    answer(page, lease, guide=typed)

    assert Judgment.objects.get().guideline_version == 1


def test_guide_that_must_be_read_comes_before_the_next_comparison(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment
):
    mark_read(membership=membership_of(annotator, campaign.pk), version=1)
    publish_guideline(
        campaign=campaign, text="Prefer what is kind.", by=campaign.created_by, must_be_read=True
    )

    shown = page.get(rank_url(campaign))
    html = shown.content.decode()
    assert shown.context.get("assignment") is None
    assert "<del>true</del><ins>kind</ins>" in html

    read = reverse("guide-read", args=[campaign.pk, 2])
    after = page.post(read, {"then": "rank"}, follow=True)

    assert after.redirect_chain == [(rank_url(campaign), 302)]
    assert after.context["assignment"] == lease


def test_page_says_which_guide_was_read_and_what_changed(
    page: Client, campaign: Campaign, annotator: User
):
    mark_read(membership=membership_of(annotator, campaign.pk), version=1)
    publish_guideline(campaign=campaign, text="Prefer what is kind.", by=campaign.created_by)

    html = page.get(rank_url(campaign)).content.decode()

    assert 'data-version="2" data-read="1"' in html
    assert "What changed since version 1" in html


def test_guide_page_shows_what_changed_until_it_is_read(
    page: Client, campaign: Campaign, annotator: User
):
    mark_read(membership=membership_of(annotator, campaign.pk), version=1)
    publish_guideline(campaign=campaign, text="Prefer what is kind.", by=campaign.created_by)
    guide = reverse("guide", args=[campaign.pk])

    before = page.get(guide).content.decode()
    after = page.post(reverse("guide-read", args=[campaign.pk, 2]), follow=True).content.decode()

    assert "<ins>kind</ins>" in before
    assert "I have read version 2" in before
    assert "<ins>" not in after
    assert "I have read" not in after


def test_undone_answer_keeps_reasons_and_ideal_response(
    page: Client, campaign: Campaign, annotator: User, lease: Assignment
):
    answer(page, lease, reason="false", ideal_of="B", ideal="As it should be.")
    page.post(reverse("rank-undo", args=[campaign.pk]), {"judgment": Judgment.objects.get().pk})

    typed = page.get(answer_url(lease)).context["typed"]

    assert (typed.reasons, typed.ideal) == (("false",), "As it should be.")


def test_people_see_nothing_of_anothers_reading(page: Client, campaign: Campaign):
    other = make_member(campaign)
    mark_read(membership=membership_of(other, campaign.pk), version=1)

    html = page.get(rank_url(campaign)).content.decode()

    assert 'data-read="0"' in html


def test_history_lists_an_answer_given_with_a_reason(
    page: Client, campaign: Campaign, annotator: User
):
    judge(campaign, annotator, claim(campaign, annotator), reason_tags=("too long",))

    html = page.get(reverse("rank-history", args=[campaign.pk])).content.decode()

    assert "too long" in html

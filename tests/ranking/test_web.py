"""The ranking pages without script: show, answer, refuse, rest."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from labeling.assignment.models import Assignment
from labeling.campaigns.models import Campaign
from labeling.ranking.enums import Outcome
from labeling.ranking.models import Judgment
from tests.factories import make_campaign, make_member, signed_in
from tests.ranking.addresses import answer_url, rank_url, skip_url
from tests.stock import claim, stock

pytestmark = pytest.mark.django_db


def test_rank_shows_the_leased_pair_in_its_display_order(page: Client, lease: Assignment):
    context = page.get(rank_url(lease.comparison.campaign)).context
    slots = list(lease.comparison.slots.order_by("slot").values_list("candidate__text", flat=True))
    assert [shown["source"] for shown in context["responses"]] == [
        slots[slot] for slot in lease.display_order
    ]


def test_rank_names_no_model_and_no_candidate(page: Client, lease: Assignment):
    html = page.get(rank_url(lease.comparison.campaign)).content.decode()
    assert "model-good" not in html
    assert "candidate" not in html.lower()


def test_rank_presets_nothing(page: Client, campaign: Campaign):
    html = page.get(rank_url(campaign)).content.decode()
    theirs = re.sub(r'id="(keys|caps|pace)-on" checked', "", html)
    assert " checked" not in theirs


def test_rank_serves_parts_to_the_script(page: Client, campaign: Campaign):
    html = page.get(rank_url(campaign), headers={"X-Fragment": "1"}).content.decode()
    assert "<html" not in html
    assert 'id="main"' in html


def test_rank_is_not_for_strangers(campaign: Campaign):
    stranger = make_member(make_campaign())
    assert signed_in(stranger).get(rank_url(campaign)).status_code == 404


@pytest.mark.parametrize(
    ("scale", "outcome", "strength", "first_wins"),
    [
        ("1", Outcome.RANKED, 4, True),
        ("4", Outcome.RANKED, 1, True),
        ("5", Outcome.RANKED, 1, False),
        ("8", Outcome.RANKED, 4, False),
    ],
)
def test_answer_stores_the_side_and_strength_of_the_scale(
    page: Client, lease: Assignment, scale: str, outcome: str, strength: int, first_wins: bool
):
    response = page.post(answer_url(lease), {"token": lease.token, "scale": scale})
    assert response.status_code == 303
    judgment = Judgment.objects.get()
    assert (judgment.outcome, judgment.strength) == (outcome, strength)
    assert judgment.ranks[lease.display_order[0]] == (1 if first_wins else 2)


@pytest.mark.parametrize(("scale", "outcome"), [("0", Outcome.TIE), ("9", Outcome.BOTH_BAD)])
def test_answer_stores_tie_and_neither(page: Client, lease: Assignment, scale: str, outcome: str):
    page.post(answer_url(lease), {"token": lease.token, "scale": scale})
    judgment = Judgment.objects.get()
    assert (judgment.outcome, judgment.ranks, judgment.strength) == (outcome, [1, 1], None)


def test_answer_leads_to_the_next_comparison(page: Client, lease: Assignment):
    response = page.post(answer_url(lease), {"token": lease.token, "scale": "1"}, follow=True)
    assert response.redirect_chain == [(rank_url(lease.comparison.campaign), 303)]
    assert response.context["assignment"].pk != lease.pk


def test_answer_gives_the_script_the_next_parts_and_a_receipt(page: Client, lease: Assignment):
    headers = {"X-Fragment": "1", "Idempotency-Key": uuid4().hex}
    response = page.post(answer_url(lease), {"token": lease.token, "scale": "1"}, headers=headers)
    assert response.headers["X-Saved"] == str(Judgment.objects.get().pk)
    assert response.context["assignment"].pk != lease.pk


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}])
def test_answer_sent_twice_is_stored_once(page: Client, lease: Assignment, headers: dict[str, str]):
    data = {"token": lease.token, "scale": "1"}
    statuses = [page.post(answer_url(lease), data, headers=headers).status_code for _ in range(2)]
    assert statuses == [303, 303]
    assert Judgment.objects.count() == 1


@pytest.mark.parametrize("scale", ["", "x", "12", "²"])
def test_answer_without_a_choice_keeps_what_was_typed(page: Client, lease: Assignment, scale: str):
    data = {"token": lease.token, "scale": scale, "note": "why <b>", "flag": "unsafe"}
    response = page.post(answer_url(lease), data)
    assert response.status_code == 400
    assert response.context["problem"] == "Choose on the scale first: which response is better?"
    assert "why &lt;b&gt;</textarea>" in response.content.decode()
    assert 'value="unsafe" checked' in response.content.decode()
    assert not Judgment.objects.exists()


def test_answer_refused_tells_the_script_why(page: Client, lease: Assignment):
    response = page.post(
        answer_url(lease), {"token": lease.token, "scale": ""}, headers={"X-Fragment": "1"}
    )
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "answer_invalid"


def test_answer_with_a_damaged_token_is_refused(page: Client, lease: Assignment):
    response = page.post(answer_url(lease), {"token": "x", "scale": "1"})
    assert response.context["problem"] == "This page is damaged. Load it again."


def test_answer_to_somebody_elses_assignment_is_not_found(campaign: Campaign, lease: Assignment):
    other = signed_in(make_member(campaign))
    data = {"token": lease.token, "scale": "1"}
    assert other.post(answer_url(lease), data).status_code == 404
    assert not Judgment.objects.exists()


def test_answer_takes_criteria_note_flags_and_time():
    campaign = make_campaign(criteria=["helpful", "honest"])
    stock(campaign, 1)
    annotator = make_member(campaign)
    lease = claim(campaign, annotator)
    data = {"token": lease.token, "scale": "2", "criterion-0": "A", "criterion-1": "same"}
    more = {"note": "a\r\nb", "flag": "cut_off", "active_ms": "1200", "client": '{"by": "key"}'}
    signed_in(annotator).post(answer_url(lease), {**data, **more})
    judgment = Judgment.objects.get()
    assert judgment.criteria == {"helpful": lease.display_order[0], "honest": None}
    assert (judgment.rationale, judgment.flags) == ("a\nb", ["cut_off"])
    assert (judgment.active_ms, judgment.client) == (1200, {"by": "key"})


@pytest.mark.parametrize("client", ["{", "[]", '"x"', "x" * 5000])
def test_answer_survives_odd_measurements(page: Client, lease: Assignment, client: str):
    data = {"token": lease.token, "scale": "1", "client": client, "active_ms": "-5"}
    assert page.post(answer_url(lease), data).status_code == 303
    assert (Judgment.objects.get().client, Judgment.objects.get().active_ms) == ({}, 0)


def test_answer_with_a_criterion_missing_keeps_the_others():
    campaign = make_campaign(criteria=["helpful", "honest"])
    stock(campaign, 1)
    annotator = make_member(campaign)
    lease = claim(campaign, annotator)
    data = {"token": lease.token, "scale": "2", "criterion-0": "B"}
    response = signed_in(annotator).post(answer_url(lease), data)
    assert response.context["problem"] == "Still to judge: honest."
    assert 'name="criterion-0" value="B" aria-label="Helpful: B is better" checked' in (
        response.content.decode()
    )


def three(annotator_of: Campaign | None = None) -> tuple[Client, Assignment]:
    campaign = annotator_of or make_campaign(candidates_per_comparison=3)
    stock(campaign, 1, texts=("good", "fair", "bad"))
    annotator = make_member(campaign)
    return signed_in(annotator), claim(campaign, annotator)


def test_answer_ranks_three_with_a_tie():
    page, lease = three()
    page.post(answer_url(lease), {"token": lease.token, "rank-A": 3, "rank-B": 1, "rank-C": 3})
    ranks = Judgment.objects.get().ranks
    assert [ranks[slot] for slot in lease.display_order] == [2, 1, 2]


def test_answer_with_all_ranks_level_is_a_tie():
    page, lease = three()
    page.post(answer_url(lease), {"token": lease.token, "rank-A": 2, "rank-B": 2, "rank-C": 2})
    assert Judgment.objects.get().outcome == Outcome.TIE


def test_answer_names_the_responses_not_ranked():
    page, lease = three()
    response = page.post(answer_url(lease), {"token": lease.token, "rank-B": 1})
    assert response.context["problem"] == "Still to rank: A, C."


def test_skip_stores_the_reason_and_goes_on(page: Client, lease: Assignment):
    response = page.post(skip_url(lease), {"token": lease.token, "reason": "language"}, follow=True)
    assert response.context["assignment"].pk != lease.pk
    assert Judgment.objects.get().skip_reason == "language"


def test_skip_without_a_reason_is_refused(page: Client, lease: Assignment):
    response = page.post(skip_url(lease), {"token": lease.token})
    assert response.status_code == 400
    assert not Judgment.objects.exists()


def test_page_names_to_the_script_what_it_lacks_and_holds_three():
    campaign = make_campaign()
    stock(campaign, 5)
    page = signed_in(make_member(campaign))
    shown: list[str] = []
    for _ in range(3):
        headers = {"X-Fragment": "1", "X-Ready": ",".join(shown)}
        response = page.get(rank_url(campaign), headers=headers)
        shown.append(str(response.context["assignment"].pk))
    assert len(set(shown)) == 3
    response = page.get(rank_url(campaign), headers={"X-Fragment": "1", "X-Ready": ",".join(shown)})
    assert "assignment" not in response.context
    assert Assignment.objects.filter(state="live").count() == 3

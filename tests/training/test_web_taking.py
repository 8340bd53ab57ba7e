"""People train and qualify on their pages."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from labeling.assignment.models import Allocation
from labeling.campaigns.services import publish_guideline
from labeling.clock import database_now
from labeling.training.enums import AttemptState, Use
from labeling.training.models import Attempt, Trial
from labeling.training.services.items import take_item_back
from tests.factories import Cast, make_campaign, make_member, signed_in
from tests.training.setting import aside, begin, plan, say, shown, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(cast: Cast) -> Client:
    return signed_in(cast.annotator)


def home(cast: Cast) -> str:
    return f"/campaigns/{cast.campaign.pk}/training/"


def text(page: Client, where: str) -> str:
    return page.get(where).content.decode()


def post(page: Client, where: str, **form: Any) -> str:
    return page.post(where, form, follow=True).content.decode()


def answer(page: Client, cast: Cast, **form: Any) -> str:
    trial = Trial.objects.get(answered_at=None)
    return post(page, f"{home(cast)}trials/{trial.pk}/", **form)


def test_nothing_set_up_is_said_and_what_to_do(cast: Cast, page: Client) -> None:
    told = text(page, home(cast))

    assert "Nothing is set aside for training yet." in told
    assert "No qualification is set up here yet." in told
    assert "tell the manager that you are ready" in told
    assert "Set aside at least 8 comparisons for it; there are 0." in text(
        signed_in(cast.manager), home(cast)
    )


def test_qualification_says_how_long_it_takes_before_it_begins(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 20)

    told = text(page, home(cast))

    assert "About 17 minutes: at most 20 comparisons" in told
    assert "80 % must agree" in told
    assert "Begin the qualification" in told


def test_training_shows_after_each_answer_what_the_reference_says_and_why(
    cast: Cast, page: Client
) -> None:
    aside(cast.campaign, 2, Use.TRAINING)
    post(page, f"{home(cast)}start/", use="training")
    trial = Trial.objects.get()
    better = "AB"[trial.display_order.index(0)]

    told = answer(page, cast, scale="1" if better == "A" else "8")

    assert ">Agrees</span>" in told
    assert f"The reference prefers {better}." in told
    assert f"You said: {better} is much better." in told
    assert "It is <strong>true</strong>." in told
    assert "Continue" in told


def test_training_says_when_an_answer_differs_and_ends_with_what_was_answered(
    cast: Cast, page: Client
) -> None:
    aside(cast.campaign, 1, Use.TRAINING)
    post(page, f"{home(cast)}start/", use="training")

    told = answer(page, cast, scale="0")
    result = text(page, f"{home(cast)}attempts/{Attempt.objects.get().pk}/")

    assert ">Differs</span>" in told
    assert "You said: Tie, equally good." in told
    assert "The training is done" in result
    assert "Train again" in text(page, home(cast))


def test_qualification_shows_no_reference_before_its_end(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 8)
    post(page, f"{home(cast)}start/", use="qualification")
    trial = Trial.objects.get()

    told = answer(page, cast, scale="1")
    again = page.get(f"{home(cast)}trials/{trial.pk}/", follow=True).content.decode()

    for shown_text in (told, again):
        assert "The reference" not in shown_text
        assert "<b>2</b> of at most 8" in shown_text
    assert post(page, f"{home(cast)}trials/{trial.pk}/objection/", text="No.").count("once you see")


def test_whoever_passes_is_told_and_can_start(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 20)
    attempt = take(begin(cast.campaign, cast.annotator), [True] * 20)

    told = text(page, f"{home(cast)}attempts/{attempt.pk}/")

    assert "You passed" in told
    assert "12 of 12 agreed with the reference." in told
    assert f'href="/campaigns/{cast.campaign.pk}/rank/">Start ranking' in told
    assert "You are qualified." in text(page, home(cast))


def test_whoever_fails_sees_each_miss_and_when_to_come_again(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 30)
    attempt = take(begin(cast.campaign, cast.annotator), [True, False, False, False, False])

    told = text(page, f"{home(cast)}attempts/{attempt.pk}/")
    missed = attempt.trials.filter(agrees=False).first()

    assert attempt.ended_at is not None
    assert missed is not None
    again = attempt.ended_at + timedelta(hours=24)
    assert "Not passed this time" in told
    assert f"{again:%-d %B, %H:%M} UTC" in told
    assert told.count(">Differs</span>") == 4
    assert told.index(">Differs</span>") < told.index(">Agrees</span>")
    miss = text(page, f"{home(cast)}trials/{missed.pk}/")
    assert "The reference prefers" in miss
    assert "good" in miss
    assert "fair" in miss
    assert f"{again:%-d %B, %H:%M} UTC" in text(page, home(cast))


@pytest.mark.parametrize(
    ("items", "fields", "says"),
    [
        (8, {"retry_hours": 0}, "No items are left for you"),
        (30, {"retry_hours": None}, "this campaign allows one try"),
        (8, {}, "a manager has to set more aside by then"),
    ],
)
def test_whoever_failed_is_told_why_they_cannot_try_again(
    cast: Cast, page: Client, items: int, fields: dict[str, Any], says: str
) -> None:
    plan(cast.campaign, **fields)
    aside(cast.campaign, items)
    take(begin(cast.campaign, cast.annotator), [False] * 8)

    assert says in text(page, home(cast))


def test_begin_that_is_not_open_is_refused_in_words(cast: Cast, page: Client) -> None:
    assert "Too few comparisons are set aside" in post(
        page, f"{home(cast)}start/", use="qualification"
    )
    assert "Choose training or qualification." in post(page, f"{home(cast)}start/", use="work")
    assert not Attempt.objects.exists()


def test_choice_that_is_missing_is_asked_for(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 1, Use.TRAINING)
    post(page, f"{home(cast)}start/", use="training")

    told = answer(page, cast)

    assert "Choose on the scale first" in told
    assert Trial.objects.get().answered_at is None


def test_page_left_behind_by_another_window_goes_on(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 8)
    trial = shown(begin(cast.campaign, cast.annotator))
    say(trial)

    told = post(page, f"{home(cast)}trials/{trial.pk}/", scale="8")

    assert "<b>2</b> of at most 8" in told
    assert Trial.objects.get(pk=trial.pk).agrees is True


def test_item_taken_back_meanwhile_leads_to_the_next(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 9)
    attempt = begin(cast.campaign, cast.annotator)
    trial = shown(attempt)
    take_item_back(item=trial.item, by=cast.manager, now=database_now())

    assert "<b>1</b> of at most 9" in text(page, f"{home(cast)}attempts/{attempt.pk}/")
    assert page.post(f"{home(cast)}trials/{trial.pk}/", {"scale": "1"}).status_code == 404


def test_objection_is_sent_once_and_its_answer_found(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 1, Use.TRAINING)
    trial = say(shown(begin(cast.campaign, cast.annotator, Use.TRAINING)), agrees=False)
    where = f"{home(cast)}trials/{trial.pk}/objection/"

    empty = page.post(where, {"text": " "})
    told = post(page, where, text="It is <false>.")

    assert empty.status_code == 400
    assert "Write what is wrong with the reference." in empty.content.decode()
    assert "Waits for a decision" in told
    assert escape("It is <false>.") in text(page, home(cast))


def test_several_responses_are_ranked_with_pickers() -> None:
    campaign = make_campaign(candidates_per_comparison=3)
    aside(campaign, 1, Use.TRAINING)
    person = make_member(campaign)
    page, where = signed_in(person), f"/campaigns/{campaign.pk}/training/"
    asked = post(page, f"{where}start/", use="training")
    trial = Trial.objects.get()
    ranks = {f"rank-{'ABC'[at]}": slot + 1 for at, slot in enumerate(trial.display_order)}

    missing = post(page, f"{where}trials/{trial.pk}/", **{"rank-A": 1})
    told = post(page, f"{where}trials/{trial.pk}/", **ranks)

    best = " > ".join("ABC"[trial.display_order.index(slot)] for slot in range(3))
    assert asked.count('type="radio"') == 9
    assert "Still to rank: B, C." in missing
    assert ">Agrees</span>" in told
    assert f"The reference orders them {escape(best)}." in told


def test_models_and_ids_of_responses_are_on_no_page(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 1, Use.TRAINING)
    asked = post(page, f"{home(cast)}start/", use="training")

    told = answer(page, cast, scale="1") + asked

    assert "model-" not in told
    assert not re.search(r"candidate", told)


def test_guide_that_must_be_read_comes_first(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 8)
    publish_guideline(campaign=cast.campaign, text="New.", by=cast.manager, must_be_read=True)

    assert "First the judging guide" in text(page, home(cast))
    post(page, f"{home(cast)}start/", use="qualification")
    assert not Attempt.objects.exists()


def test_rest_page_of_the_unqualified_leads_here(cast: Cast, page: Client) -> None:
    Allocation.objects.update_or_create(campaign=cast.campaign, defaults={"qualified_only": True})
    told = text(page, f"/campaigns/{cast.campaign.pk}/rank/")

    assert "Not opened for you yet" in told
    assert f'href="{home(cast)}"' in told
    assert f'href="{home(cast)}">Training</a>' in text(page, "/")


def test_attempts_of_others_are_not_found(cast: Cast, page: Client) -> None:
    aside(cast.campaign, 8)
    attempt = begin(cast.campaign, cast.teammate)
    trial = shown(attempt)

    assert page.get(f"{home(cast)}attempts/{attempt.pk}/").status_code == 404
    assert page.get(f"{home(cast)}trials/{trial.pk}/").status_code == 404
    assert page.post(f"{home(cast)}trials/{trial.pk}/", {"scale": "1"}).status_code == 404
    assert Attempt.objects.get().state == AttemptState.RUNNING

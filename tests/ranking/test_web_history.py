"""The page of a person's own answers: theirs alone, in their own letters, each to be changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.campaigns.services import set_state
from labeling.clock import database_now
from labeling.prompts.models import Prompt
from labeling.ranking.models import Judgment
from labeling.ranking.queries import work_of
from labeling.ranking.services.answering import skip_comparison, undo_judgment
from labeling.ranking.web.history import in_words, refused_in_words
from tests.factories import make_campaign, make_member, signed_in
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    campaign = make_campaign()
    stock(campaign, 4)
    return campaign


def seen(person: User, campaign: Campaign, **query: Any) -> Any:
    return signed_in(person).get(reverse("rank-history", args=[campaign.pk]), query)


def listed(person: User, campaign: Campaign) -> list[int]:
    return [row.judgment.pk for row in seen(person, campaign).context["rows"]]


def test_answers_are_listed_newest_first_and_nobody_elses(campaign: Campaign, annotator: User):
    other = make_member(campaign)
    judge(campaign, other, claim(campaign, other))
    own = [judge(campaign, annotator, claim(campaign, annotator)) for _ in range(3)]

    assert listed(annotator, campaign) == own[::-1]


def test_only_the_answer_in_force_is_listed(campaign: Campaign, annotator: User):
    lease = claim(campaign, annotator)
    first = judge(campaign, annotator, lease)
    changed = judge(campaign, annotator, lease, outcome="tie", ranks=(), revises=first)
    page = seen(annotator, campaign)
    assert [row.judgment.pk for row in page.context["rows"]] == [changed]
    assert "<small>changed</small>" in page.content.decode()

    undo_judgment(campaign=campaign, annotator=annotator, judgment_id=changed, now=database_now())
    assert listed(annotator, campaign) == []


def test_each_answer_leads_to_its_change_while_the_campaign_runs(
    campaign: Campaign, annotator: User
):
    lease = claim(campaign, annotator)
    judge(campaign, annotator, lease)
    link = f'href="{reverse("rank-answer", args=[campaign.pk, lease.pk])}"'

    for state, is_there in (("active", True), ("paused", True), ("completed", False)):
        if state != "active":
            set_state(campaign=campaign, state=state, by=campaign.created_by)
        assert (link in seen(annotator, campaign).content.decode()) == is_there


@pytest.mark.parametrize(
    ("size", "fields", "words"),
    [
        (2, {"ranks": (1, 2), "strength": 4}, "A is much better"),
        (2, {"ranks": (2, 1), "strength": 1}, "B is barely better"),
        (2, {"ranks": (2, 1)}, "B > A"),
        (2, {"outcome": "tie", "ranks": ()}, "Tie, equally good"),
        (2, {"outcome": "both_bad", "ranks": ()}, "Neither is acceptable"),
        (3, {"ranks": (3, 1, 3)}, "B > A = C"),
    ],
)
def test_an_answer_is_told_by_the_letters_that_were_shown(
    size: int, fields: dict[str, Any], words: str
):
    campaign = make_campaign(candidates_per_comparison=size)
    stock(campaign, 1, texts=("good", "fair", "bad")[:size])
    annotator = make_member(campaign)
    judgment = judge(campaign, annotator, claim(campaign, annotator), **fields)

    assert in_words(Judgment.objects.get(pk=judgment)) == words


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (None, ""),
        (0, "None acceptable"),
        (1, "Not acceptable: A, C"),
        (2, "All acceptable"),
    ],
)
def test_what_is_not_acceptable_is_told_by_the_letters_that_were_shown(
    last: int | None, words: str
):
    campaign = make_campaign(candidates_per_comparison=3)
    stock(campaign, 1, texts=("good", "fair", "bad"))
    annotator = make_member(campaign)
    given = {"ranks": (2, 1, 2), "acceptable_to": last}
    judgment = judge(campaign, annotator, claim(campaign, annotator), **given)

    assert refused_in_words(Judgment.objects.get(pk=judgment)) == words


def test_a_skip_is_told_with_its_reason(campaign: Campaign, annotator: User):
    lease = claim(campaign, annotator)
    skip_comparison(
        campaign=campaign,
        annotator=annotator,
        assignment_id=lease.pk,
        token=lease.token,
        reason="rather_not",
        now=database_now(),
    )

    assert in_words(Judgment.objects.get()) == "Skipped: I would rather not read this"


def test_long_lists_come_in_pages(
    campaign: Campaign, annotator: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("labeling.ranking.web.history.A_PAGE", 2)
    own = [judge(campaign, annotator, claim(campaign, annotator)) for _ in range(3)]

    page = seen(annotator, campaign, page=2)

    assert [row.judgment.pk for row in page.context["rows"]] == own[:1]
    assert "3–3 of 3 answers" in page.content.decode()


def test_texts_of_others_are_shown_as_text(campaign: Campaign, annotator: User):
    lease = claim(campaign, annotator)
    judge(campaign, annotator, lease, rationale="<i>so</i>")
    prompt = Prompt.objects.get(pk=lease.comparison.prompt_id)
    prompt.messages = [{"role": "user", "content": "<script>alert(1)</script>"}]
    prompt.save()

    html = seen(annotator, campaign).content.decode()

    assert "&lt;script&gt;alert(1)" in html
    assert "&lt;i&gt;so" in html


def test_no_model_is_named(campaign: Campaign, annotator: User):
    judge(campaign, annotator, claim(campaign, annotator))

    assert "model-" not in seen(annotator, campaign).content.decode()


def test_page_says_how_much_was_done_lately_and_how_fast(campaign: Campaign, annotator: User):
    for seconds in (10, 20, 90):
        judge(campaign, annotator, claim(campaign, annotator), active_ms=seconds * 1000)
    skipped = claim(campaign, annotator)
    skip_comparison(
        campaign=campaign,
        annotator=annotator,
        assignment_id=skipped.pk,
        token=skipped.token,
        reason="broken",
        now=database_now(),
    )

    work = seen(annotator, campaign).context["work"]

    assert (work.answers, work.skips, work.lately, work.pace) == (3, 1, 3, 20)


def test_page_of_somebody_new_has_no_pace(campaign: Campaign, annotator: User):
    work = seen(annotator, campaign).context["work"]

    assert (work.answers, work.skips, work.lately, work.pace) == (0, 0, 0, None)


def test_work_of_two_days_ago_is_not_lately(campaign: Campaign, annotator: User):
    judge(campaign, annotator, claim(campaign, annotator))

    work = work_of(campaign, annotator, database_now() + timedelta(days=2))

    assert (work.answers, work.lately) == (1, 0)

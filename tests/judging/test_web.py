"""The manager's pages of AI judges."""

from decimal import Decimal

import pytest

from labeling.generation.models import GenerationRun
from tests.factories import signed_in
from tests.judging.conftest import ALWAYS_A, STANDARD, judge, prefers
from tests.stock import stock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at(cast):
    return f"/campaigns/{cast.campaign.pk}/judging/"


@pytest.fixture
def page(cast):
    return signed_in(cast.manager)


def text_of(answer):
    return answer.content.decode()


def test_page_says_what_is_lacking(cast, page, at):
    assert "Add a generator first." in text_of(page.get(at))


def test_page_without_comparisons_says_so(cast, page, at, generator):
    assert "There is nothing to compare yet." in text_of(page.get(at))


def test_judge_is_asked_from_the_form_and_followed(cast, page, at, generator, rings):
    stock(cast.campaign, 1)

    answer = page.post(
        f"{at}start/", {"generator": generator.pk, "standard": STANDARD, "which": "all"}
    )

    run = GenerationRun.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{at}{run.pk}/")
    assert rings == [("judging.judge", {"run_id": run.pk})]
    assert STANDARD in text_of(page.get(f"{at}{run.pk}/"))
    assert f'href="{at}{run.pk}/"' in text_of(page.get(at))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"standard": ""}, "give either a standard in words or a constitution"),
        ({"which": "judged"}, "there is no comparison to judge"),
        ({"generator": 10**6}, "Select a valid choice."),
    ],
)
def test_refused_judging_keeps_what_was_typed(cast, page, at, generator, rings, changes, reason):
    stock(cast.campaign, 1)
    form = {"generator": generator.pk, "standard": STANDARD, "which": "all", "seed": 77}

    answer = page.post(f"{at}start/", form | changes)

    assert answer.status_code == 400
    assert reason in text_of(answer)
    assert 'value="77"' in text_of(answer)
    assert not GenerationRun.objects.exists()


def test_page_tells_what_the_verdicts_are_worth(cast, page, at, run):
    judge(run, ALWAYS_A)

    shown = text_of(page.get(f"{at}{run.pk}/"))

    assert "2 turned with the order" in shown
    assert "100 %" in shown
    assert "a tie: the two orders differ" in shown


def test_words_of_a_judge_are_text(cast, page, at, run):
    good = prefers("good")
    judge(run, lambda request: f"<script>alert(1)</script>\n{good(request)}")

    shown = text_of(page.get(f"{at}{run.pk}/"))

    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown


def test_live_part_is_not_sent_again_until_it_changes(cast, page, at, run):
    first = page.get(f"{at}{run.pk}/live/")
    again = page.get(f"{at}{run.pk}/live/", headers={"If-None-Match": first.headers["ETag"]})
    judge(run, prefers("good"))
    later = page.get(f"{at}{run.pk}/live/", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, later.status_code) == (200, 304, 200)
    assert 'data-finished="no"' in text_of(first)
    assert 'data-finished="yes"' in text_of(later)


def test_judge_is_paused_stopped_and_tries_again(cast, page, at, run, rings):
    one = f"{at}{run.pk}/"
    for act, said in (
        ("pause", "Paused; what is being judged now is finished."),
        ("resume", "The judge goes on."),
        ("stop", "The judge is stopped; what it said stays."),
        ("retry", "2 pairs are tried again."),
    ):
        assert page.post(f"{one}{act}/").status_code == 302
        assert said in text_of(page.get(one))


def test_campaign_says_whether_it_counts_judges(cast, page, at):
    assert "they count nowhere" in text_of(page.get(at))
    cast.campaign.counts_ai = True
    cast.campaign.save()

    assert "this campaign says so" in text_of(page.get(at))
    overview = text_of(page.get(f"/campaigns/{cast.campaign.pk}/"))
    assert "count like people in exports" in overview


def test_ceiling_is_changed_where_the_judge_has_a_price(cast, page, at, run, generator):
    one = f"{at}{run.pk}/"
    assert "What it may cost" not in text_of(page.get(one))
    generator.price_written = 1
    generator.save()
    assert "What it may cost" in text_of(page.get(one))

    assert page.post(f"{one}ceiling/", {"ceiling": "2.50"}).status_code == 302
    assert 'value="2.5"' in text_of(page.get(one))
    refused = page.post(f"{one}ceiling/", {"ceiling": "20000000"})

    assert (refused.status_code, GenerationRun.objects.get().ceiling) == (400, Decimal("2.5"))
    assert "must be from 0 to 10000000" in text_of(refused)

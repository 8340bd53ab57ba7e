"""The page of what is held back, and what it says of that elsewhere."""

from dataclasses import replace

import pytest

from tests.generation.conftest import claimed, completion, finish
from tests.generation.test_web import base, page, text_of

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["base", "page"]


def held_run(request_run):
    """Return a run of four: a plain response, one cut off, one that repeats it, one of both."""
    run = request_run(per_prompt=4)
    cut = replace(completion("It is <b>blue</b>"), finish_reason="length")
    spilled = replace(completion("Red.</s>"), finish_reason="length")
    finish(claimed(run), completion("Blue."), cut, completion("blue"), spilled)
    return run


def test_run_page_counts_what_is_held_back_by_flaw(page, base, prompt, request_run):
    run = held_run(request_run)

    shown = text_of(page.get(f"{base}runs/{run.pk}/"))

    assert "1 done, 3 held back" in shown
    assert f'{base}runs/{run.pk}/held/?flaw=cut_off">Cut off</a>' in shown
    assert "2 responses" in shown


def test_held_page_shows_texts_escaped_and_those_of_one_flaw(page, base, prompt, request_run):
    run = held_run(request_run)

    everything = text_of(page.get(f"{base}runs/{run.pk}/held/"))
    duplicates = text_of(page.get(f"{base}runs/{run.pk}/held/?flaw=duplicate"))

    assert "It is &lt;b&gt;blue&lt;/b&gt;" in everything
    assert everything.count('name="candidate"') == 3
    assert duplicates.count('name="candidate"') == 1
    assert "Release all 3" in everything


def test_one_is_released_from_the_page(page, base, prompt, request_run, rings, campaign):
    run = held_run(request_run)
    one = run.candidates.filter(state="held").first()

    answer = page.post(f"{base}runs/{run.pk}/release/", {"candidate": one.pk})

    assert answer.headers["Location"] == f"{base}runs/{run.pk}/held/"
    assert run.candidates.filter(state="held").count() == 2
    assert rings.named("assignment.plan_comparisons") == [{"campaign_id": campaign.pk}]


def test_releasing_the_last_leads_back_to_the_run(page, base, prompt, request_run, rings):
    run = held_run(request_run)

    answer = page.post(f"{base}runs/{run.pk}/release/")

    assert answer.headers["Location"] == f"{base}runs/{run.pk}/"
    assert "3 responses are released." in text_of(page.get(f"{base}runs/{run.pk}/"))
    assert "Nothing is held back" in text_of(page.get(f"{base}runs/{run.pk}/held/"))

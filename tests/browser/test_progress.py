"""A page that follows work in progress changes by itself, until the work is over."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from labeling.generation.backends.port import Completion
from labeling.generation.services.claims import claim_candidates, finish_candidates
from labeling.generation.services.generators import Draft, add_generator
from labeling.generation.services.parts import Wanted
from labeling.generation.services.runs import request_candidates
from tests.browser.conftest import PageFor
from tests.factories import Cast
from tests.stock import stock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def make_run(cast: Cast) -> Any:
    """Ask for one response to one prompt."""
    stock(cast.campaign, 1)
    generator = add_generator(
        campaign=cast.campaign,
        user=cast.manager,
        draft=Draft("Toy", "transformers", "toy-chat"),
    )
    return request_candidates(
        campaign=cast.campaign,
        parts=[Wanted(generator, 1)],
        prompt_ids=None,
        seed=7,
        user=cast.manager,
        now=NOW,
    )


def finish_all(run: Any) -> None:
    claim = claim_candidates(part_id=run.parts.get().pk, limit=9, seconds=60, now=NOW)
    assert claim is not None
    made = Completion("Blue.", "stop", latency_ms=5, model_label="toy-chat", parameters={})
    finish_candidates(claim=claim.token, outcomes={one.pk: made for one in claim.rows}, now=NOW)


def test_page_of_a_run_follows_it_to_its_end(page_for: PageFor, cast: Cast) -> None:
    run = make_run(cast)
    page = page_for(cast.manager)
    page.goto(f"/campaigns/{cast.campaign.pk}/generation/runs/{run.pk}/")
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_visible()

    finish_all(run)

    expect(page.locator(".made")).to_contain_text("Blue.")
    expect(stop).to_be_hidden()
    expect(page.locator("body > .sr[role=status]")).to_have_text("1 of 1 responses done, 0 failed")


def test_text_that_is_selected_is_not_pulled_away(page_for: PageFor, cast: Cast) -> None:
    run = make_run(cast)
    page = page_for(cast.manager)
    page.clock.install()
    page.goto(f"/campaigns/{cast.campaign.pk}/generation/runs/{run.pk}/")

    page.evaluate("getSelection().selectAllChildren(document.querySelector('[data-standing]'))")
    finish_all(run)
    page.clock.run_for(10_000)
    assert page.locator(".made").count() == 0
    page.evaluate("getSelection().removeAllRanges()")
    page.clock.run_for(2_000)

    expect(page.locator(".made")).to_contain_text("Blue.")

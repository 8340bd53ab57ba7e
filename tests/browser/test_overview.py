"""The overview of a campaign in a real browser: how far it is, with script and without."""

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import PageFor
from tests.factories import Cast, make_cast
from tests.stock import claim, judge, stock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
]


def judged_once() -> Cast:
    cast = make_cast(overlap=2)
    stock(cast.campaign, 1)
    judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))
    return cast


def test_overview_shows_how_far_the_campaign_is_and_nothing_moves(page_for: PageFor) -> None:
    cast = judged_once()
    page = page_for(cast.reviewer)
    held: list[Route] = []
    page.route("**/progress/summary/", lambda route: held.append(route))
    with page.expect_request("**/progress/summary/"):
        page.goto(f"/campaigns/{cast.campaign.pk}/")
    before = page.locator("details.fold").bounding_box()

    held[0].continue_()
    page.wait_for_selector("text=1 of 2 judgments")

    assert page.locator("details.fold").bounding_box() == before


def test_overview_leads_to_the_progress_without_script(page_for: PageFor) -> None:
    cast = judged_once()
    page = page_for(cast.manager, java_script_enabled=False)
    page.goto(f"/campaigns/{cast.campaign.pk}/")

    page.click("text=See how far the campaign is")

    assert page.inner_text("h1") == "Progress"


def test_overview_holds_the_guide_folded(page_for: PageFor) -> None:
    cast = make_cast(guideline="Prefer what is true.")
    page = page_for(cast.annotator)
    page.goto(f"/campaigns/{cast.campaign.pk}/")
    guide = page.get_by_text("Prefer what is true.")

    was_visible = guide.is_visible()
    page.click("text=Judging guide")

    assert (was_visible, guide.is_visible()) == (False, True)

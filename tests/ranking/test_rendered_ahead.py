"""What people are shown is rendered before they are, once, and never shown out of date."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from labeling.assignment import tasks as assignment_tasks
from labeling.assignment.models import Comparison
from labeling.campaigns.models import Campaign
from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup
from labeling.ranking import tasks
from labeling.ranking.models import RenderedCandidate, RenderedPrompt, RenderedUpTo
from labeling.ranking.queries import Paper, paper_for
from labeling.ranking.rendering import render
from labeling.ranking.services import rendering
from labeling.ranking.services.rendering import render_ahead
from tests.conftest import Rings
from tests.factories import Cast
from tests.stock import claim, stock

pytestmark = pytest.mark.django_db(transaction=True)  # rings go out at a commit


def shown(cast: Cast) -> Paper:
    """Return what the annotator is shown next."""
    return paper_for(cast.campaign, claim(cast.campaign, cast.annotator))


def html_shown(paper: Paper) -> list[str]:
    return [*(turn.html for turn in paper.turns), *(each.html for each in paper.responses)]


def mark_as_ahead(campaign: Campaign) -> None:
    """Render ahead, and tell it from what is rendered on the spot."""
    render_ahead(campaign_id=campaign.pk)
    RenderedPrompt.objects.update(html=["ahead"])
    RenderedCandidate.objects.update(html="ahead")


def test_what_is_made_ahead_is_what_would_be_made_on_the_spot(cast: Cast) -> None:
    stock(cast.campaign, 1, texts=("**good**", "a | b"))
    before = shown(cast)

    render_ahead(campaign_id=cast.campaign.pk)

    assert html_shown(shown(cast)) == html_shown(before)
    assert render(before.responses[0].text) in RenderedCandidate.objects.values_list(
        "html", flat=True
    )


def test_page_takes_what_was_made_ahead(cast: Cast) -> None:
    stock(cast.campaign, 1)
    mark_as_ahead(cast.campaign)

    with CaptureQueriesContext(connection) as queries:
        paper = paper_for(cast.campaign, claim(cast.campaign, cast.annotator))

    assert html_shown(paper) == ["ahead"] * 3
    assert sum("ranking_rendered" in one["sql"] for one in queries) == 1


def test_every_text_is_rendered_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def note(text: str) -> str:
        seen.append(text)
        return render(text)

    monkeypatch.setattr(rendering, "render", note)
    stock(cast.campaign, 2, texts=("good", "fair", "poor"))  # six pairs

    render_ahead(campaign_id=cast.campaign.pk)
    stock(cast.campaign, 1)
    render_ahead(campaign_id=cast.campaign.pk)
    render_ahead(campaign_id=cast.campaign.pk)

    assert len(seen) == len(set(seen)) == 2 * (1 + 3) + 1 + 2


def test_what_another_renderer_made_is_not_shown_and_is_made_anew(cast: Cast, rings: Rings) -> None:
    stock(cast.campaign, 1)
    mark_as_ahead(cast.campaign)
    for model in (RenderedPrompt, RenderedCandidate, RenderedUpTo):
        model._default_manager.update(version="an older one")

    assert "ahead" not in html_shown(shown(cast))
    tasks.sweep()
    assert {"campaign_id": cast.campaign.pk} in rings.named("ranking.render_ahead")
    tasks.render(campaign_id=cast.campaign.pk)
    assert "ahead" not in RenderedCandidate.objects.values_list("html", flat=True)
    assert html_shown(shown(cast))[0] == RenderedPrompt.objects.get().html[0]
    rings.clear()
    tasks.sweep()
    assert {"campaign_id": cast.campaign.pk} not in rings.named("ranking.render_ahead")


def test_campaign_with_nothing_to_render_is_looked_at_once(cast: Cast, rings: Rings) -> None:
    RenderedUpTo.objects.create(campaign=cast.campaign, version="an older one")
    render_ahead(campaign_id=cast.campaign.pk)

    tasks.sweep()

    assert {"campaign_id": cast.campaign.pk} not in rings.named("ranking.render_ahead")


def test_large_campaign_is_rendered_a_part_at_a_time(
    cast: Cast, rings: Rings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "MOST_AT_ONCE", 2)
    stock(cast.campaign, 3)

    tasks.render(campaign_id=cast.campaign.pk)
    assert (RenderedPrompt.objects.count(), len(rings)) == (2, 1)
    tasks.render(campaign_id=cast.campaign.pk)

    assert (RenderedPrompt.objects.count(), len(rings)) == (3, 1)


def test_planning_has_rendered_what_it_made(cast: Cast, rings: Rings) -> None:
    stock(cast.campaign, 1)
    Comparison.objects.all().delete()
    CandidateGroup.objects.update(state=GroupState.COMPLETE)

    assignment_tasks.plan(campaign_id=cast.campaign.pk)
    assignment_tasks.plan(campaign_id=cast.campaign.pk)  # nothing new

    assert rings.named("ranking.render_ahead") == [{"campaign_id": cast.campaign.pk}]

"""Nobody judges a response that they wrote, from the imported file to the claim."""

from pathlib import Path

import pytest

from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Comparison
from labeling.assignment.services.marking import mark_gold
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.services.adoption import adopt_responses
from tests.factories import Cast, signed_in
from tests.prompts.bringing import bring, jsonl
from tests.stock import claim, judge, next_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path: Path) -> None:
    settings.UPLOADS_DIR = tmp_path / "uploads"


def plan(campaign: Campaign, *authors: str) -> None:
    """Bring one prompt with a response of each author, and one of a model; plan it."""
    candidates = [{"text": f"By hand {n}", "author": who} for n, who in enumerate(authors)]
    row = {"prompt": "Why?", "candidates": [*candidates, {"text": "By machine", "model": "m"}]}
    prompt_set = bring(campaign, jsonl(row))
    adopt_responses(prompt_set_id=prompt_set.pk, now=database_now())
    plan_comparisons(campaign_id=campaign.pk)


def test_author_is_never_given_their_own_response(cast: Cast) -> None:
    plan(cast.campaign, cast.annotator.email)

    assert next_for(cast.campaign, cast.annotator) is None
    assert next_for(cast.campaign, cast.teammate) is not None
    barred = Assignment.objects.get(annotator=cast.annotator)
    assert barred.state == AssignmentState.BARRED


def test_author_judges_what_others_wrote(cast: Cast) -> None:
    plan(cast.campaign, cast.annotator.email, cast.teammate.email)

    held = claim(cast.campaign, cast.annotator)
    judge(cast.campaign, cast.annotator, held)

    authors = held.comparison.candidates.values_list("author", flat=True)
    assert set(authors) == {cast.teammate.pk, None}
    assert next_for(cast.campaign, cast.annotator) is None


def test_barring_takes_no_slot(cast: Cast) -> None:
    plan(cast.campaign, cast.annotator.email)

    comparison = Comparison.objects.get()
    assert (comparison.wanted, comparison.open_slots) == (3, 3)


def test_author_is_not_tested_with_their_own_response(cast: Cast) -> None:
    plan(cast.campaign, cast.annotator.email)
    comparison = Comparison.objects.get()
    cast.campaign.allocation.gold_percent = 50
    cast.campaign.allocation.save()
    mark_gold(
        campaign=cast.campaign,
        comparison_id=comparison.pk,
        ranks=[1, 2],
        by=cast.manager,
        now=database_now(),
    )

    for _ in range(10):
        assert next_for(cast.campaign, cast.annotator) is None


def test_task_shows_no_author(cast: Cast) -> None:
    plan(cast.campaign, cast.annotator.email)

    client = signed_in(cast.teammate)
    page = client.get(f"/campaigns/{cast.campaign.pk}/rank/")
    task = client.post(
        f"/api/v1/campaigns/{cast.campaign.pk}/assignments/next/", content_type="application/json"
    )

    for shown in (page.content.decode(), task.content.decode()):
        assert "By hand 0" in shown
        for secret in (cast.annotator.email, cast.annotator.display_name, "human"):
            assert secret not in shown

"""What was revoked and what changed, over REST."""

import json

import pytest

from exports.models import Export
from exports.services.removing import find_removals
from labeling.clock import database_now
from labeling.prompts.models import Prompt
from labeling.quality.services.revoking import revoke
from tests.exports.conftest import export_now, vote_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def export(cast) -> Export:
    return export_now(cast.campaign)


@pytest.fixture
def base(cast) -> str:
    return f"/api/v1/campaigns/{cast.campaign.pk}/exports/"


def lines(answer) -> list[dict]:
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def test_what_was_revoked_since_is_listed_and_the_newer_export_named(cast, manager, base, export):
    revoke(
        campaign=cast.campaign,
        by=cast.manager,
        prompt=Prompt.objects.filter(campaign=cast.campaign).first(),
        reason="It holds an address.",
        now=database_now(),
    )
    find_removals()
    newer = export_now(cast.campaign)

    shown = manager.get(f"{base}{export.pk}/").json()
    removed = lines(manager.get(f"{base}{export.pk}/removals/"))

    assert (shown["removed_rows"], shown["superseded_by"]) == (2, newer.pk)
    assert [(row["config"], row["key"]) for row in removed] == [
        ("judgments", "judgment_id"), ("trl", "pair_id"),
    ]  # fmt: skip
    assert lines(manager.get(f"{base}{newer.pk}/removals/")) == []


def test_two_exports_are_compared(cast, manager, base, export):
    vote_all(cast.campaign, "good")
    newer = export_now(cast.campaign)

    found = lines(manager.get(f"{base}{newer.pk}/changes/?since={export.pk}"))
    other = lines(manager.get(f"{base}{newer.pk}/changes/?since={export.pk}&config=judgments"))

    assert [(one["change"], one["why"]) for one in found] == [("changed", ["new_judgments"])] * 3
    assert [one["change"] for one in other] == ["added"] * 3
    assert manager.get(f"{base}{newer.pk}/changes/").status_code == 400
    assert manager.get(f"{base}{newer.pk}/changes/?since={export.pk}&config=kto").status_code == 400
    assert manager.get(f"{base}{newer.pk}/changes/?since=999999").status_code == 404

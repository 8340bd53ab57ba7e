"""What is revoked is in no later export, and every earlier one that has it is known."""

from uuid import uuid4

import pytest

from exports.models import Export, Removal
from exports.queries import export_in, removed_count, superseding
from exports.services.removing import find_removals, removed_since
from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.prompts.models import Prompt
from labeling.quality.models import Revocation
from labeling.quality.services.revoking import lift, revoke
from tests.exports.conftest import export_now, judgments_of, rows_of, vote
from tests.factories import make_campaign, make_member
from tests.stock import stock

pytestmark = pytest.mark.django_db(transaction=True)
EVERYTHING = {
    "configs": (
        "trl", "trl_implicit", "kto", "sft", "rankings", "helpsteer3", "prompts", "judgments",
    ),
    "both_bad": "negative",
}  # fmt: skip


@pytest.fixture
def campaign() -> Campaign:
    found = make_campaign(overlap=3)
    stock(found, 4)
    return found


@pytest.fixture
def people(campaign) -> list[User]:
    """Three people who answered everything: two prefer the good, one the bad response."""
    found = [make_member(campaign) for _ in range(3)]
    for person, better in zip(found, ("good", "good", "bad"), strict=True):
        for _ in range(campaign.comparisons.count()):
            vote(campaign, person, better)
    return found


def take_back(campaign: Campaign, **what) -> Revocation:
    return revoke(
        campaign=campaign, by=campaign.created_by, reason="It was spam.", now=database_now(), **what
    )


def test_export_after_a_revocation_is_that_of_the_history_without_the_person(campaign, people):
    take_back(campaign, annotator=people[2])
    export = export_now(campaign, **EVERYTHING)

    assert {row["n_votes"] for row in rows_of(export)} == {2}
    assert {row["agreement"] for row in rows_of(export)} == {1.0}
    assert len(judgments_of(export)) == 8
    held_back = {row["annotator"] for row in judgments_of(export)}
    assert len(held_back) == 2


def test_lifting_gives_the_old_bytes_back(campaign, people):
    before = export_now(campaign, **EVERYTHING).manifest["data_sha256"]
    prompt = Prompt.objects.filter(campaign=campaign).first()
    made = [take_back(campaign, annotator=people[0]), take_back(campaign, prompt=prompt)]
    without = export_now(campaign, **EVERYTHING).manifest["data_sha256"]
    for revocation in made:
        lift(revocation=revocation, by=campaign.created_by, now=database_now())

    assert without != before
    assert export_now(campaign, **EVERYTHING).manifest["data_sha256"] == before


def test_a_revoked_prompt_and_source_are_in_no_configuration(campaign, people):
    Prompt.objects.filter(campaign=campaign).order_by("-id").update(source="forum")
    kept, *revoked = Prompt.objects.filter(campaign=campaign).order_by("id")
    Prompt.objects.filter(pk=kept.pk).update(source="handbook")
    take_back(campaign, prompt=kept)
    take_back(campaign, source="forum")

    export = export_now(campaign, **EVERYTHING)

    assert export.state == "failed"
    assert revoked


def test_issued_exports_know_the_rows_that_rest_on_what_was_revoked(campaign, people):
    export = export_now(campaign, **EVERYTHING)
    revocation = take_back(campaign, annotator=people[2])
    assert find_removals() == 1
    assert find_removals() == 0

    rows = list(removed_since(export_in(campaign, export.pk)))
    found = {config: sum(row.config == config for row in rows) for config in EVERYTHING["configs"]}

    assert removed_count(export) == len(rows)
    assert {row.revocation for row in rows} == {revocation.pk}
    assert found == {
        "trl": 4, "trl_implicit": 4, "kto": 8, "sft": 0, "rankings": 4, "helpsteer3": 0,
        "prompts": 0, "judgments": 4,
    }  # fmt: skip
    own = {row["judgment_id"] for row in judgments_of(export)} - {
        row["judgment_id"] for row in judgments_of(export_now(campaign, **EVERYTHING))
    }
    assert {row.id for row in rows if row.config == "judgments"} == own


def test_a_pair_of_one_answer_rests_on_that_person_alone(campaign, people):
    raw = export_now(campaign, policy="raw", contradictions="kept", duplicates="kept")
    take_back(campaign, annotator=people[2])

    rows = [row for row in removed_since(export_in(campaign, raw.pk)) if row.config == "trl"]

    assert len(rows) == 4
    assert {row["pair_id"] for row in rows_of(raw)} - {row.id for row in rows} == {
        row["pair_id"]
        for row in rows_of(
            export_now(campaign, policy="raw", contradictions="kept", duplicates="kept")
        )
    }


def test_rows_of_a_revoked_prompt_are_known_in_every_container(campaign, people):
    prompt = Prompt.objects.filter(campaign=campaign).order_by("id")[1]
    for container in ("parquet", "jsonl", "jsonl.gz", "csv"):
        export_now(campaign, containers=(container,), min_votes=2, configs=EVERYTHING["configs"])
    take_back(campaign, prompt=prompt)
    find_removals()

    counts = set(Removal.objects.values_list("rows", flat=True))

    assert counts == {1 + 1 + 2 + 1 + 1 + 3}


def test_the_next_export_of_the_selection_supersedes(campaign, people):
    first, other = export_now(campaign), export_now(campaign, min_votes=2)
    assert superseding(first) is None
    take_back(campaign, annotator=people[2])
    find_removals()
    assert superseding(first) is None
    later = export_now(campaign)

    assert superseding(first) == later
    assert superseding(other) is None
    assert superseding(later) is None
    assert removed_count(later) == 0


def test_what_was_lifted_counts_no_row(campaign, people):
    export = export_now(campaign)
    revocation = take_back(campaign, annotator=people[0])
    find_removals()
    lift(revocation=revocation, by=campaign.created_by, now=database_now())

    assert removed_count(export) == 0
    assert list(removed_since(export_in(campaign, export.pk))) == []


def test_a_bucket_that_is_away_keeps_no_other_export_from_being_searched(campaign, people):
    away, here = export_now(campaign), export_now(campaign, min_votes=2)
    Export.objects.filter(pk=away.pk).update(place=uuid4())  # and no bucket is configured
    take_back(campaign, annotator=people[2])

    assert find_removals() == 1
    assert Removal.objects.get(rows__gt=0).export == here

    Export.objects.filter(pk=away.pk).update(place=None)
    assert find_removals() == 1
    assert {one.export for one in Removal.objects.filter(rows__gt=0)} == {away, here}

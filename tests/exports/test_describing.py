"""What an export says of its campaign and its people is what was so when it was written."""

from datetime import timedelta

import pytest

from exports.services.describing import campaign_facts
from exports.services.folders import ready_folder
from labeling.assignment.enums import Policy
from labeling.assignment.services.allocations import reallocate
from labeling.campaigns.services import publish_guideline
from labeling.clock import database_now
from labeling.quality.agreement import raw_agreement
from labeling.quality.consensus import Ballot
from tests.exports.conftest import export_now, judgments_of, vote, vote_all
from tests.factories import make_campaign, make_member
from tests.stock import stock

pytestmark = pytest.mark.django_db(transaction=True)


def test_facts_are_those_of_the_campaign():
    campaign = make_campaign(overlap=4, tie_allowed=False, counts_ai=True)
    reallocate(campaign=campaign, by=campaign.created_by, version=1, policy=Policy.LEAD)

    found = campaign_facts(campaign, database_now())

    assert (found.name, found.overlap, found.candidates) == (campaign.name, 4, 2)
    assert (found.handed_out, found.counts_ai) == ("lead", True)
    assert (found.ties_allowed, found.neither_allowed) == (False, True)


def test_the_guide_is_the_one_in_force_at_the_moment_of_the_data(campaign):
    before = database_now() - timedelta(days=1)
    for text in ("Be fair.", "Be kind."):
        publish_guideline(campaign=campaign, text=text, by=campaign.created_by)

    found = campaign_facts(campaign, database_now() + timedelta(seconds=1))

    assert (found.guide, found.guide_version) == ("Be kind.", campaign.guideline_version)
    assert campaign_facts(campaign, before).guide_version == 0


def test_every_card_quotes_the_guide(campaign):
    publish_guideline(campaign=campaign, text="# Be fair.\n\nOr not.", by=campaign.created_by)
    vote_all(campaign, "good")

    folder = ready_folder(export_now(campaign).pk)

    for card in ("README.md", "parquet/README.md", "jsonl/README.md"):
        assert "\n> # Be fair.\n>\n> Or not.\n" in (folder / card).read_text("utf-8")


def test_figures_in_the_manifest_are_those_of_the_judgments(campaign):
    vote_all(campaign, "good", "bad")
    person = make_member(campaign)
    for outcome in ("tie", "both_bad", "ranked"):
        vote(campaign, person, outcome=outcome)

    export = export_now(campaign)

    found, given = export.manifest["statistics"], judgments_of(export)
    said: dict[int, list[Ballot]] = {}
    for one in given:
        said.setdefault(one["comparison_id"], []).append(Ballot(tuple(one["ranks"]) or None))
    agreement = raw_agreement((ballots, 2) for ballots in said.values())
    ordered = [one["ranks"][one["display_order"][0]] for one in given if one["outcome"] == "ranked"]
    assert found["agreement"]["raw"]["value"] == pytest.approx(agreement.value, abs=1e-6)
    assert found["agreement"]["chances"] == agreement.chances
    assert found["positions"]["answers"] == len(ordered) == 7
    assert found["positions"]["first"]["value"] == round(ordered.count(1) / 7, 6)
    assert found["answers"]["tie_share"] == found["answers"]["both_bad_share"] == 0.111111
    assert (found["answers"]["people"], found["answers"]["most_a_person"]) == (3, 3)
    assert found["languages"] == {"": 3}


def test_a_licence_changes_cards_and_no_row():
    campaign = make_campaign()
    stock(campaign, 3)
    vote_all(campaign, "good")

    plain, stated = export_now(campaign), export_now(campaign, licence="cc0-1.0")

    rows = [
        {one["path"]: one["sha256"] for one in export.manifest["files"] if one["rows"]}
        for export in (plain, stated)
    ]
    assert rows[0] == rows[1]
    assert "\nlicense: cc0-1.0\n" in (ready_folder(stated.pk) / "README.md").read_text("utf-8")
    assert stated.manifest["policies"]["licence"].startswith("Creative Commons")

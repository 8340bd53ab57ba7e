"""AI judges never count among people, unless the campaign says so; then every row says so too."""

import pytest

from exports.queries import pairs_now, scope_of
from exports.selection import Selection
from labeling.ranking.models import Judgment
from tests.exports.conftest import export_now, rows_of
from tests.judging.conftest import judge, prefers
from tests.stock import claim
from tests.stock import judge as by_hand

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def exports_dir(settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path / "exports"


def exported(cast):
    export = export_now(cast.campaign)
    return export, rows_of(export)


def count_ai(cast):
    cast.campaign.counts_ai = True
    cast.campaign.save()


def test_verdicts_of_a_judge_alone_are_in_no_export(cast, run):
    judge(run, prefers("good"))

    export = export_now(cast.campaign)

    assert export.state == "failed"
    assert "there are no judgments yet" in export.error
    assert pairs_now(scope_of(cast.campaign, Selection())) == 0


def test_verdicts_are_rows_where_the_campaign_counts_them(cast, run):
    judge(run, prefers("good"))
    count_ai(cast)

    export, rows = exported(cast)

    assert pairs_now(scope_of(cast.campaign, Selection())) == len(rows) == 2
    for row in rows:
        assert row["chosen"][0]["content"].startswith("good")
        assert (row["n_votes"], row["n_ai_votes"], row["guideline_version"]) == (1, 1, 0)
    counts = export.manifest["counts"]
    assert (counts["judgments"], counts["ai_rankings"], counts["people"]) == (0, 2, 0)


def test_people_and_judge_count_together_and_are_told_apart(cast, run):
    judge(run, prefers("good"))
    count_ai(cast)
    by_hand(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))

    _, rows = exported(cast)

    said = Judgment.objects.get()
    verdict = run.ai_judgments.get(comparison=said.comparison)
    agree = (verdict.outcome == "first") == (said.ranks == [1, 2])
    votes = {row["comparison_id"]: (row["n_votes"], row["n_ai_votes"]) for row in rows}
    assert votes.get(said.comparison_id) == ((2, 1) if agree else None)
    assert len(rows) == (2 if agree else 1)


def test_a_judge_that_wavers_decides_no_row(cast, run):
    judge(run, prefers("neither word"))
    count_ai(cast)

    export = export_now(cast.campaign)

    assert export.state == "failed"
    assert "2 without a majority" in export.error

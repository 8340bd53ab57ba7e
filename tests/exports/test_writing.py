"""Exports are written once, whole, and the same again."""

import json
import zipfile
from hashlib import sha256
from io import BytesIO

import pyarrow.parquet as pq
import pytest

from exports.enums import ExportState
from exports.formats.columns import schema_of
from exports.formats.variants import VARIANTS
from exports.selection import Selection
from exports.services import folders
from labeling.assignment.services.leases import expire_leases
from labeling.campaigns.queries import round_of
from labeling.campaigns.services import close_round, open_round, reopen_round
from labeling.clock import database_now
from tests.exports.conftest import export_now, published, rows_of, vote, vote_all
from tests.factories import make_campaign, make_member
from tests.stock import claim as lease
from tests.stock import judge, stock

pytestmark = pytest.mark.django_db(transaction=True)


def test_export_holds_the_majority_as_chosen(campaign):
    vote_all(campaign, "good", "bad", "good")

    export = export_now(campaign)

    rows = rows_of(export)
    assert export.state == ExportState.READY
    assert export.pair_count == len(rows) == 3
    for row in rows:
        (chosen,), (rejected,) = row["chosen"], row["rejected"]
        assert chosen["role"] == rejected["role"] == "assistant"
        assert (chosen["content"][:4], rejected["content"][:3]) == ("good", "bad")
        assert (row["chosen_model"], row["rejected_model"]) == ("model-good", "model-bad")
        assert row["prompt"] == [{"role": "user", "content": f"Question {row['external_id']}?"}]
        assert (row["n_votes"], row["agreement"], row["guideline_version"]) == (3, 2 / 3, 1)
        assert (row["strength"], row["strength_votes"], row["tags"]) == (0.0, 0, "[]")


def test_every_row_names_the_round_of_its_comparison(campaign):
    manager = campaign.created_by
    open_round(
        campaign=campaign, name="Next", checkpoint="step-200", by=manager, now=database_now()
    )
    stock(campaign, 2)
    person = make_member(campaign)
    later = [vote(campaign, person) for _ in range(2)]
    close_round(round_=round_of(campaign, 2), by=manager, now=database_now())
    reopen_round(round_=round_of(campaign, 1), by=manager)
    vote(campaign, person)

    rows = rows_of(export_now(campaign))

    second = set(campaign.comparisons.filter(judgments__in=later).values_list("pk", flat=True))
    assert len(rows) == 3
    for row in rows:
        named = (row["round"], row["round_checkpoint"])
        assert named == ((2, "step-200") if row["comparison_id"] in second else (1, ""))


@pytest.mark.parametrize("outcome", ["tie", "both_bad"])
def test_ties_and_both_bad_are_in_no_pair(campaign, outcome):
    for _ in range(3):
        vote(campaign, make_member(campaign), outcome=outcome)
    people = [make_member(campaign) for _ in range(3)]
    first = lease(campaign, people[0]).comparison_id
    for person in people:
        judge(campaign, person, lease(campaign, person), strength=3)

    export = export_now(campaign)

    assert {row["comparison_id"] for row in rows_of(export)} <= {first}
    assert export.manifest["counts"]["undecided"] >= 1


def test_superseded_judgments_do_not_count(campaign):
    person = make_member(campaign)
    assignment = lease(campaign, person)
    slots = [slot.candidate_id for slot in assignment.comparison.slots.order_by("slot")]
    earlier = judge(campaign, person, assignment, strength=4)
    judge(campaign, person, assignment, ranks=(2, 1), strength=1, revises=earlier)

    (row,) = rows_of(export_now(campaign))

    assert row["chosen_response_id"] == slots[assignment.display_order[1]]
    assert (row["n_votes"], row["strength"]) == (1, 1.0)


def test_skips_and_surplus_do_not_count():
    campaign = make_campaign(overlap=1, lease_seconds=60)
    stock(campaign, 1)
    slow, quick = make_member(campaign), make_member(campaign)
    late = lease(campaign, slow)
    expire_leases(now=late.expires_at)
    judge(campaign, quick, lease(campaign, quick), strength=2)
    judge(campaign, slow, late, ranks=(2, 1), strength=4)

    (row,) = rows_of(export_now(campaign))

    assert (row["n_votes"], row["strength"]) == (1, 2.0)


def test_min_votes_and_agreement_leave_pairs_out(campaign):
    vote_all(campaign, "good", "bad", "good")

    assert export_now(campaign, min_votes=3, min_agreement=0.6).pair_count == 3
    assert export_now(campaign, min_agreement=0.7).state == ExportState.FAILED
    assert export_now(campaign, min_votes=4).state == ExportState.FAILED


def test_an_export_of_nothing_fails_with_the_reason(campaign, exports_dir):
    none = export_now(campaign)
    vote_all(campaign, "good", "bad")
    tied = export_now(campaign)

    assert none.error == "No row passes this selection: there are no judgments yet."
    assert tied.error.startswith(
        "No row passes this selection. Of 6 judgments of 3 comparisons, "
        "left out: 3 without a majority."
    )
    assert (tied.state, tied.files.count()) == (ExportState.FAILED, 0)
    assert list(exports_dir.rglob("*.*")) == []


def test_files_match_rows_manifest_and_archive(campaign):
    vote_all(campaign, "good")

    export = export_now(campaign)

    folder = folders.ready_folder(export.pk)
    on_disk = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    listed = {entry["path"] for entry in export.manifest["files"]}
    assert on_disk == listed | {"manifest.json", "archive.json"}
    files = {file.path: file for file in export.files.all()}
    assert files.keys() == listed | {"manifest.json", "archive.zip"}
    for file in files.values():
        held = published(file)
        assert (file.size, file.sha256) == (len(held), sha256(held).hexdigest())
    with zipfile.ZipFile(BytesIO(published(files["archive.zip"]))) as archive:
        inside = f"annotate-export-{export.pk}/"
        assert {name.removeprefix(inside) for name in archive.namelist()} == listed | {
            "manifest.json"
        }
    assert json.loads((folder / "manifest.json").read_bytes()) == export.manifest


def test_manifest_counts_what_was_read_and_left_out(campaign):
    vote_all(campaign, "good", "bad", "good")

    counts = export_now(campaign, validation_share=0.5).manifest["counts"]

    splits = counts.pop("splits")
    assert sum(splits.values()) == 3
    assert counts.pop("rows") == {"trl": splits, "judgments": {s: 3 * n for s, n in splits.items()}}
    assert counts == {
        "comparisons": 3,
        "judgments": 9,
        "ai_rankings": 0,
        "people": 3,
        "undecided": 0,
        "pairs": 3,
        "left_out": {},
    }


def test_parquet_has_the_one_schema_and_the_rows_of_the_jsonl(campaign):
    vote_all(campaign, "good")

    export = export_now(campaign)

    (path,) = folders.ready_folder(export.pk).glob("parquet/trl/*.parquet")
    table = pq.read_table(path)
    assert path.name == "train-00000-of-00001.parquet"
    assert table.schema.equals(schema_of(VARIANTS["trl"].chosen(Selection())))
    assert sorted(table.to_pylist(), key=lambda row: row["pair_id"]) == rows_of(export)
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"

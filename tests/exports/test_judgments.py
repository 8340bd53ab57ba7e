"""Every export holds the judgments themselves, those that decide something and all others."""

from collections import Counter
from datetime import UTC, datetime
from uuid import uuid4

import datasets
import pyarrow.parquet as pq
import pytest

from exports.formats.columns import schema_of
from exports.formats.variants import VARIANTS
from exports.queries import judged as queries
from exports.queries import scope_of
from exports.selection import Selection
from exports.services.folders import ready_folder
from labeling.assignment.enums import Kind
from labeling.assignment.models import Assignment
from labeling.assignment.services.leases import expire_leases
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.texts import hash_of
from labeling.ranking.answers import Ideal
from labeling.ranking.models import Judgment
from labeling.ranking.services.answering import skip_comparison, undo_judgment
from tests.exports.conftest import export_now, judgments_of, rows_of, vote, vote_all
from tests.factories import make_campaign, make_member
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db(transaction=True)
SCHEMA = schema_of(VARIANTS["judgments"].columns)


@pytest.fixture
def mixed() -> Campaign:
    """A campaign with one judgment of each sort: work, surplus, repeat, known answer, skip."""
    campaign = make_campaign(overlap=1, lease_seconds=60)
    stock(campaign, 1)
    slow, quick = make_member(campaign), make_member(campaign)
    late = claim(campaign, slow)
    expire_leases(now=late.expires_at)
    vote(campaign, quick)
    judge(campaign, slow, late, outcome="both_bad", ranks=())
    stock(campaign, 3)
    for kind in (Kind.REPEAT, Kind.GOLD):
        person = make_member(campaign)
        held = claim(campaign, person)
        Assignment.objects.filter(pk=held.pk).update(kind=kind)
        judge(campaign, person, held, outcome="tie", ranks=())
    skip(campaign, claim(campaign, make_member(campaign)))
    return campaign


def skip(campaign: Campaign, held: Assignment) -> None:
    skip_comparison(
        campaign=campaign,
        annotator=held.annotator,
        assignment_id=held.pk,
        token=held.token,
        reason="language",
        key=uuid4().hex,
        now=database_now(),
    )


def test_judgments_hold_what_counts_and_what_does_not(mixed):
    export = export_now(mixed)

    assert [(row["kind"], row["outcome"], row["counted"]) for row in judgments_of(export)] == [
        ("work", "ranked", True),
        ("work", "both_bad", False),
        ("repeat", "tie", False),
        ("gold", "tie", False),
        ("work", "skipped", False),
    ]
    assert len(rows_of(export)) == 1
    counts = export.manifest["counts"]
    assert (counts["judgments"], counts["rows"]["judgments"]) == (1, {"train": 5})


def test_judgments_order_nothing_where_nothing_was_ordered(mixed):
    found = judgments_of(export_now(mixed))

    assert [sorted(row["ranks"]) for row in found] == [[1, 2], [], [1, 1], [1, 1], []]
    assert [row["skip_reason"] for row in found] == ["", "", "", "", "language"]


def test_judgments_leave_out_what_was_replaced_or_taken_back(campaign):
    person = make_member(campaign)
    held, other = claim(campaign, person), make_member(campaign)
    earlier = judge(campaign, person, held)
    latest = judge(campaign, person, held, revises=earlier)
    undo_judgment(
        campaign=campaign,
        annotator=other,
        judgment_id=vote(campaign, other),
        now=database_now(),
    )

    assert [row["judgment_id"] for row in judgments_of(export_now(campaign))] == [latest]


@pytest.mark.parametrize(("last", "written"), [(None, -1), (0, 0), (2, 2)])
def test_last_acceptable_rank_is_written(last, written):
    campaign = make_campaign(candidates_per_comparison=3)
    stock(campaign, 1, texts=("good", "fair", "bad"))
    person = make_member(campaign)
    judge(campaign, person, claim(campaign, person), acceptable_to=last)

    (row,) = judgments_of(export_now(campaign))

    assert row["acceptable_to"] == written


def test_a_judgment_is_written_whole(campaign):
    person = make_member(campaign)
    held = claim(campaign, person)
    given = {"strength": 3, "flags": ("unsafe",), "rationale": "It is ü.", "active_ms": 1200}
    judgment = Judgment.objects.get(pk=judge(campaign, person, held, **given))
    comparison = held.comparison

    (row,) = judgments_of(export_now(campaign))

    assert datetime.fromisoformat(row.pop("created_at")) == judgment.created_at
    assert row == {
        "judgment_id": judgment.pk,
        "annotator": scope_of(campaign, Selection()).names.of(held.desk_id),
        "prompt_id": comparison.prompt_id,
        "prompt_sha256": comparison.prompt.content_hash,
        "comparison_id": comparison.pk,
        "responses": [
            {
                "response_id": slot.candidate_id,
                "text_sha256": hash_of(slot.candidate.text),
                "model": slot.candidate.model_label,
            }
            for slot in comparison.slots.order_by("slot")
        ],
        "display_order": held.display_order,
        "kind": "work",
        "source": "human",
        "outcome": "ranked",
        "ranks": [held.display_order.index(slot) + 1 for slot in (0, 1)],
        "strength": 3,
        "acceptable_to": -1,
        "criteria": "{}",
        "flags": '["unsafe"]',
        "rationale": "It is ü.",
        "reason_tags": "[]",
        "ideal": "",
        "ideal_response_id": 0,
        "skip_reason": "",
        "counted": True,
        "guideline_version": 1,
        "round": 1,
        "round_checkpoint": "",
        "active_ms": 1200,
        "split": "train",
    }


def test_reasons_and_ideal_responses_are_written_with_what_they_were_made_of():
    campaign = make_campaign(reason_tags=["false", "long"], ideal="optional")
    stock(campaign, 1)
    person = make_member(campaign)
    held = claim(campaign, person)
    judge(campaign, person, held, reason_tags=("long",), ideal=Ideal("B", "As it should be."))

    (row,) = judgments_of(export_now(campaign))

    shown_as_b = held.comparison.slots.get(slot=held.display_order[1])
    assert (row["reason_tags"], row["ideal"]) == ('["long"]', "As it should be.")
    assert row["ideal_response_id"] == shown_as_b.candidate_id


def test_criteria_name_the_slot_of_the_better_response():
    campaign = make_campaign(overlap=1, criteria=["clear", "true"])
    stock(campaign, 1)
    person = make_member(campaign)
    held = claim(campaign, person)
    judge(campaign, person, held, criteria={"clear": "B", "true": "same"})

    (row,) = judgments_of(export_now(campaign))

    assert row["criteria"] == f'{{"clear":{held.display_order[1]},"true":null}}'


def test_a_person_is_a_keyed_hash_of_the_campaign_and_no_name(campaign):
    vote_all(campaign, "good", "good")
    other = make_campaign()
    stock(other, 1)
    vote(other, Judgment.objects.order_by("id")[0].annotator)

    found, elsewhere = judgments_of(export_now(campaign)), judgments_of(export_now(other))

    people = Counter(row["annotator"] for row in found)
    assert sorted(people.values()) == [3, 3]
    assert elsewhere[0]["annotator"] not in people
    assert judgments_of(export_now(campaign)) == found
    assert "person" not in str(found)


def test_the_counted_judgments_are_the_votes_of_the_pairs(campaign):
    vote_all(campaign, "good", "bad", "good")
    export = export_now(campaign)
    votes: dict[int, list[dict]] = {row["comparison_id"]: [] for row in rows_of(export)}
    for row in judgments_of(export):
        votes[row["comparison_id"]].append(row)

    for pair in rows_of(export):
        ranked = [
            sorted(zip(vote["ranks"], vote["responses"], strict=True), key=lambda one: one[0])
            for vote in votes[pair["comparison_id"]]
        ]
        best = Counter(order[0][1]["response_id"] for order in ranked)
        assert best.most_common(1) == [(pair["chosen_response_id"], 2)]
        assert len(ranked) == pair["n_votes"] == 3


def test_a_judgment_is_in_the_split_of_its_prompt(campaign):
    stock(campaign, 20)
    vote_all(campaign, "good")

    export = export_now(campaign, validation_share=0.5)

    pairs = {row["prompt_id"]: row["split"] for row in rows_of(export)}
    assert {row["prompt_id"]: row["split"] for row in judgments_of(export)} == pairs
    assert set(pairs.values()) == {"train", "validation"}


def test_judgments_are_ordered_and_read_in_parts(mixed, monkeypatch):
    whole = export_now(mixed)
    monkeypatch.setattr(queries, "COMPARISONS_AT_ONCE", 1)

    in_parts = export_now(mixed)

    assert in_parts.manifest["data_sha256"] == whole.manifest["data_sha256"]
    (path,) = (ready_folder(whole.pk) / "parquet" / "judgments").iterdir()
    rows = pq.read_table(path).to_pylist()
    keys = [(row["prompt_id"], row["comparison_id"], row["judgment_id"]) for row in rows]
    assert keys == sorted(keys)


def test_parquet_of_the_judgments_has_its_schema_and_the_rows_of_the_jsonl(mixed):
    export = export_now(mixed)

    (path,) = (ready_folder(export.pk) / "parquet" / "judgments").iterdir()
    table = pq.read_table(path)
    rows = sorted(table.to_pylist(), key=lambda row: row["judgment_id"])
    written = judgments_of(export)
    for row in written:
        row["created_at"] = datetime.fromisoformat(row["created_at"]).astimezone(UTC)
    assert table.schema.equals(SCHEMA)
    assert rows == written
    assert all(value is not None for row in rows for value in row.values())


@pytest.mark.parametrize("place", ["", "jsonl"])
def test_datasets_loads_the_judgments_beside_the_pairs(mixed, tmp_path, place):
    folder = ready_folder(export_now(mixed).pk) / place

    pairs, judgments = (
        datasets.load_dataset(str(folder), config, cache_dir=str(tmp_path / "cache"))
        for config in ("trl", "judgments")
    )

    assert "chosen" in pairs["train"].column_names
    assert {split: found.num_rows for split, found in judgments.items()} == {"train": 5}
    assert judgments["train"].column_names == SCHEMA.names

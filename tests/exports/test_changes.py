"""What differs between two exports is told row by row, with the reason."""

from collections import Counter

import pytest

from exports.changes import Why
from exports.queries import export_in
from exports.services.comparing import changes_between
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.errors import Invalid
from labeling.quality.services.revoking import revoke
from labeling.ranking.services.answering import undo_judgment
from tests.exports.conftest import export_now, rows_of, vote
from tests.factories import make_campaign, make_member
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign() -> Campaign:
    found = make_campaign(overlap=3)
    stock(found, 3)
    return found


def answer_all(campaign, better="good"):
    person = make_member(campaign)
    for _ in range(campaign.comparisons.count()):
        vote(campaign, person, better)
    return person


def differences(campaign, old, new, config=""):
    found = changes_between(export_in(campaign, old.pk), export_in(campaign, new.pk), config)
    return list(found)


def test_exports_of_the_same_do_not_differ(campaign):
    answer_all(campaign)

    assert differences(campaign, export_now(campaign), export_now(campaign)) == []


def test_new_judgments_change_rows_and_new_comparisons_add_some(campaign):
    answer_all(campaign)
    old = export_now(campaign)
    stock(campaign, 1)
    answer_all(campaign)
    new = export_now(campaign)

    found = differences(campaign, old, new)

    assert Counter(one.change for one in found) == {"changed": 3, "added": 1}
    assert {one.why for one in found} == {(Why.NEW_JUDGMENTS,)}
    assert all(len(one.judgments_added) == 1 for one in found)
    assert {"n_votes", "judgment_ids", "probability"} <= set(found[0].columns)
    assert {one.id for one in found} == {row["pair_id"] for row in rows_of(new)}


def test_a_correction_is_told_from_a_new_answer(campaign):
    person = make_member(campaign)
    held = claim(campaign, person)
    first = judge(campaign, person, held)
    old = export_now(campaign)
    judge(campaign, person, held, ranks=(2, 1), revises=first)
    new = export_now(campaign)

    (change,) = differences(campaign, old, new)

    assert (change.change, change.why) == ("changed", (Why.CORRECTED,))
    assert (change.judgments_gone, len(change.judgments_added)) == ((first,), 1)
    assert "chosen" in change.columns


def test_what_was_taken_back_is_gone(campaign):
    answer_all(campaign)
    other = make_member(campaign)
    last = vote(campaign, other)
    old = export_now(campaign, configs=("judgments",))
    undo_judgment(campaign=campaign, annotator=other, judgment_id=last, now=database_now())
    new = export_now(campaign, configs=("judgments",))

    assert [(one.change, one.why) for one in differences(campaign, old, new)] == [
        ("gone", (Why.TAKEN_BACK,))
    ]


def test_revoked_work_is_the_reason_where_it_is(campaign):
    kept, revoked = answer_all(campaign), answer_all(campaign)
    old = export_now(campaign)
    revoke(campaign=campaign, by=kept, annotator=revoked, reason="It was spam.", now=database_now())
    new = export_now(campaign)

    assert {one.why for one in differences(campaign, old, new)} == {(Why.REVOKED,)}


def test_another_selection_is_the_reason_where_the_judgments_are_the_same(campaign):
    answer_all(campaign)
    vote(campaign, make_member(campaign))
    old, new = export_now(campaign), export_now(campaign, min_votes=2)

    found = differences(campaign, old, new)

    assert [(one.change, one.why) for one in found] == [("gone", (Why.SELECTION,))] * 2


def test_rows_that_only_change_their_split_say_so(campaign):
    answer_all(campaign)
    old, new = export_now(campaign), export_now(campaign, validation_share=0.5)

    moved = sum(row["split"] == "validation" for row in rows_of(new))

    assert [one.why for one in differences(campaign, old, new)] == [(Why.SPLIT,)] * moved


@pytest.mark.parametrize("container", ["parquet", "jsonl", "jsonl.gz", "csv"])
@pytest.mark.parametrize("config", ["trl", "kto", "rankings", "prompts", "judgments"])
def test_every_container_and_configuration_is_compared(campaign, container, config):
    chosen = {"containers": (container,), "configs": (config,)}
    answer_all(campaign)
    old = export_now(campaign, **chosen)
    answer_all(campaign)
    new = export_now(campaign, **chosen)

    assert bool(differences(campaign, old, new)) == (config != "prompts")


def test_what_cannot_be_compared_is_refused(campaign):
    answer_all(campaign)
    old = export_now(campaign, containers=("parquet",))
    new = export_now(campaign, containers=("jsonl",))

    with pytest.raises(Invalid, match="no files of the same kind"):
        differences(campaign, old, new)
    with pytest.raises(Invalid, match="Name a configuration that both have: trl"):
        differences(campaign, old, old, "kto")

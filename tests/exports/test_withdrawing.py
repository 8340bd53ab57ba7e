"""An export with rows that rest on what was erased loses its files, and stays accountable."""

import pytest

from exports.models import Export, PromptGroup, WithdrawnRow
from exports.queries import export_in, removed_count, superseding
from exports.selection import Selection
from exports.services import withdrawing, writing
from exports.services.folders import ready_folder
from exports.services.removing import find_removals, removed_since
from exports.services.requests import request_export
from exports.services.withdrawing import withdraw_exports
from exports.services.writing import ERASED_MEANWHILE, write_export
from exports.tasks import search
from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.prompts.models import Prompt
from labeling.quality.services.erasing import erase_person, erase_prompt
from labeling.quality.services.revoking import revoke
from tests.exports.conftest import export_now, on_both, rows_of, vote
from tests.factories import make_campaign, make_member, signed_in
from tests.stock import stock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign() -> Campaign:
    found = make_campaign(overlap=3)
    stock(found, 3)
    return found


@pytest.fixture
def people(campaign) -> list[User]:
    """Three people who answered everything; the last is alone with their opinion."""
    found = [make_member(campaign) for _ in range(3)]
    for person, better in zip(found, ("good", "good", "bad"), strict=True):
        for _ in range(campaign.comparisons.count()):
            vote(campaign, person, better, rationale=f"By {person.email}.")
    return found


def first_prompt(campaign) -> Prompt:
    return Prompt.objects.filter(campaign=campaign).order_by("id")[0]


def erase(campaign, what: Prompt | User) -> None:
    if isinstance(what, User):
        erase_person(person=what, by=None, now=database_now())
    else:
        erase_prompt(
            prompt=what, by=campaign.created_by, reason="Asked by law.", now=database_now()
        )


def seen(export: Export) -> Export:
    return export_in(export.campaign, export.pk)


def test_files_are_deleted_and_the_removed_rows_stay_listed(campaign, people):
    export = export_now(campaign)
    erase(campaign, people[2])
    find_removals()
    before = list(removed_since(seen(export)))

    assert withdraw_exports() == 1
    assert withdraw_exports() == 0

    after = seen(export)
    assert before
    assert sorted(removed_since(after)) == sorted(before)
    assert removed_count(after) == len(before)
    assert not ready_folder(export.pk).exists()
    assert after.files_deleted_at is not None
    assert after.files.count() > 0


@on_both
def test_a_prompt_withdraws_what_has_it_wherever_it_is_kept(kept, campaign, people, request):
    export = export_now(campaign)
    erase(campaign, first_prompt(campaign))
    search()

    rows = list(removed_since(seen(export)))
    assert {row.config for row in rows} == {"trl", "judgments"}
    assert seen(export).withdrawn_at is not None
    if "bucket" in request.node.name:
        assert request.getfixturevalue("bucket").keys == []


def test_the_next_export_of_the_selection_takes_its_place(campaign, people):
    export = export_now(campaign)
    erase(campaign, first_prompt(campaign))
    search()
    later = export_now(campaign)

    assert later.state == "ready"
    assert superseding(seen(export)) == later
    assert first_prompt(campaign).pk not in {row["prompt_id"] for row in rows_of(later)}


def test_exports_that_do_not_rest_on_it_keep_their_files(campaign, people):
    other = make_campaign()
    stock(other, 1)
    vote(other, make_member(other))
    kept = [export_now(other)]
    erase(campaign, people[2])
    kept.append(export_now(campaign))
    search()

    assert all(seen(one).withdrawn_at is None for one in kept)
    assert all(ready_folder(one.pk).exists() for one in kept)


def test_what_was_revoked_before_it_was_erased_withdraws_too(campaign, people):
    export = export_now(campaign)
    revoke(
        campaign=campaign, by=campaign.created_by, reason="It was spam.", now=database_now(),
        annotator=people[2],
    )  # fmt: skip
    search()
    without = export_now(campaign)
    assert seen(export).withdrawn_at is None
    erase(campaign, people[2])
    search()

    assert seen(export).withdrawn_at is not None
    assert seen(without).withdrawn_at is None
    assert WithdrawnRow.objects.filter(export=export).exists()


def test_an_export_that_is_being_written_does_not_come_out_with_it(campaign, people, monkeypatch):
    written = writing._write_files

    def erased_meanwhile(export, *rest):
        entries = written(export, *rest)
        erase(campaign, people[2])
        return entries

    monkeypatch.setattr(writing, "_write_files", erased_meanwhile)
    export = export_now(campaign)
    monkeypatch.undo()

    assert (export.state, export.error) == ("failed", ERASED_MEANWHILE)
    assert not ready_folder(export.pk).exists()
    assert export_now(campaign).state == "ready"


def test_a_cut_off_withdrawal_is_finished_by_the_next(campaign, people, monkeypatch):
    export = export_now(campaign)
    erase(campaign, people[2])
    find_removals()

    def cut_off(export_id):
        raise KeyboardInterrupt

    monkeypatch.setattr(withdrawing, "remove_files", cut_off)
    with pytest.raises(KeyboardInterrupt):
        withdraw_exports()
    monkeypatch.undo()
    noted = WithdrawnRow.objects.count()
    assert (seen(export).files_deleted_at, ready_folder(export.pk).exists()) == (None, True)
    search()

    assert (WithdrawnRow.objects.count(), ready_folder(export.pk).exists()) == (noted, False)


def test_an_export_that_cannot_be_read_any_more_is_withdrawn_all_the_same(campaign, people):
    export = export_now(campaign)
    for path in ready_folder(export.pk).rglob("*.parquet"):
        path.unlink()
    erase(campaign, people[2])
    search()

    assert seen(export).withdrawn_at is not None
    assert not ready_folder(export.pk).exists()


def test_an_erased_prompt_is_found_by_no_likeness(campaign, people):
    export_now(campaign, validation_share=0.2)
    erase(campaign, first_prompt(campaign))
    search()

    group = PromptGroup.objects.get(prompt=first_prompt(campaign))
    assert group.keys == ()
    assert export_now(campaign, validation_share=0.2).state == "ready"


def test_over_rest_it_says_that_it_was_withdrawn_and_what_to_do(campaign, people):
    export, client = export_now(campaign), signed_in(campaign.created_by)
    every = f"/api/v1/campaigns/{campaign.pk}/exports/"
    base = f"{every}{export.pk}/"
    assert client.get(f"{base}files/README.md").status_code == 200
    erase(campaign, people[2])
    search()
    later = export_now(campaign)

    detail, file = client.get(base).json(), client.get(f"{base}files/README.md")
    listed = client.get(f"{base}removals/")
    changes = client.get(f"{every}{later.pk}/changes/?since={export.pk}")

    assert detail["withdrawn_at"] is not None
    assert (detail["superseded_by"], detail["state"]) == (later.pk, "ready")
    assert (file.status_code, file.json()["error"]["code"]) == (410, "export_withdrawn")
    assert "same choices" in file.json()["error"]["message"]
    assert len(listed.getvalue().splitlines()) == detail["removed_rows"]
    assert (changes.status_code, changes.json()["error"]["code"]) == (410, "export_withdrawn")


def test_its_page_says_so_and_offers_no_file(campaign, people):
    export, client = export_now(campaign), signed_in(campaign.created_by)
    erase(campaign, people[2])
    search()

    page = client.get(f"/campaigns/{campaign.pk}/exports/{export.pk}/").content.decode()
    history = client.get(f"/campaigns/{campaign.pk}/exports/").content.decode()

    assert "Withdrawn on" in page
    assert "archive.zip" not in page
    assert "Withdrawn" in history


def test_a_worker_that_begins_after_it_writes_without_it(campaign, people):
    asked, _ = request_export(
        campaign=campaign, user=campaign.created_by, selection=Selection(), now=database_now()
    )
    erase(campaign, people[2])
    write_export(export_id=asked.pk, now=database_now())

    assert {row["n_votes"] for row in rows_of(seen(asked))} == {2}

"""Exports in a bucket: published whole or not at all, each in a place of its own."""

import time
from datetime import timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client

from exports.enums import ExportState
from exports.formats.manifest import ARCHIVE, MANIFEST
from exports.models import Export, Sending
from exports.queries import export_in
from exports.selection import Selection
from exports.services import folders, keeping, writing
from exports.services.bucket import Bucket
from exports.services.claims import CLAIMED_FOR, MOST_ATTEMPTS, cancel, claim
from exports.services.comparing import changes_between
from exports.services.places import place_of
from exports.services.removing import removed_since
from exports.services.requests import request_export
from exports.services.stores import FileGone, StorageUnavailable
from exports.services.writing import write_export
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.prompts.models import Prompt
from labeling.quality.services.revoking import revoke
from tests.exports.conftest import Objects, export_now, in_thread, published, vote_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bucket")]
ROWS = "jsonl/trl/train-00000-of-00001.jsonl"


@pytest.fixture
def judged(campaign: Campaign) -> Campaign:
    """A campaign in which somebody judged everything."""
    vote_all(campaign, "good")
    return campaign


@pytest.fixture
def export(judged: Campaign) -> Export:
    return export_now(judged)


def ask(campaign: Campaign) -> Export:
    """Request an export that nobody writes yet."""
    asked, _ = request_export(
        campaign=campaign, user=campaign.created_by, selection=Selection(), now=database_now()
    )
    return asked


def leftovers_an_hour_later() -> int:
    """Sweep now, and when nobody can be sending any more what is left over; count that."""
    assert folders.remove_leftovers() == 0
    known = Sending.objects.exclude(over_since=None)
    known.update(over_since=F("over_since") - timedelta(hours=1))
    return folders.remove_leftovers()


def is_whole(export: Export) -> bool:
    files = list(export.files.all())
    return bool(files) and all(sha256(published(file)).hexdigest() == file.sha256 for file in files)


def test_all_files_are_under_the_claim_that_wrote_them_and_none_on_the_disk(
    bucket: Objects, export, exports_dir
):
    paths = [file.path for file in export.files.all() if file.path != ARCHIVE]
    place = f"{export.pk}/{export.place.hex}"

    assert bucket.keys == sorted(f"{place}/{path}" for path in (*paths, "archive.json"))
    assert list(exports_dir.rglob("*.*")) == []
    assert not Sending.objects.exists()
    assert is_whole(export)


def test_it_has_the_bytes_that_it_has_on_the_disk(settings, judged):
    of_bucket = export_now(judged)
    settings.EXPORTS_STORAGE = ""
    on_disk = export_now(judged)
    settings.EXPORTS_STORAGE = "s3://exports"

    differing = {MANIFEST, ARCHIVE}  # they state the number of the export
    same = [file for file in on_disk.files.all() if file.path not in differing]
    assert [of_bucket.files.get(path=file.path).sha256 for file in same] == [
        file.sha256 for file in same
    ]
    assert all(published(file) for file in on_disk.files.all())
    assert (on_disk.place, of_bucket.place is None) == (None, False)


@pytest.mark.parametrize("harm", ["deleted", "shorter", "other"])
@pytest.mark.parametrize("path", [ROWS, ARCHIVE])
def test_an_object_that_is_not_what_was_published_is_never_sent(
    bucket: Objects, export, harm, path
):
    found = bucket.named(ROWS)
    size = found.content_length
    if harm == "deleted":
        found.delete()
    else:
        found.put(Body=bytes(size if harm == "other" else size - 1))

    with pytest.raises(FileGone, match="Make a new export"):
        published(export.files.get(path=path))


def test_a_damaged_file_is_answered_as_gone_and_an_unreachable_one_as_such(
    settings, bucket: Objects, cast, manager: Client
):
    made = export_now(cast.campaign)
    place = f"/api/v1/campaigns/{cast.campaign.pk}/exports/{made.pk}/files/{MANIFEST}"
    bucket.named(MANIFEST).delete()
    gone = manager.get(place)
    settings.EXPORTS_STORAGE = ""
    unreachable = manager.get(place)

    assert (gone.status_code, gone.json()["error"]["code"]) == (410, "export_file_gone")
    assert unreachable.status_code == 503
    assert unreachable.json()["error"]["code"] == "export_storage_unavailable"


def test_a_worker_that_loses_its_claim_while_it_sends_mixes_with_nobody(
    bucket: Objects, judged, monkeypatch
):
    asked, real, sent = ask(judged), Bucket.send, []

    def overtaken(self, folder, place, entries):
        sent.append(place)
        if len(sent) == 1:
            write_export(export_id=asked.pk, now=database_now() + CLAIMED_FOR)
        real(self, folder, place, entries)

    monkeypatch.setattr(Bucket, "send", overtaken)

    assert write_export(export_id=asked.pk, now=database_now()) is None

    asked.refresh_from_db()
    late, own = sent
    assert place_of(asked.pk).name == own
    assert is_whole(asked)
    assert (late == own, {key[: len(own)] for key in bucket.keys}) == (False, {own})
    assert not Sending.objects.exists()


def test_what_is_sent_and_not_published_is_removed_by_its_worker(
    bucket: Objects, judged, monkeypatch
):
    asked, sent = ask(judged), []

    def erased(*_: object) -> bool:
        sent.extend(bucket.keys)
        return True

    monkeypatch.setattr(writing, "has_erased_since", erased)

    write_export(export_id=asked.pk, now=database_now())

    asked.refresh_from_db()
    assert (asked.state, bool(sent)) == (ExportState.FAILED, True)
    assert (bucket.keys, Sending.objects.count()) == ([], 0)


def test_canceled_export_is_stopped_before_the_next_file_is_sent(
    bucket: Objects, judged, monkeypatch
):
    asked, real = ask(judged), Bucket.send
    monkeypatch.setattr(keeping, "BEAT_SECONDS", 0.01)

    def cancel_meanwhile(self, folder, place, entries):
        def slowly():
            yield next(entries)
            in_thread(lambda: cancel(export=asked, now=database_now()))
            time.sleep(0.5)
            yield from entries

        real(self, folder, place, slowly())

    monkeypatch.setattr(Bucket, "send", cancel_meanwhile)

    assert write_export(export_id=asked.pk, now=database_now()) is None

    asked.refresh_from_db()
    assert (asked.state, asked.place) == (ExportState.CANCELED, None)
    assert bucket.keys == []


def test_what_a_crash_leaves_is_removed_when_nobody_can_be_sending_it_any_more(
    bucket: Objects, judged, monkeypatch
):
    asked, real = ask(judged), Bucket.send

    def crash(self, folder, place, entries):
        real(self, folder, place, list(entries)[:2])
        raise RuntimeError("killed")

    monkeypatch.setattr(Bucket, "send", crash)
    monkeypatch.setattr(writing, "discard", lambda *_: None)  # who is killed does nothing more
    with pytest.raises(RuntimeError, match="killed"):
        write_export(export_id=asked.pk, now=database_now())

    assert len(bucket.keys) == 2
    assert folders.remove_leftovers() == 1  # its folder on the disk
    assert leftovers_an_hour_later() == 1
    assert (bucket.keys, Sending.objects.count()) == ([], 0)


def test_what_is_being_sent_or_of_somebody_else_is_never_removed(bucket: Objects, judged):
    running = claim(export_id=ask(judged).pk, now=database_now())
    assert running is not None
    assert running.claim is not None
    Sending.objects.create(export=running, claim=running.claim)
    bucket.put(f"{running.pk}/{running.claim.hex}/README.md")
    bucket.put("9/of-another-database/README.md")

    assert leftovers_an_hour_later() == 0
    assert len(bucket.keys) == 2


def test_leftovers_stay_known_while_the_bucket_is_not_there(settings, export):
    Sending.objects.create(export=export, claim=export.place)
    settings.EXPORTS_STORAGE = ""

    assert leftovers_an_hour_later() == 0
    assert Sending.objects.count() == 1


def test_an_export_that_the_bucket_does_not_take_fails_with_the_reason(judged, monkeypatch):
    def refuse(*_: object) -> None:
        raise StorageUnavailable("The bucket that holds the files cannot be used (AccessDenied).")

    monkeypatch.setattr(Bucket, "send", refuse)

    export = export_now(judged)

    assert (export.state, export.files.count()) == (ExportState.FAILED, 0)
    assert "AccessDenied" in export.error
    assert export.attempts < MOST_ATTEMPTS


def test_removed_and_changed_rows_are_found(judged, exports_dir):
    old = export_now(judged)
    revoke(
        campaign=judged,
        by=judged.created_by,
        prompt=Prompt.objects.filter(campaign=judged).order_by("pk").first(),
        reason="It holds an address.",
        now=database_now(),
    )
    removed = [row.config for row in removed_since(export_in(judged, old.pk))]
    new = export_now(judged)
    changes = changes_between(export_in(judged, old.pk), export_in(judged, new.pk))

    assert removed == ["judgments", "trl"]
    assert [one.as_json()["change"] for one in changes] == ["gone"]
    assert list(exports_dir.rglob("*.*")) == []


def test_files_are_at_hand_as_long_as_the_block(export, exports_dir):
    files = [file for file in export.files.all() if file.path != ARCHIVE]
    with folders.at_hand(files) as paths:
        found = {path: sha256(at.read_bytes()).hexdigest() for path, at in paths.items()}

    assert found == {file.path: file.sha256 for file in files}
    assert list((exports_dir / "copies").iterdir()) == []


def test_files_are_removed_for_good_and_safely_twice(bucket: Objects, export, judged):
    other = export_now(judged, containers=("jsonl",))

    folders.remove_files(export.pk)
    folders.remove_files(export.pk)

    assert {key.split("/")[0] for key in bucket.keys} == {str(other.pk)}
    assert export.files.count() == len(export.manifest["files"]) + 2  # the manifest, the archive
    with pytest.raises(FileGone):
        published(export.files.get(path=MANIFEST))


def test_the_first_rows_are_shown_and_none_of_what_is_damaged(bucket: Objects, export):
    files = export_in(export.campaign, export.pk).files.all()
    assert [len(folders.first_rows(files, most)) for most in (2, 9)] == [2, 3]

    bucket.named(ROWS).delete()
    assert folders.first_rows(files, 2) == []


def test_the_command_says_where_the_export_is(judged):
    said = StringIO()
    call_command("export", judged.pk, stdout=said)

    export = Export.objects.get()
    assert f"/{place_of(export.pk).name}/\n" in said.getvalue()
    assert "\ns3://exports/" in said.getvalue()

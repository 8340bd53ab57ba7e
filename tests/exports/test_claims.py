"""One worker writes an export, and whoever dies, fails or is late does no harm."""

import time

import pytest

from exports.enums import ExportState
from exports.models import ExportFile
from exports.queries import judged_comparisons
from exports.selection import Selection
from exports.services import collecting, folders, keeping
from exports.services.archives import plan_archive
from exports.services.claims import CLAIMED_FOR, MOST_ATTEMPTS, cancel, claim
from exports.services.requests import request_export
from exports.services.writing import write_export
from exports.tasks import sweep
from labeling.clock import database_now
from tests.exports.conftest import export_now, in_thread, vote_all

pytestmark = pytest.mark.django_db(transaction=True)


def ask(campaign):
    """Request an export that nobody writes yet."""
    return request_export(
        campaign=campaign, user=campaign.created_by, selection=Selection(), now=database_now()
    )


def test_writing_twice_writes_once(campaign):
    vote_all(campaign, "good")
    export = export_now(campaign)

    assert write_export(export_id=export.pk, now=database_now()) is None
    assert ExportFile.objects.filter(export=export).count() == 10


def test_a_request_is_not_doubled_while_it_waits(campaign):
    asked = [ask(campaign) for _ in range(2)]

    assert [new for _, new in asked] == [True, False]
    assert asked[0][0].pk == asked[1][0].pk


def test_a_dead_workers_export_is_written_by_the_next(campaign, exports_dir):
    vote_all(campaign, "good")
    export, _ = ask(campaign)
    dead = claim(export_id=export.pk, now=database_now())
    assert dead is not None
    folders.writing_folder(dead).mkdir(parents=True)
    (folders.ready_folder(export.pk)).mkdir()
    (folders.ready_folder(export.pk) / "half").write_bytes(b"half")

    assert write_export(export_id=export.pk, now=database_now()) is None
    written = write_export(export_id=export.pk, now=database_now() + CLAIMED_FOR)

    assert written is not None
    assert written.state == ExportState.READY
    assert folders.remove_leftovers() == 1
    assert not (folders.ready_folder(export.pk) / "half").exists()


def test_a_worker_that_lost_its_claim_publishes_nothing(campaign, monkeypatch):
    vote_all(campaign, "good")
    export, _ = ask(campaign)
    real = plan_archive

    def lose_claim(*args, **options):
        claim(export_id=export.pk, now=database_now() + CLAIMED_FOR)
        return real(*args, **options)

    monkeypatch.setattr("exports.services.writing.plan_archive", lose_claim)

    write_export(export_id=export.pk, now=database_now())

    export.refresh_from_db()
    assert export.state == ExportState.RUNNING
    assert export.files.count() == 0
    assert not folders.ready_folder(export.pk).exists()


def test_a_failure_of_the_program_gives_the_export_back_until_it_is_given_up(campaign, monkeypatch):
    export, _ = ask(campaign)

    def break_down(*args):
        raise RuntimeError("broken")

    monkeypatch.setattr("exports.services.writing.collect", break_down)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(RuntimeError, match="broken"):
            write_export(export_id=export.pk, now=database_now())
    write_export(export_id=export.pk, now=database_now())

    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert export.error == "Not written after 5 tries; the log says why."


def test_a_full_disk_fails_the_export_with_the_reason(campaign, monkeypatch, exports_dir):
    vote_all(campaign, "good")

    def no_space(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("exports.services.writing.plan_archive", no_space)
    monkeypatch.setattr("exports.services.writing.publish", no_space)

    export = export_now(campaign)

    assert export.error == "The files could not be written: No space left on device."
    assert list((exports_dir / "writing").iterdir()) == []


def test_sweep_writes_what_a_lost_ring_left_and_clears_up(campaign, exports_dir):
    vote_all(campaign, "good")
    export, _ = ask(campaign)
    (exports_dir / "writing" / "1-gone").mkdir(parents=True)

    sweep()

    export.refresh_from_db()
    assert export.state == ExportState.READY
    assert list((exports_dir / "writing").iterdir()) == []


def test_canceled_export_is_stopped_while_it_is_written(campaign, monkeypatch, exports_dir):
    vote_all(campaign, "good")
    export, _ = ask(campaign)
    monkeypatch.setattr(keeping, "BEAT_SECONDS", 0.01)
    read = judged_comparisons

    def cancel_meanwhile(*args):
        for number, one in enumerate(read(*args)):
            if not number:
                in_thread(lambda: cancel(export=export, now=database_now()))
                time.sleep(0.5)
            yield one

    monkeypatch.setattr(collecting, "judged_comparisons", cancel_meanwhile)

    assert write_export(export_id=export.pk, now=database_now()) is None

    export.refresh_from_db()
    assert (export.state, export.files.count()) == (ExportState.CANCELED, 0)
    assert list((exports_dir / "writing").iterdir()) == []


def test_claim_is_renewed_and_progress_noted_while_an_export_is_written(campaign, monkeypatch):
    export, _ = ask(campaign)
    claimed = claim(export_id=export.pk, now=database_now())
    assert claimed is not None
    monkeypatch.setattr(keeping, "BEAT_SECONDS", 0.01)

    with keeping.kept(claimed, lambda: 2) as held:
        held.total = 3
        time.sleep(0.5)

    export.refresh_from_db()
    assert (export.comparisons_read, export.comparisons_total) == (2, 3)
    assert export.claim_expires_at > claimed.claim_expires_at

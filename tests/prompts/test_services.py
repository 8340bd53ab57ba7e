"""Importing once, twice, halfway and at the same time: the same rows in the end."""

import io
import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from labeling.accounts.models import AuditEvent
from labeling.clock import database_now
from labeling.errors import NotFound
from labeling.prompts.models import Prompt, PromptSet, ReadyResponses
from labeling.prompts.problems import FileTooLarge, UploadCutOff
from labeling.prompts.queries import prompt_sets_to_resume
from labeling.prompts.services import import_prompt_set, importing, receive_file, storing, uploads
from tests.factories import Cast, make_cast
from tests.prompts.bringing import asked, bring, jsonl, problems, receive, resume

pytestmark = pytest.mark.django_db


class Stopped(Exception):
    """Stands for a worker that dies."""


def rows(count: int, **fields: Any) -> bytes:
    return jsonl(*({"prompt": f"Question {number}", **fields} for number in range(count)))


def uploads_left() -> list[Path]:
    folder = Path(settings.UPLOADS_DIR)
    return list(folder.iterdir()) if folder.exists() else []


def test_same_file_five_times_changes_nothing(cast: Cast) -> None:
    data = rows(7, candidates=["a", "b"])

    sets = {bring(cast.campaign, data, f"{number}.jsonl").pk for number in range(5)}

    assert len(sets) == 1
    assert (Prompt.objects.count(), ReadyResponses.objects.count()) == (7, 7)
    assert AuditEvent.objects.filter(action="prompts.file_received").count() == 1
    assert uploads_left() == []


def test_same_rows_in_another_file_are_all_duplicates(cast: Cast) -> None:
    bring(cast.campaign, rows(3, candidates=["a", "b"]))

    done = bring(cast.campaign, rows(3, candidates=["b", "a"]) + b"\n")

    assert done.counts == "0 stored, 3 duplicates, 0 refused"
    assert problems(done) == [(number, "", "duplicate") for number in (1, 2, 3)]
    assert (Prompt.objects.count(), ReadyResponses.objects.count()) == (3, 3)


def test_duplicates_inside_one_file_are_stored_once(cast: Cast) -> None:
    done = bring(cast.campaign, rows(2) + rows(2))

    assert done.counts == "2 stored, 2 duplicates, 0 refused"
    assert problems(done) == [(3, "", "duplicate"), (4, "", "duplicate")]


def test_other_responses_join_the_prompt_they_answer(cast: Cast) -> None:
    bring(cast.campaign, rows(1))

    done = bring(cast.campaign, rows(1, candidates=["a", "b"]) + rows(1, candidates=["a", "c"]))

    assert done.counts == "2 stored, 0 duplicates, 0 refused"
    assert (Prompt.objects.count(), ReadyResponses.objects.count()) == (1, 2)


def test_external_id_of_another_prompt_is_refused(cast: Cast) -> None:
    bring(cast.campaign, jsonl(asked(external_id="q")))

    done = bring(cast.campaign, jsonl({"prompt": "Another?", "external_id": "q"}))

    assert problems(done) == [(1, "external_id", "external_id_taken")]
    assert Prompt.objects.count() == 1


def test_another_campaign_takes_the_same_file(cast: Cast) -> None:
    first, second = bring(cast.campaign, rows(2)), bring(cast.foreign, rows(2))

    assert (first.stored_rows, second.stored_rows) == (2, 2)


def test_failed_file_may_come_again(cast: Cast) -> None:
    first, second = bring(cast.campaign, b""), bring(cast.campaign, b"")

    assert (first.state, second.state, first.pk == second.pk) == ("failed", "failed", False)


@pytest.mark.parametrize("dies_after", [0, 1, 2, 3])
def test_import_cut_off_between_chunks_ends_with_the_same_rows(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, dies_after: int
) -> None:
    monkeypatch.setattr(importing, "ROWS_A_TRANSACTION", 3)
    data = rows(4) + jsonl({"prompt": ""}) + rows(6)
    prompt_set = receive(cast.campaign, data)
    left = iter(range(dies_after))

    def die(prompt_set: PromptSet) -> None:
        if prompt_set.state == "storing" and next(left, None) is None:
            raise Stopped

    with pytest.raises(Stopped):
        import_prompt_set(prompt_set_id=prompt_set.pk, now=database_now(), report=die)
    done = resume(prompt_set)

    assert done.counts == "6 stored, 4 duplicates, 1 refused"
    assert [row for row, _, _ in problems(done)] == [5, 6, 7, 8, 9]
    assert Prompt.objects.count() == 6


def test_import_cut_off_inside_a_chunk_leaves_nothing_of_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt_set = receive(cast.campaign, rows(4))
    with monkeypatch.context() as patch:
        patch.setattr(storing, "_write_refused", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            import_prompt_set(prompt_set_id=prompt_set.pk, now=database_now())
        assert Prompt.objects.count() == 0

    assert resume(prompt_set).stored_rows == 4


def test_second_runner_leaves_an_import_in_other_hands_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt_set = receive(cast.campaign, rows(4))
    PromptSet.objects.filter(pk=prompt_set.pk).update(state="storing", touched_at=database_now())

    after = import_prompt_set(prompt_set_id=prompt_set.pk, now=database_now())

    assert (after.state, Prompt.objects.count()) == ("storing", 0)


def test_slow_runner_stops_when_another_took_over(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "ROWS_A_TRANSACTION", 2)
    prompt_set = receive(cast.campaign, rows(6))
    taken_over: list[PromptSet] = []

    def stall(current: PromptSet) -> None:
        if current.handled_rows == 2 and not taken_over:
            taken_over.append(current)
            resume(prompt_set)

    done = import_prompt_set(prompt_set_id=prompt_set.pk, now=database_now(), report=stall)

    assert (done.state, done.stored_rows, Prompt.objects.count()) == ("done", 6, 6)


def test_sweep_finds_the_imports_nobody_works_on(cast: Cast) -> None:
    left, busy, done = (receive(cast.campaign, rows(count)) for count in (1, 2, 3))
    PromptSet.objects.filter(pk=left.pk).update(touched_at="2026-01-01T00:00Z")
    import_prompt_set(prompt_set_id=done.pk, now=database_now())

    assert prompt_sets_to_resume(now=database_now()) == [left.pk]
    assert busy.state == "uploaded"


def test_upload_beyond_the_limit_is_refused_and_not_kept(cast: Cast, settings: Any) -> None:
    settings.UPLOAD_LIMIT_MB = 1

    with pytest.raises(FileTooLarge) as refusal:
        receive(cast.campaign, b"a" * 1_100_000)

    assert refusal.value.data == {"limit_mb": 1}
    assert (PromptSet.objects.count(), uploads_left()) == (0, [])


def test_upload_cut_off_on_the_way_is_refused_and_not_kept(cast: Cast) -> None:
    with pytest.raises(UploadCutOff):
        receive_file(
            campaign=cast.campaign,
            user=cast.manager,
            name="a.jsonl",
            stream=io.BytesIO(b"{}"),
            now=database_now(),
            size=3,
        )

    assert (PromptSet.objects.count(), uploads_left()) == (0, [])


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\passwd", "/etc/passwd", "passwd\x00"])
def test_names_of_clients_never_reach_the_file_system(cast: Cast, name: str) -> None:
    prompt_set = receive(cast.campaign, rows(1), name)

    assert uploads.path_of(prompt_set.upload) == Path(settings.UPLOADS_DIR) / prompt_set.upload
    assert prompt_set.upload.isalnum()
    assert prompt_set.name.startswith("passwd")


def test_upload_is_gone_once_it_is_imported(cast: Cast) -> None:
    bring(cast.campaign, rows(1))
    bring(cast.campaign, b"")

    assert uploads_left() == []


def test_lost_upload_fails_the_import_with_a_remedy(cast: Cast) -> None:
    prompt_set = receive(cast.campaign, rows(1))
    uploads.discard(prompt_set.upload)

    done = import_prompt_set(prompt_set_id=prompt_set.pk, now=database_now())

    assert (done.state, done.error_code) == ("failed", "upload_missing")


def test_unknown_import_is_not_found() -> None:
    with pytest.raises(NotFound):
        import_prompt_set(prompt_set_id=1, now=database_now())


def test_refused_rows_are_kept_up_to_a_thousand_and_counted_beyond(cast: Cast) -> None:
    bad = jsonl({"prompt": ""}) * 1200

    done = bring(cast.campaign, rows(1) + rows(1) * 300 + bad)

    assert (done.duplicate_rows, done.refused_rows) == (300, 1200)
    assert done.problems.count() == 1000
    assert done.problems.filter(code="duplicate").count() == 200


@pytest.mark.django_db(transaction=True)
def test_imports_at_the_same_time_store_each_prompt_once() -> None:
    cast = make_cast()
    sets = [
        receive(cast.campaign, rows(700) + rows(extra, candidates=["a", "b"]))
        for extra in (300, 301, 302)
    ]

    def run(prompt_set: PromptSet) -> None:
        try:
            import_prompt_set(prompt_set_id=prompt_set.pk, now=database_now())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[prompt_set]) for prompt_set in sets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    states = PromptSet.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["done", "done", "done"]
    assert (Prompt.objects.count(), ReadyResponses.objects.count()) == (700, 302)
    assert sum(one.stored_rows for one in PromptSet.objects.all()) == 700 + 302

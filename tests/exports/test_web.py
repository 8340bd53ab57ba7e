"""The pages of the exports."""

import re

import pytest
from django.test import Client

from exports.enums import ExportState
from exports.models import Export
from exports.selection import Selection
from exports.services.claims import claim
from exports.services.folders import ready_folder
from exports.services.writing import write_export
from labeling.clock import database_now
from labeling.generation.models import Candidate
from tests.exports.conftest import export_now
from tests.factories import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {
    "configs": ["trl"],
    "containers": ["parquet", "jsonl"],
    "min_votes": "1",
    "min_agreement_percent": "0",
    "validation_percent": "0",
}


@pytest.fixture
def base(cast) -> str:
    return f"/campaigns/{cast.campaign.pk}/exports/"


def words_of(response) -> str:
    """Return what a person reads, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_asking_leads_to_the_export_and_rings_for_it(manager, base, rings):
    answer = manager.post(base, ASKED | {"min_agreement_percent": "60", "validation_percent": "10"})

    export = Export.objects.get()
    assert answer.headers["Location"] == f"{base}{export.pk}/"
    assert export.selection == Selection(min_agreement=0.6, validation_share=0.1).as_json()
    assert rings[-1] == ("exports.write_export", {"export_id": export.pk})


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("min_votes", "0", "greater than or equal to 1"),
        ("min_agreement_percent", "101", "less than or equal to 100"),
        ("validation_percent", "x", "Enter a whole number"),
    ],
)
def test_a_bad_value_is_kept_with_its_reason(manager, base, field, value, reason):
    answer = manager.post(base, ASKED | {field: value})

    assert answer.status_code == 400
    assert f'value="{value}"' in answer.content.decode()
    assert reason in words_of(answer)
    assert Export.objects.count() == 0


def test_the_page_says_how_many_pairs_there_are_now(manager, base):
    assert "3 pairs now" in words_of(manager.get(base))
    assert "3 pairs now" in words_of(manager.get(f"{base}preview/", ASKED))
    none = words_of(manager.get(f"{base}preview/", ASKED | {"min_votes": "2"}))
    assert none.startswith("0 pairs now")
    assert "No row passes this selection" in none


def test_the_count_is_left_to_the_worker_when_there_are_many(manager, base, monkeypatch):
    monkeypatch.setattr("exports.queries.judged.MOST_JUDGMENTS_PREVIEWED", 2)

    assert "counted when the export is written" in words_of(manager.get(base))


def test_the_history_follows_the_export_until_it_is_over(cast, manager, base):
    manager.post(base, ASKED)
    export = Export.objects.get()
    waiting = manager.get(f"{base}history/")
    same = manager.get(f"{base}history/", headers={"If-None-Match": waiting["ETag"]})
    write_export(export_id=export.pk, now=database_now())
    ready = manager.get(f"{base}history/", headers={"If-None-Match": waiting["ETag"]})

    assert 'data-finished="no"' in waiting.content.decode()
    assert same.status_code == 304
    assert 'data-finished="yes"' in ready.content.decode()
    assert f"Export {export.pk} Ready" in words_of(ready)


def test_the_page_of_an_export_shows_files_rows_and_how_to_load_it(cast, manager, base):
    export = export_now(cast.campaign)

    answer = manager.get(f"{base}{export.pk}/")

    text = words_of(answer)
    assert "3 preference pairs Ready" in text
    assert "trl train 3 judgments train 3" in text
    assert (
        f"load_dataset(&quot;annotate-export-{export.pk}&quot;, &quot;trl&quot;)"
        in answer.content.decode()
    )
    for file in export.files.all():
        place = f"/api/v1{base}{export.pk}/files/{file.path}"
        assert f'href="{place}"' in answer.content.decode()
        assert manager.get(place).status_code == 200
    assert "Question " in text


def test_the_page_lists_what_trainers_read_before_the_judgments(cast, manager, base):
    export = export_now(cast.campaign)

    page = manager.get(f"{base}{export.pk}/").content.decode()

    files = re.findall(r'id="file-\d+" href="[^"]+/files/([^"]+)"', page)
    named = ["/judgments/" in path for path in files]
    assert sorted(files) == sorted(file.path for file in export.files.all())
    assert named == sorted(named)


def test_the_page_of_a_failed_export_says_why(manager, base, cast):
    export = export_now(cast.campaign, min_votes=9)

    answer = manager.get(f"{base}{export.pk}/")

    assert "left out: 3 few votes or low agreement." in words_of(answer)


def test_the_page_goes_on_without_the_file_on_the_disk(cast, manager, base):
    export = export_now(cast.campaign)
    for path in ready_folder(export.pk).glob("jsonl/trl/*.jsonl"):
        path.unlink()

    assert "First rows" not in words_of(manager.get(f"{base}{export.pk}/"))


def test_the_standing_changes_with_the_state(manager, base):
    manager.post(base, ASKED)
    export = Export.objects.get()
    place = f"{base}{export.pk}/standing/"
    waiting = manager.get(place)
    claim(export_id=export.pk, now=database_now())
    running = manager.get(place, headers={"If-None-Match": waiting["ETag"]})

    assert "It waits for a worker." in words_of(waiting)
    assert "The rows are being written." in words_of(running)
    assert export.state == ExportState.REQUESTED


def test_hostile_text_is_shown_as_text(cast, manager, base):
    evil = "<script>alert(1)</script>"
    for candidate in Candidate.objects.filter(text__startswith="good"):
        Candidate.objects.filter(pk=candidate.pk).update(text=f"{evil} {candidate.pk}")
    export = export_now(cast.campaign)

    page = manager.get(f"{base}{export.pk}/").content.decode()

    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page


def test_only_managers_see_exports(cast, base):
    export = export_now(cast.campaign)
    stranger = signed_in(cast.stranger)
    for place in ("", "preview/", "history/", f"{export.pk}/", f"{export.pk}/standing/"):
        assert signed_in(cast.annotator).get(base + place).status_code == 403
        assert signed_in(cast.reviewer).get(base + place).status_code == 403
        assert stranger.get(base + place).status_code == 404
        assert Client().get(base + place).status_code == 302
    foreign = f"/campaigns/{cast.foreign.pk}/exports/{export.pk}/"
    assert stranger.get(foreign).status_code == 404
    assert signed_in(cast.annotator).post(base, ASKED).status_code == 403

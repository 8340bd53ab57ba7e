"""The REST API of the exports: ask, look, download, resume."""

import io
import random
import zipfile
from hashlib import sha256

import pytest
from django.test import Client

from exports.enums import ExportState
from exports.models import Export
from exports.selection import Selection
from exports.services.folders import ready_folder
from exports.services.writing import write_export
from labeling.access import Scope
from labeling.clock import database_now
from tests.exports.conftest import export_now, on_both
from tests.factories import make_bearer, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = (
    "../manifest.json",
    "..%2fmanifest.json",
    "%2e%2e/1/manifest.json",
    "/etc/passwd",
    "//etc/passwd",
    "parquet/../manifest.json",
    "./manifest.json",
    "manifest.json/",
    "manifest.json%00.md",
    "MANIFEST.JSON",
    "parquet\\train-00000-of-00001.parquet",
    "\\\\server\\share",
    "writing",
    "a%0d%0aSet-Cookie:x",
    "x" * 300,
    "%ff%fe",
    "C:/manifest.json",
    "train-00000-of-00001.parquet",
)


@pytest.fixture
def export(cast, kept) -> Export:
    return export_now(cast.campaign)


@pytest.fixture
def base(cast) -> str:
    return f"/api/v1/campaigns/{cast.campaign.pk}/exports/"


def bytes_of(response) -> bytes:
    return b"".join(response.streaming_content)


def test_asking_answers_202_and_the_export_can_be_followed(manager, base, rings):
    asked = manager.post(base, {"min_votes": 1}, content_type="application/json")

    assert rings[-1] == ("exports.write_export", {"export_id": asked.json()["id"]})
    assert asked.status_code == 202
    assert asked["Location"] == f"{base}{asked.json()['id']}/"
    assert asked.json() | {"created_at": 0, "id": 0, "requested_by": 0} == {
        "id": 0,
        "state": "requested",
        "selection": Selection().as_json(),
        "comparisons_read": 0,
        "comparisons_total": 0,
        "pair_count": 0,
        "error": "",
        "data_sha256": None,
        "requested_by": 0,
        "created_at": 0,
        "finished_at": None,
        "withdrawn_at": None,
    }
    write_export(export_id=asked.json()["id"], now=database_now())
    found = manager.get(asked["Location"]).json()
    assert (found["state"], found["pair_count"]) == ("ready", 3)
    assert found["data_sha256"] == found["manifest"]["data_sha256"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"policy": "dictator"}, "policy"),
        ({"min_votes": 0}, "min_votes"),
        ({"min_agreement": 1.5}, "min_agreement"),
        ({"validation_share": -0.1}, "validation_share"),
        ({"ties": True}, "ties"),
        ({"configs": []}, "configs"),
        ({"configs": ["trl", "trl"]}, "configs"),
        ({"containers": ["xlsx"]}, "containers"),
        ({"validation_share": 0.3, "test_share": 0.3}, "test_share"),
        ({"rounds": [0]}, "rounds"),
        ({"nothing": 1}, "nothing"),
    ],
)
def test_asking_with_a_bad_selection_names_the_field(manager, base, body, field):
    answer = manager.post(base, body, content_type="application/json")

    assert answer.status_code == 400
    assert list(answer.json()["error"]["data"]["fields"]) == [field]
    assert Export.objects.count() == 0


def test_the_list_is_paged_with_a_steady_number_of_queries(
    cast, manager, base, export, django_assert_num_queries
):
    with django_assert_num_queries(4):
        (only,) = manager.get(base).json()["results"]
    for votes in (2, 3):
        export_now(cast.campaign, min_votes=votes)
    with django_assert_num_queries(4):
        found = manager.get(base).json()["results"]

    assert [row["state"] for row in found] == ["failed", "failed", "ready"]
    assert only["id"] == found[2]["id"]
    paged = manager.get(base, {"limit": 2}).json()
    assert [row["id"] for row in manager.get(paged["next"]).json()["results"]] == [only["id"]]


@on_both
def test_every_file_can_be_downloaded_and_matches_its_checksum(manager, base, export):
    files = manager.get(f"{base}{export.pk}/").json()["files"]

    assert len(files) == 10
    for file in files:
        answer = manager.get(file["url"])
        held = bytes_of(answer)
        assert sha256(held).hexdigest() == file["sha256"]
        assert answer["ETag"] == f'"{file["sha256"]}"'
        assert int(answer["Content-Length"]) == len(held) == file["size"]
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Accept-Ranges"] == "bytes"


@on_both
def test_the_archive_is_sound(manager, base, export):
    held = bytes_of(manager.get(f"{base}{export.pk}/files/archive.zip"))

    with zipfile.ZipFile(io.BytesIO(held)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 9


@on_both
def test_head_answers_as_get_without_the_file(manager, base, export):
    place = f"{base}{export.pk}/files/archive.zip"
    got, headed = manager.get(place), manager.head(place)
    got.close()

    assert (headed.status_code, headed.getvalue()) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Accept-Ranges"):
        assert headed[name] == got[name]


@on_both
def test_a_download_cut_at_20_places_is_resumed_to_the_same_bytes(manager, base, export):
    place = f"{base}{export.pk}/files/archive.zip"
    first = manager.get(place)
    whole = bytes_of(first)
    cuts = random.Random(7).sample(range(1, len(whole)), 20)

    for cut in cuts:
        rest = manager.get(place, headers={"Range": f"bytes={cut}-", "If-Range": first["ETag"]})
        assert rest.status_code == 206
        assert rest["Content-Range"] == f"bytes {cut}-{len(whole) - 1}/{len(whole)}"
        assert int(rest["Content-Length"]) == len(whole) - cut
        assert whole[:cut] + bytes_of(rest) == whole


@on_both
def test_a_range_of_another_version_gets_the_whole_file(manager, base, export):
    place = f"{base}{export.pk}/files/manifest.json"

    answer = manager.get(place, headers={"Range": "bytes=5-", "If-Range": '"other"'})

    assert (answer.status_code, len(bytes_of(answer))) == (200, int(answer["Content-Length"]))


def test_a_range_outside_the_file_is_416(manager, base, export):
    size = export.files.get(path="manifest.json").size

    answer = manager.get(
        f"{base}{export.pk}/files/manifest.json", headers={"Range": f"bytes={size}-"}
    )

    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{size}")


def test_what_the_client_has_is_not_sent_again(manager, base, export):
    digest = export.files.get(path="manifest.json").sha256

    for known in (f'"{digest}"', f'W/"{digest}"', f'"x", "{digest}"', "*"):
        answer = manager.get(
            f"{base}{export.pk}/files/manifest.json", headers={"If-None-Match": known}
        )
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == f'"{digest}"'


def test_a_path_that_is_not_of_the_export_is_404(manager, base, export):
    answers = {name: manager.get(f"{base}{export.pk}/files/{name}") for name in HOSTILE}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        HOSTILE, 404
    )
    assert not any(answer.streaming for answer in answers.values())


@pytest.mark.parametrize("damage", ["missing", "shorter"])
def test_a_damaged_file_is_not_sent(manager, base, export, damage):
    path = ready_folder(export.pk) / "manifest.json"
    path.unlink() if damage == "missing" else path.write_bytes(b"{}")

    answer = manager.get(f"{base}{export.pk}/files/manifest.json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "export_file_gone")


def test_an_unfinished_export_has_no_files(cast, manager, base, export):
    Export.objects.filter(pk=export.pk).update(state=ExportState.FAILED)

    assert manager.get(f"{base}{export.pk}/files/manifest.json").status_code == 404


def test_a_token_with_export_read_reads_and_does_not_ask(cast, base, export):
    bearer = make_bearer(cast.manager, Scope.EXPORT_READ)
    client = Client(headers=bearer)

    assert client.get(base).status_code == 200
    assert bytes_of(client.get(f"{base}{export.pk}/files/README.md")).startswith(b"---\n")
    assert client.post(base, {}, content_type="application/json").status_code == 403


def test_others_get_nothing(cast, base, export):
    places = (base, f"{base}{export.pk}/", f"{base}{export.pk}/files/manifest.json")
    outside = Client(headers=make_bearer(cast.stranger, Scope.EXPORT_READ))
    annotator, reviewer = signed_in(cast.annotator), signed_in(cast.reviewer)

    for place in places:
        assert Client().get(place).status_code == 401
        assert outside.get(place).status_code == 404
        assert annotator.get(place).status_code == reviewer.get(place).status_code == 403


def test_an_export_is_not_reached_through_another_campaign(cast, export):
    place = f"/api/v1/campaigns/{cast.foreign.pk}/exports/{export.pk}/"
    stranger = signed_in(cast.stranger)

    assert stranger.get(place).status_code == 404
    assert stranger.get(f"{place}files/manifest.json").status_code == 404

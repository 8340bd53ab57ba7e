"""Files are sent so that `datasets` can read them from their address, whole or streaming."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from exports.models import Export
from exports.services.folders import ready_folder
from tests.exports.conftest import export_now, vote_all
from tests.exports.traps.traps import trap

pytestmark = pytest.mark.django_db(transaction=True)
PARQUET = "parquet/trl/train-00000-of-00001.parquet"
LINES = "jsonl/trl/train-00000-of-00001.jsonl"


@pytest.fixture
def export(cast) -> Export:
    return export_now(cast.campaign)


@pytest.fixture
def base(cast, export) -> str:
    return f"/api/v1/campaigns/{cast.campaign.pk}/exports/{export.pk}/"


def bytes_of(response) -> bytes:
    return b"".join(response.streaming_content)


def on_disk(export: Export, path: str) -> bytes:
    return (ready_folder(export.pk) / path).read_bytes()


@trap(82)
def test_a_file_comes_with_its_length(manager, base, export):
    """Lines that are sent in chunks without a length cannot be streamed but now and then."""
    for path in (PARQUET, LINES):
        answer = manager.get(f"{base}files/{path}")
        held = on_disk(export, path)
        assert answer["Content-Length"] == str(len(held))
        assert "Transfer-Encoding" not in answer
        assert "Content-Encoding" not in answer
        assert bytes_of(answer) == held


@trap(83)
def test_a_file_comes_in_ranges(manager, base, export):
    """Without ranges neither Parquet nor a large file of lines can be streamed."""
    for path in (PARQUET, LINES):
        held, place = on_disk(export, path), f"{base}files/{path}"
        for start, stop in ((0, 4), (len(held) - 8, len(held)), (5, 50)):
            answer = manager.get(place, headers={"Range": f"bytes={start}-{stop - 1}"})
            assert answer.status_code == 206
            assert answer["Content-Range"] == f"bytes {start}-{stop - 1}/{len(held)}"
            assert answer["Accept-Ranges"] == "bytes"
            assert bytes_of(answer) == held[start:stop]


@trap(84)
def test_head_tells_length_and_ranges_before_anything_is_sent(manager, base, export):
    """Readers ask HEAD first, and take what does not answer it for missing."""
    for path in (PARQUET, LINES):
        answer = manager.head(f"{base}files/{path}")
        assert (answer.status_code, answer.getvalue()) == (200, b"")
        assert answer["Content-Length"] == str(len(on_disk(export, path)))
        assert answer["Accept-Ranges"] == "bytes"


@trap(85)
def test_what_an_address_leads_to_never_changes(cast, manager, base, export):
    """Readers ask for a file many times, and put together what they get."""
    place = f"{base}files/{PARQUET}"
    first = manager.get(place)
    held = bytes_of(first)
    vote_all(cast.campaign, "bad", "bad")

    later = export_now(cast.campaign)

    again = manager.get(place)
    assert (bytes_of(again), again["ETag"]) == (held, first["ETag"])
    assert first["ETag"].startswith('"')
    assert later.pk != export.pk
    other = manager.get(place.replace(f"/{export.pk}/files/", f"/{later.pk}/files/"))
    assert bytes_of(other) != held
    assert other["ETag"] != first["ETag"]


@trap(86)
def test_a_link_needs_no_header_and_ends_in_the_name_of_the_file(manager, base, export):
    """Readers send no header that they are not told of, and go by the ending of the name."""
    body = {"prefix": PARQUET}
    made = manager.post(f"{base}links/", body, content_type="application/json")

    (link,) = made.json()["results"]
    place = urlsplit(link["url"]).path
    assert place.endswith("/train-00000-of-00001.parquet")
    nobody, held = Client(), on_disk(export, PARQUET)
    assert bytes_of(nobody.get(place)) == held
    part = nobody.get(place, headers={"Range": "bytes=4-9"})
    assert (part.status_code, bytes_of(part)) == (206, held[4:10])
    assert nobody.get(f"{base}files/{PARQUET}").status_code == 401

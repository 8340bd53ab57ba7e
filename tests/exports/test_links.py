"""Links to the files of an export: whoever holds one downloads, and it ends when it must."""

import logging
import random
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core.signing import Signer
from django.test import Client

from annotate.logs import configure_logs
from exports.enums import ExportState
from exports.models import Export
from exports.services.folders import ready_folder
from exports.services.links import FileLink, link_files
from labeling.access import Scope
from labeling.accounts.models import AuditEvent, User
from labeling.campaigns.enums import Role
from labeling.campaigns.models import Membership
from labeling.campaigns.services import change_role, remove_member
from labeling.clock import database_now
from tests.exports.conftest import export_now, published
from tests.factories import Cast, make_bearer, make_member, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
ARCHIVE, MANIFEST = "archive.zip", "manifest.json"
PARQUET = "parquet/trl/train-00000-of-00001.parquet"
HEADERS = ("Accept-Ranges", "Content-Disposition", "Content-Length", "Content-Type", "ETag")


@pytest.fixture
def export(cast: Cast) -> Export:
    return export_now(cast.campaign)


@pytest.fixture
def base(cast: Cast, export: Export) -> str:
    return f"/api/v1/campaigns/{cast.campaign.pk}/exports/{export.pk}/"


@pytest.fixture
def other(cast: Cast) -> User:
    """A manager who is not the last one."""
    return make_member(cast.campaign, Role.MANAGER)


def place_of(link: FileLink) -> str:
    return f"/api/v1/exports/links/{link.signed}/{link.name}"


def link_to(export: Export, by: User, path: str = ARCHIVE, hours: int = 24, ago: int = 0) -> str:
    """Return the address of a link to one file, made some hours ago."""
    now = database_now() - timedelta(hours=ago)
    (link,) = link_files(export=export, by=by, now=now, hours=hours, prefix=path)
    return place_of(link)


def bytes_of(response) -> bytes:
    return b"".join(response.streaming_content)


def refusal(place: str) -> tuple[int, str]:
    answer = Client().get(place)
    return answer.status_code, answer.json()["error"]["code"]


def test_every_file_is_downloaded_by_its_link_without_a_token(manager, base, export):
    answer = manager.post(f"{base}links/", {}, content_type="application/json")

    assert answer.status_code == 201
    links = answer.json()["results"]
    files = {file.path: file for file in export.files.all()}
    assert [link["path"] for link in links] == sorted(files)
    for link in links:
        place = urlsplit(link["url"])
        assert (place.query, place.path.rpartition("/")[2]) == ("", link["path"].split("/")[-1])
        sent = Client().get(place.path)
        assert bytes_of(sent) == published(files[link["path"]])
        assert sent["ETag"] == f'"{files[link["path"]].sha256}"'


def test_links_lead_to_what_is_asked_for_and_say_how_long(manager, base):
    body = {"hours": 2, "prefix": "parquet/trl/"}
    before = database_now()

    (link,) = manager.post(f"{base}links/", body, content_type="application/json").json()["results"]

    assert link["path"] == PARQUET
    left = datetime.fromisoformat(link["expires_at"]) - before
    assert timedelta(hours=1, minutes=59) < left <= timedelta(hours=2, seconds=30)


def test_making_links_is_noted_without_the_links(cast, manager, base, export):
    manager.post(f"{base}links/", {"prefix": "jsonl/"}, content_type="application/json")

    event = AuditEvent.objects.get(action="export.linked")
    assert (event.actor, event.target) == (cast.manager, f"export:{export.pk}")
    assert event.data | {"expires_at": ""} == {
        "campaign": cast.campaign.pk,
        "prefix": "jsonl/",
        "files": export.files.filter(path__startswith="jsonl/").count(),
        "expires_at": "",
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"hours": 0}, "hours"),
        ({"hours": 169}, "hours"),
        ({"prefix": "parquet/kto/"}, "prefix"),
        ({"prefix": "\0"}, "prefix"),
        ({"path": PARQUET}, "path"),
    ],
)
def test_asking_for_other_links_names_the_field(manager, base, body, field):
    answer = manager.post(f"{base}links/", body, content_type="application/json")

    assert answer.status_code == 400
    assert list(answer.json()["error"]["data"]["fields"]) == [field]
    assert not AuditEvent.objects.filter(action="export.linked").exists()


@pytest.mark.parametrize("state", ["requested", "failed", "canceled"])
def test_export_that_is_not_ready_gets_no_links(manager, base, export, state):
    finished_at = None if state == "requested" else export.finished_at
    Export.objects.filter(pk=export.pk).update(state=state, finished_at=finished_at)

    answer = manager.post(f"{base}links/", {}, content_type="application/json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "export_not_ready")


def test_who_may_look_may_make_links_and_nobody_else(cast, base):
    def made_by(client: Client) -> int:
        return client.post(f"{base}links/", {}, content_type="application/json").status_code

    assert made_by(Client(headers=make_bearer(cast.manager, Scope.EXPORT_READ))) == 201
    assert made_by(Client(headers=make_bearer(cast.manager, Scope.EXPORT_WRITE))) == 403
    assert made_by(Client()) == 401
    assert made_by(signed_in(cast.stranger)) == 404
    assert made_by(signed_in(cast.annotator)) == made_by(signed_in(cast.reviewer)) == 403


def test_retry_under_the_same_key_is_told_that_links_are_not_kept(manager, base):
    given = {"content_type": "application/json", "headers": {"Idempotency-Key": "k"}}

    first, again = (manager.post(f"{base}links/", {}, **given) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 409)
    assert again.json()["error"]["code"] == "answer_not_kept"
    assert AuditEvent.objects.filter(action="export.linked").count() == 1


def test_link_answers_as_the_file_does(cast, manager, base, export):
    place = link_to(export, cast.manager)
    linked, known = Client().get(place), manager.get(f"{base}files/{ARCHIVE}")
    headed = Client().head(place)

    assert bytes_of(linked) == bytes_of(known)
    assert (headed.status_code, headed.getvalue()) == (200, b"")
    for name in HEADERS:
        assert linked[name] == known[name] == headed[name]
    assert (linked["Cache-Control"], linked["X-Content-Type-Options"]) == ("no-store", "nosniff")


def test_what_the_holder_has_is_not_sent_again(cast, export):
    place = link_to(export, cast.manager)
    etag = Client().head(place)["ETag"]

    answer = Client().get(place, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)


def test_download_cut_at_20_places_is_resumed_to_the_same_bytes(cast, export):
    place = link_to(export, cast.manager)
    first = Client().get(place)
    whole = bytes_of(first)

    for cut in random.Random(8).sample(range(1, len(whole)), 20):
        rest = Client().get(place, headers={"Range": f"bytes={cut}-", "If-Range": first["ETag"]})
        assert rest.status_code == 206
        assert rest["Content-Range"] == f"bytes {cut}-{len(whole) - 1}/{len(whole)}"
        assert whole[:cut] + bytes_of(rest) == whole


def test_range_of_another_version_gets_the_whole_file(cast, export):
    place = link_to(export, cast.manager)
    size = export.files.get(path=ARCHIVE).size

    stale = Client().get(place, headers={"Range": "bytes=9-", "If-Range": '"another version"'})
    beyond = Client().get(place, headers={"Range": f"bytes={size}-"})

    assert (stale.status_code, len(bytes_of(stale))) == (200, size)
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{size}")


def test_link_that_was_tampered_with_is_unknown(cast, export):
    place = link_to(export, cast.manager)
    start, _, signature = place.rpartition("/")[0].rpartition(".")
    claims = start.rpartition("/")[2]
    foreign = Signer(sep=".", salt="labeling.accounts.link").sign(claims)
    forged = [
        f"{claims}.{signature[:-1]}{'A' if signature[-1] != 'A' else 'E'}",
        f"{claims}.{signature[:-1]}",
        f"{claims[:-1]}{'A' if claims[-1] != 'A' else 'E'}.{signature}",
        f"A{claims}.{signature}",
        f"{claims}.",
        f".{signature}",
        claims,
        "é.é",
        "%00.%00",
        foreign,
    ]

    for signed in forged:
        assert refusal(f"/api/v1/exports/links/{signed}/{ARCHIVE}") == (404, "link_unknown")


@pytest.mark.parametrize("name", [MANIFEST, "archive.ZIP", "archive.zip.zip", "%2e%2e", "zip"])
def test_link_leads_to_no_other_name(cast, export, name):
    folder = link_to(export, cast.manager).rpartition("/")[0]

    assert refusal(f"{folder}/{name}") == (404, "link_unknown")


def test_link_opens_nothing_else(cast, export):
    place = link_to(export, cast.manager)

    for more in ("/", "/../manifest.json", "/manifest.json"):
        assert refusal(f"{place}{more}") == (404, "not_found")
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        assert Client().generic(method, place).status_code == 404


def test_link_works_until_its_time_is_over(cast, export):
    assert bytes_of(Client().get(link_to(export, cast.manager, hours=2, ago=1)))
    assert refusal(link_to(export, cast.manager, hours=2, ago=2)) == (410, "link_expired")


def test_link_ends_when_its_maker_manages_no_more(cast, export, other):
    place = link_to(export, other)
    membership = Membership.objects.get(user=other)
    assert bytes_of(Client().get(place))

    change_role(membership=membership, role=Role.REVIEWER, by=cast.manager)

    assert refusal(place) == (410, "link_revoked")
    remove_member(membership=membership, by=cast.manager, now=database_now())
    assert refusal(place) == (410, "link_revoked")


def test_link_ends_when_its_makers_account_is_closed(export, other):
    place = link_to(export, other)

    User.objects.filter(pk=other.pk).update(is_active=False)

    assert refusal(place) == (410, "link_revoked")


def test_operators_link_holds_as_long_as_they_are_one(cast, export):
    place = link_to(export, cast.operator)
    assert bytes_of(Client().get(place))

    User.objects.filter(pk=cast.operator.pk).update(is_superuser=False)

    assert refusal(place) == (410, "link_revoked")


def test_link_to_an_export_that_has_no_files_any_more_finds_nothing(cast, export):
    place = link_to(export, cast.manager)
    Export.objects.filter(pk=export.pk).update(state=ExportState.FAILED)

    assert refusal(place) == (404, "not_found")
    export.delete()
    assert refusal(place) == (404, "not_found")


@pytest.mark.parametrize("damage", ["missing", "shorter"])
def test_damaged_file_is_not_sent(cast, export, damage):
    place, path = link_to(export, cast.manager, MANIFEST), ready_folder(export.pk) / MANIFEST
    path.unlink() if damage == "missing" else path.write_bytes(b"{}")

    assert refusal(place) == (410, "export_file_gone")


def test_log_names_no_link(cast, export, caplog):
    configure_logs()
    caplog.set_level(logging.INFO)
    place = link_to(export, cast.manager, PARQUET)
    signed = place.split("/")[-2]

    Client().head(place)

    (said,) = [line for line in caplog.messages if line.startswith("request_finished")]
    assert "request='HEAD /api/v1/exports/links/…/train-00000-of-00001.parquet'" in said
    assert signed not in caplog.text

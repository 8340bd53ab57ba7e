"""Looking at exports again and again: what has not changed is not sent twice."""

import pytest
from django.test import Client

from exports.enums import ExportState
from exports.models import Export
from exports.services import claims
from exports.services.writing import write_export
from labeling.clock import database_now
from tests.exports.conftest import export_now
from tests.factories import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def base(cast) -> str:
    return f"/api/v1/campaigns/{cast.campaign.pk}/exports/"


@pytest.fixture
def waiting(manager, base) -> Export:
    asked = manager.post(base, {}, content_type="application/json").json()
    return Export.objects.get(pk=asked["id"])


def look(client: Client, place: str, etag: str = ""):
    return client.get(place, headers={"If-None-Match": etag} if etag else {})


def test_export_that_has_not_changed_is_not_sent_again(manager, base, waiting):
    first = look(manager, f"{base}{waiting.pk}/")

    again = look(manager, f"{base}{waiting.pk}/", first["ETag"])

    assert first["ETag"].startswith('"')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert look(manager, f"{base}{waiting.pk}/", f'"other", {first["ETag"]}').status_code == 304


def test_every_step_of_an_export_has_an_etag_of_its_own(manager, base, waiting):
    place = f"{base}{waiting.pk}/"

    def step() -> str:
        answer = look(manager, place, seen[-1])
        assert answer.status_code == 200
        return answer["ETag"]

    seen = [look(manager, place)["ETag"]]
    running = claims.claim(export_id=waiting.pk, now=database_now())
    assert running is not None
    seen.append(step())
    for read in (1, 2):
        Export.objects.filter(pk=waiting.pk).update(comparisons_read=read, comparisons_total=3)
        seen.append(step())
    claims.give_back(running)
    write_export(export_id=waiting.pk, now=database_now())
    seen.append(step())
    Export.objects.get(pk=waiting.pk).files.filter(path="README.md").delete()
    seen.append(step())

    assert len(set(seen)) == len(seen) == 6


def test_files_are_sent_with_the_state_that_has_them(manager, base, waiting):
    before = look(manager, f"{base}{waiting.pk}/")
    write_export(export_id=waiting.pk, now=database_now())

    after = look(manager, f"{base}{waiting.pk}/", before["ETag"])

    assert (before.json()["files"], after.json()["state"]) == ([], "ready")
    assert len(after.json()["files"]) == waiting.files.count() > 1


def test_list_that_has_not_changed_is_not_sent_again(cast, manager, base, waiting):
    first = look(manager, base)
    assert look(manager, base, first["ETag"]).status_code == 304

    Export.objects.filter(pk=waiting.pk).update(
        state=ExportState.CANCELED, finished_at=database_now()
    )
    second = look(manager, base, first["ETag"])
    export_now(cast.campaign)
    third = look(manager, base, second["ETag"])

    assert [answer.status_code for answer in (first, second, third)] == [200] * 3
    assert look(manager, f"{base}?limit=1", third["ETag"]).status_code == 200


def test_etag_opens_nothing_to_whoever_may_not_look(cast, manager, base, waiting):
    etag = look(manager, f"{base}{waiting.pk}/")["ETag"]

    assert look(Client(), f"{base}{waiting.pk}/", etag).status_code == 401
    assert look(signed_in(cast.annotator), f"{base}{waiting.pk}/", etag).status_code == 403
    assert look(signed_in(cast.stranger), f"{base}{waiting.pk}/", etag).status_code == 404
    assert look(manager, f"{base}{waiting.pk + 1}/", etag).status_code == 404

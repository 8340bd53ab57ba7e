"""Campaigns with judgments to export."""

import json
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client

from annotate.storage import exports_storage
from exports.models import Export, ExportFile
from exports.ranges import Span
from exports.selection import Selection
from exports.services.archives import read_published
from exports.services.folders import ready_folder
from exports.services.requests import request_export
from exports.services.writing import write_export
from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from tests.conftest import Rings
from tests.exports.stand_in import BUCKET, stand_in
from tests.factories import Cast, make_campaign, make_cast, make_member, signed_in
from tests.stock import claim, judge, stock


class Objects:
    """What is in a bucket, behind the product's back."""

    def __init__(self, storage: Any) -> None:
        self._bucket, self._prefix = storage.bucket, f"{storage.location}/"

    @property
    def keys(self) -> list[str]:
        found = self._bucket.objects.filter(Prefix=self._prefix)
        return sorted(one.key.removeprefix(self._prefix) for one in found)

    def put(self, key: str) -> None:
        self._bucket.put_object(Key=self._prefix + key, Body=b"x")

    def named(self, ending: str) -> Any:
        """Return the one object whose key ends so."""
        (key,) = [key for key in self.keys if key.endswith(ending)]
        return self._bucket.Object(self._prefix + key)


@pytest.fixture(autouse=True)
def exports_dir(settings, tmp_path: Path) -> Path:
    """Give each test an exports folder of its own."""
    settings.EXPORTS_DIR = tmp_path / "exports"
    return settings.EXPORTS_DIR


PREFIXES, CONNECTIONS = count(1), threading.local()


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a stand-in for S3."""
    with stand_in() as address:
        yield address


@pytest.fixture
def bucket(settings, s3: str) -> Objects:
    """Have exports kept in a bucket, under a prefix of this test's own."""
    place = f"s3://{BUCKET}/of-test-{next(PREFIXES)}"
    settings.STORAGES = {**settings.STORAGES, **exports_storage(place, s3)}
    settings.EXPORTS_STORAGE = place
    storage: Any = storages["exports"]
    storage._connections = CONNECTIONS  # a new one takes half a second
    return Objects(storage)


@pytest.fixture
def kept(request: pytest.FixtureRequest) -> None:
    """Where exports are kept: on the disk, or what a test that tries both says."""
    if getattr(request, "param", "disk") == "bucket":
        request.getfixturevalue("bucket")


# The database has no part in what differs.
IN_BUCKET = pytest.param("bucket", marks=pytest.mark.once)
on_both = pytest.mark.parametrize("kept", ["disk", IN_BUCKET], indirect=True)


@pytest.fixture(autouse=True)
def _caught(rings: Rings) -> None:
    """Send nothing to the workers."""


@pytest.fixture
def campaign() -> Campaign:
    """A campaign with three pairs to judge."""
    found = make_campaign()
    stock(found, 3)
    return found


@pytest.fixture
def cast() -> Cast:
    """The cast around a campaign with three pairs that somebody judged."""
    found = make_cast()
    stock(found.campaign, 3)
    vote_all(found.campaign, "good")
    return found


@pytest.fixture
def manager(cast: Cast) -> Client:
    """A client in which the campaign's manager is signed in."""
    return signed_in(cast.manager)


def vote(campaign: Campaign, person: User, better: str = "good", **fields) -> int:
    """Answer the person's next comparison: the response whose text starts so is better."""
    assignment = claim(campaign, person)
    if fields.get("outcome", "ranked") == "ranked":
        texts = [slot.candidate.text for slot in assignment.comparison.slots.order_by("slot")]
        shown = [texts[slot] for slot in assignment.display_order]
        fields["ranks"] = tuple(1 if text.startswith(better) else 2 for text in shown)
    else:
        fields["ranks"] = ()
    return judge(campaign, person, assignment, **fields)


def vote_all(campaign: Campaign, *betters: str) -> None:
    """Let one new person a name in ``betters`` answer every comparison that way."""
    for better in betters:
        person = make_member(campaign)
        for _ in range(campaign.comparisons.count()):
            vote(campaign, person, better)


def export_now(campaign: Campaign, **selection) -> Export:
    """Request an export and write it."""
    export, _ = request_export(
        campaign=campaign,
        user=campaign.created_by,
        selection=Selection(**selection),
        now=database_now(),
    )
    write_export(export_id=export.pk, now=database_now())
    export.refresh_from_db()
    return export


def published(file: ExportFile) -> bytes:
    """Return the bytes of a published file, as they are sent."""
    return b"".join(read_published(file, Span(0, file.size)))


def rows_of(export: Export, config: str = "trl") -> list[dict]:
    """Read an export's rows from its JSON Lines, pairs in the order of their ids."""
    return sorted(_lines(export, config), key=lambda row: row.get("pair_id", ""))


def judgments_of(export: Export) -> list[dict]:
    """Read an export's judgments from their JSON Lines, in the order they were given."""
    return sorted(_lines(export, "judgments"), key=lambda row: row["judgment_id"])


def _lines(export: Export, config: str) -> list[dict]:
    paths = sorted((ready_folder(export.pk) / "jsonl" / config).glob("*.jsonl"))
    lines = [line for path in paths for line in path.read_text("utf-8").split("\n") if line]
    return list(map(json.loads, lines))


def in_thread(act) -> None:
    """Do something on another connection, and wait for it."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

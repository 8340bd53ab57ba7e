"""The same selection gives the same bytes in any process, and whoever was killed on the way."""

import random
import signal
import time
from itertools import product
from typing import Any

import pytest

from exports.enums import ExportState
from exports.models import Export
from exports.selection import Selection
from exports.services.requests import request_export
from exports.services.writing import write_export
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from tests.exports.conftest import export_now, vote_all
from tests.exports.elsewhere import write_elsewhere
from tests.factories import make_campaign
from tests.plugin import FULL
from tests.stock import stock

pytestmark = pytest.mark.django_db(transaction=True)
CHOSEN: dict[str, Any] = {
    "configs": ("trl", "kto", "rankings", "prompts"),
    "containers": ("parquet", "jsonl.gz"),
    "validation_share": 0.3,
}
SEEDS = ("0", "1", "42", "4711", "random")
ZONES, LOCALES = ("Pacific/Chatham", "America/St_Johns"), ("tr_TR.UTF-8", "C")
PLACES = list(product(SEEDS, ZONES, LOCALES))
RERUNS = len(PLACES) if FULL else 2
KILLS = 20 if FULL else 2


@pytest.fixture
def campaign() -> Campaign:
    found = make_campaign(overlap=3)
    stock(found, 8)
    vote_all(found, "good", "bad", "good")
    return found


def asked(campaign: Campaign) -> Export:
    selection = Selection(**CHOSEN)
    user = campaign.created_by
    found, _ = request_export(campaign=campaign, user=user, selection=selection, now=database_now())
    return found


def test_reruns_under_other_seeds_zones_and_locales_are_the_same_bytes(campaign):
    here = export_now(campaign, **CHOSEN)

    for seed, zone, locale in random.Random(1).sample(PLACES, RERUNS):
        there = asked(campaign)
        environment = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        with write_elsewhere(there, environment) as process:
            process.communicate()
        there.refresh_from_db()

        assert there.state == ExportState.READY
        assert there.manifest["data_sha256"] == here.manifest["data_sha256"]
        assert there.manifest["files"] == here.manifest["files"]


def test_a_worker_killed_at_any_point_leaves_the_same_export_to_the_next(campaign, monkeypatch):
    wanted = export_now(campaign, **CHOSEN)
    started = time.perf_counter()
    write_export(export_id=asked(campaign).pk, now=database_now())
    takes = time.perf_counter() - started
    drawn = random.Random(2)
    ends = []

    for _ in range(KILLS):
        export = asked(campaign)
        with write_elsewhere(export) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(drawn.uniform(0, 1.2 * takes))
            process.send_signal(signal.SIGKILL)
        ends.append(process.wait())
        Export.objects.filter(pk=export.pk, state=ExportState.RUNNING).update(
            claim_expires_at=database_now()
        )
        write_export(export_id=export.pk, now=database_now())
        export.refresh_from_db()

        assert export.state == ExportState.READY
        assert export.manifest["data_sha256"] == wanted.manifest["data_sha256"]
    assert -signal.SIGKILL in ends

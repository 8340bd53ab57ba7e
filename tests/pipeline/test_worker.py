"""A real worker does the stages' work: because it is rung, or because it sweeps."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from labeling import doorbell
from labeling.access import Scope
from labeling.campaigns.models import Campaign
from labeling.prompts.models import PromptSet
from tests.factories import make_bearer, make_campaign, make_user
from tests.pipeline.product import ROOT, STOP_SECONDS, within

pytestmark = pytest.mark.django_db(transaction=True)

DONE_SECONDS = 60
ROWS = b"\n".join(
    json.dumps(
        {
            "prompt": f"Question {row}?",
            "candidates": [{"text": f"{word} {row}"} for word in ("good", "bad")],
        }
    ).encode()
    for row in range(3)
)


def database_url() -> str:
    """Return the address of the test database, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    place = f"{given['HOST'] or '127.0.0.1'}:{given['PORT'] or 5432}"
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{place}/{given['NAME']}"


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[bool], None]]:
    """Return the way to start a worker on this test's database, with or without the sweep."""
    processes: list[subprocess.Popen[bytes]] = []
    own = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.pipeline.settings",
        "BROKER_OF_THE_TEST": settings.CELERY_BROKER_URL,
        "PREFIX_OF_THE_TEST": settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("global_keyprefix", ""),
        "SWEEP_SECONDS": "4",
    }

    def start(sweeps: bool) -> None:
        beat = ["-B", "--schedule", str(tmp_path / "schedule")] if sweeps else []
        command = [sys.executable, "-m", "celery", "-A", "annotate", "worker", "-c", "1", *beat]
        with (tmp_path / "worker.log").open("wb") as log:
            processes.append(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env={**os.environ, **own},
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    yield start
    for process in processes:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a worker with all its processes; Celery's own way of stopping may hang on Redis."""
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Caller:
    """A program with an API token of the manager's."""

    def __init__(self) -> None:
        self.manager = make_user()
        self.campaign: Campaign = make_campaign(self.manager, overlap=1)
        self.client = Client(headers=make_bearer(self.manager, *Scope))
        self.place = f"/api/v1/campaigns/{self.campaign.pk}/"

    def post(self, path: str, body: Any = None) -> Any:
        """Send JSON; return the JSON that is answered."""
        response = self.client.post(self.place + path, body, content_type="application/json")
        assert response.status_code < 300, response.content
        return response.json()

    def send_file(self) -> None:
        """Import ROWS."""
        file = SimpleUploadedFile("rows.jsonl", ROWS)
        response = self.client.post(self.place + "prompt-sets/", {"file": file})
        assert response.status_code == 202, response.content

    def judge_one(self) -> bool:
        """Answer the next comparison; say whether there was one."""
        found = self.post("assignments/next/")["assignment"]
        if found is None:
            return False
        ranks = [1 if shown["text"].startswith("good") else 2 for shown in found["responses"]]
        answer = {"token": found["token"], "outcome": "ranked", "ranks": ranks}
        self.post(f"assignments/{found['id']}/judgment/", answer)
        return True

    def judge_all(self) -> None:
        """Answer every comparison, as they are planned."""
        within(DONE_SECONDS, self.judge_one, "a comparison to judge")
        within(DONE_SECONDS, self.campaign_is_done, "three judgments")

    def campaign_is_done(self) -> bool:
        """Answer one more if there is one; say whether all are answered."""
        self.judge_one()
        found = self.client.get(self.place + "judgments/").json()["results"]
        return len(found) == 3

    def export(self) -> Any:
        """Ask for an export; return it once it is ready."""
        number = self.post("exports/", {})["id"]

        def ready() -> Any:
            found = self.client.get(f"{self.place}exports/{number}/").json()
            assert found["state"] != "failed", found["error"]
            return found if found["state"] == "ready" else None

        return within(DONE_SECONDS, ready, "a ready export")


def test_rings_reach_a_worker_from_import_to_export(worker: Callable[[bool], None]) -> None:
    worker(False)
    caller = Caller()

    caller.send_file()
    caller.judge_all()

    assert caller.export()["pair_count"] == 3


def test_sweep_does_what_no_message_asked_for(
    worker: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "_send", lambda task, ids: None)
    caller = Caller()
    caller.send_file()
    # An import that nobody has touched for a while has lost its message or its worker.
    PromptSet.objects.update(touched_at=PromptSet.objects.get().touched_at - timedelta(minutes=2))

    worker(True)
    caller.judge_all()

    assert caller.export()["pair_count"] == 3

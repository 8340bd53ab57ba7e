"""Background work: import, hand on, and ring again for what was lost."""

import os
from pathlib import Path
from typing import Any

import pytest

from labeling.prompts import tasks
from labeling.prompts.models import PromptSet
from labeling.prompts.services.uploads import path_of
from tests.factories import Cast
from tests.prompts.bringing import asked, jsonl, receive

pytestmark = pytest.mark.django_db

Rings = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> Rings:
    heard: Rings = []
    monkeypatch.setattr(tasks, "ring", lambda task, **ids: heard.append((task, ids)))
    return heard


def test_import_task_hands_on_to_generation_and_may_run_twice(cast: Cast, rings: Rings) -> None:
    made = receive(cast.campaign, jsonl(asked(candidates=["a", "b"])))

    tasks.import_file(prompt_set_id=made.pk)
    tasks.import_file(prompt_set_id=made.pk)

    made.refresh_from_db()
    assert (made.state, made.stored_rows) == ("done", 1)
    assert rings == [("generation.adopt_responses", {"prompt_set_id": made.pk})] * 2


def test_import_task_of_a_refused_file_hands_nothing_on(cast: Cast, rings: Rings) -> None:
    made = receive(cast.campaign, b"")

    tasks.import_file(prompt_set_id=made.pk)

    assert rings == []


def test_sweep_rings_for_lost_imports_and_clears_what_crashes_left(
    cast: Cast, rings: Rings
) -> None:
    lost = receive(cast.campaign, jsonl(asked()))
    PromptSet.objects.filter(pk=lost.pk).update(touched_at="2026-01-01T00:00Z")
    old, fresh = path_of("old.part"), path_of("fresh.part")
    for path in (old, fresh):
        path.write_bytes(b"x")
    for path in (old, path_of(lost.upload)):
        os.utime(path, (0, 0))

    tasks.sweep()

    assert rings == [("prompts.import_file", {"prompt_set_id": lost.pk})]
    assert [Path(path).exists() for path in (old, fresh, path_of(lost.upload))] == [
        False,
        True,
        True,
    ]

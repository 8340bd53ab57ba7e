"""Every name that is rung, swept or routed belongs to a task that the workers know."""

import re
from pathlib import Path

from django.conf import settings

from annotate.celery import app

ROOT = Path(__file__).resolve().parents[2]
RING = re.compile(r"""\bring\(\s*(?:f?["']([^"']*)["'])?""")
SOURCES = ("annotate", "exports", "labeling")


def known() -> set[str]:
    """Return the names of the product's tasks, found as a worker finds them."""
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith("celery.")}


def rung() -> list[str]:
    """Return the first argument of every call of ring() in the product; "" if it is no text."""
    files = [path for source in SOURCES for path in sorted((ROOT / source).rglob("*.py"))]
    calls = [
        found[1] or ""
        for path in files
        if path.name != "doorbell.py"
        for found in RING.finditer(path.read_text())
    ]
    assert len(calls) > 10
    return calls


def test_every_ring_names_a_task() -> None:
    assert sorted(set(rung()) - known()) == []


def test_every_sweep_is_a_task() -> None:
    assert sorted(set(settings.SWEEPS) - known()) == []


def test_every_sweep_task_is_swept() -> None:
    assert {name for name in known() if name.endswith(".sweep")} == set(settings.SWEEPS)


def test_every_routed_name_is_a_task() -> None:
    assert sorted(set(settings.CELERY_TASK_ROUTES) - known()) == []


def test_every_task_is_rung_or_swept() -> None:
    assert sorted(known() - set(rung()) - set(settings.SWEEPS)) == []

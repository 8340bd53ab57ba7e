"""Leave out, with the reason, the tests whose service is absent; keep the browser to one worker."""

import importlib.util
import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.conf import settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser_path() -> str | None:
    """Return the browser that the tests drive: CHROMIUM, else the first one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def has_postgres() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def has_redis() -> bool:
    return urlsplit(settings.CELERY_BROKER_URL).scheme in {"redis", "rediss"}


def has_local_models() -> bool:
    return all(map(importlib.util.find_spec, ("torch", "transformers")))


NEEDS = {
    "browser": (browser_path, "no Chromium on this machine"),
    "local_model": (has_local_models, "the `local` extra is not installed"),
    "postgres": (has_postgres, "this run is not on PostgreSQL"),
    "redis": (has_redis, "this run is not on Redis"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = {
        marker: pytest.mark.skip(reason=reason)
        for marker, (present, reason) in NEEDS.items()
        if not present()
    }
    for item in items:
        for marker in NEEDS:
            if item.get_closest_marker(marker) is None:
                continue
            if marker == "browser":
                item.add_marker(pytest.mark.xdist_group("browser"))
            if marker in absent:
                item.add_marker(absent[marker])

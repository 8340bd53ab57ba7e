"""Unsafe or unreadable settings stop the start, and the message names setting and remedy."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
KEY = "k9Q2v-Zr7Xw1_TfB6nLdYs3HcPjUe8MaGo4iKtRqVxEzWbNyC5"
WEAK = {
    "SECRET_KEY is not set": "",
    "SECRET_KEY is too short or too simple": "short-Key-1234",
    "SECRET_KEY is too short": "ab" * 40,
    "SECRET_KEY looks like an example": f"django-insecure-{KEY}",
}
PUBLIC = "annotate.example.org"


def check(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start Django in a process of its own with these settings alone."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(folder),
            "SECRET_KEY": KEY,
            **settings,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        *(({"SECRET_KEY": key}, message) for message, key in WEAK.items()),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS lets every host in. List the host names"),
        ({"ALLOWED_HOSTS": ".org"}, "ALLOWED_HOSTS lets every host in"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty. List the site's host names."),
        (
            {"ALLOWED_HOSTS": PUBLIC, "DEBUG": "1"},
            f"DEBUG is on while ALLOWED_HOSTS names {PUBLIC}. Turn DEBUG off.",
        ),
        ({"ALLOWED_HOSTS": PUBLIC, "SECURE": "0"}, "SECURE=0 sends cookies over plain HTTP"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL is 'LOUD'. Set it to DEBUG, INFO,"),
        ({"MODEL_ENDPOINTS": "not json"}, "MODEL_ENDPOINTS must be JSON like"),
        ({"MODEL_ENDPOINTS": "[]"}, "MODEL_ENDPOINTS must be JSON like"),
        ({"MODEL_ENDPOINTS": '{"a": {"key": "x"}}'}, "entry 'a' is not"),
        (
            {"MODEL_ENDPOINTS": '{"a": {"base_url": "ftp://host/v1"}}'},
            "entry 'a': base_url must be http(s)://host[:port]/path",
        ),
    ],
)
def test_settings_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: dict[str, str], message: str
) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SECURE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"DATA_DIR": str(tmp_path), "SECRET_KEY": KEY, **settings}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured) as refused:
        runpy.run_path(str(ROOT / "annotate" / "settings.py"))

    assert message in str(refused.value)


def test_start_is_refused_without_any_key(tmp_path: Path) -> None:
    done = check(tmp_path, SECRET_KEY="")

    assert done.returncode != 0
    assert "secrets.token_urlsafe(50)" in done.stderr


def test_refusal_of_a_model_endpoint_keeps_its_key_secret(tmp_path: Path) -> None:
    entry = '{"a": {"base_url": "nowhere", "api_key": "sk-not-for-logs"}}'

    done = check(tmp_path, MODEL_ENDPOINTS=entry)

    assert done.returncode != 0
    assert "sk-not-for-logs" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"ALLOWED_HOSTS": PUBLIC},
        {"ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]", "SECURE": "0", "DEBUG": "1"},
        {"MODEL_ENDPOINTS": '{"local": {"base_url": "http://127.0.0.1:8001/v1", "api_key": ""}}'},
    ],
)
def test_start_is_allowed(tmp_path: Path, settings: dict[str, str]) -> None:
    assert check(tmp_path, **settings).returncode == 0


def test_cookies_are_secure_and_transport_is_strict_unless_switched_off(tmp_path: Path) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    script = f"from annotate import settings; print(*(getattr(settings, n) for n in {names}))"

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "SECRET_KEY": KEY},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.split() == ["True", "True", "True"]

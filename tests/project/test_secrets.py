"""No key, token or ready password in a tracked file."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".gz", ".ico", ".parquet", ".png", ".ttf", ".woff", ".woff2"}
# Written in two parts, so that this file does not find itself.
SECRETS = {
    "private key": re.compile("-----BEGIN [A-Z ]*" + "PRIVATE KEY-----"),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "host token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})\b"),
    "model key": re.compile(r"\b(?:hf_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{32,})\b"),
    "django key": re.compile("django-" + r"insecure-\S{10,}"),
    "url with a password": re.compile(r"\b[a-z+]+://[^\s:/@{}<>'\"$]+:[^\s:/@{}<>'\"$]+@"),
    "setting": re.compile(
        r"""(?ix) ^\s* ["']? [\w]*(?:secret_key|password|passwd|api_key|auth_token)["']?
        \s*[:=]\s* ["'](?!["'])[^"'\s{}<>$]{8,}["']\s*,?\s*$"""
    ),
}
# Tests need passwords and keys to send, which open nothing that outlives the test, and the
# documents show where in an address a password goes.
ONLY_IN_PRODUCT = {"setting", "url with a password"}


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY]


def findings(path: Path, text: str) -> list[str]:
    is_product = path.relative_to(ROOT).parts[0] not in {"bench", "docs", "tests"}
    return [
        f"{path.relative_to(ROOT)}:{number}: {kind}"
        for number, line in enumerate(text.splitlines(), start=1)
        for kind, pattern in SECRETS.items()
        if pattern.search(line) and (is_product or kind not in ONLY_IN_PRODUCT)
    ]


def test_tracked_files_hold_no_secret() -> None:
    found = [
        finding
        for path in tracked_files()
        for finding in findings(path, path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_scan_finds_each_kind_of_secret() -> None:
    samples = {
        "private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
        "cloud key": "AKIA" + "A1" * 8,
        "host token": "ghp_" + "a1" * 18,
        "model key": "hf_" + "a1" * 17,
        "django key": "django-" + "insecure-abcdefghijkl",
        "url with a password": "postgres://someone:" + "word@host/name",
        "setting": "SECRET_KEY = '" + "a1" * 20 + "'",
    }
    found = {kind: findings(ROOT / "annotate" / "x.py", line) for kind, line in samples.items()}
    assert found == {kind: [f"annotate/x.py:1: {kind}"] for kind in SECRETS}


def test_tracked_files_hold_no_local_settings_or_data() -> None:
    names = {path.name for path in tracked_files()}
    assert names & {".env", "secret_key", "db.sqlite3", "annotate.sqlite3"} == set()

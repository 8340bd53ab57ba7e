"""Run the tests on every database and broker found: `python -m tests [pytest arguments]`."""

import getpass
import importlib.util
import os
import shlex
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from tests.faults.cluster import programs
from tests.plugin import browser_path

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
# What has to do with neither the database nor the broker has run once, on the embedded ones.
BOTH = ("-m", "not once")
PYTEST = (sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup")


@dataclass
class Run:
    """One run of the suite: where, what of it, and how it ended."""

    title: str
    environment: dict[str, str] = field(default_factory=dict)
    selection: tuple[str, ...] = ()
    code: int = 0

    def __str__(self) -> str:
        ending = {0: "passed", 5: "no test selected"}.get(self.code, f"FAILED ({self.code})")
        return f"Tested on {self.title}: {ending}"


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((LOOPBACK, port)) == 0


def place_of(url: str) -> str:
    """Return the part of a service's address that holds no secret."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or ''}{parts.path}"


def find_postgres() -> str | None:
    """Return DATABASE_URL, else a local server that trusts this user or `postgres`."""
    given = os.environ.get("DATABASE_URL", "")
    if urlsplit(given).scheme.startswith("postgres"):
        return given
    if not answers(5432):
        return None
    for user in (getpass.getuser(), "postgres"):
        try:
            psycopg.connect(host=LOOPBACK, user=user, dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            continue
        # A name of its own: two runs at a time must not share a test database.
        return f"postgres://{user}@{LOOPBACK}:5432/annotate_{os.getpid()}"
    return None


def find_redis() -> str | None:
    """Return REDIS_URL, else a local server; its last database is the one least in use."""
    if os.environ.get("REDIS_URL"):
        return os.environ["REDIS_URL"]
    url = f"redis://{LOOPBACK}:6379/15"
    try:
        redis.Redis.from_url(url, socket_timeout=2).ping()
    except redis.RedisError:
        return None
    return url


def missing_parts(postgres: str | None, broker: str | None) -> list[str]:
    found = {
        "PostgreSQL (set DATABASE_URL, or let 127.0.0.1:5432 trust this user)": postgres,
        "PostgreSQL's server programs (install them; initdb on the path, or of Debian)": programs(),
        "Redis (set REDIS_URL, or start one on 127.0.0.1:6379)": broker,
        "Chromium (install it, or name it in CHROMIUM)": browser_path(),
        "local models (run without LOCAL=0)": importlib.util.find_spec("torch"),
    }
    return [name for name, part in found.items() if part is None]


def plan(postgres: str | None, broker: str | None) -> list[Run]:
    runs = [Run("SQLite with the embedded broker")]
    if postgres or broker:
        database = f"PostgreSQL at {place_of(postgres)}" if postgres else "SQLite"
        queue = f"Redis at {place_of(broker)}" if broker else "the embedded broker"
        urls = {"DATABASE_URL": postgres, "REDIS_URL": broker}
        given = {name: url for name, url in urls.items() if url}
        runs.append(Run(f"{database} with {queue}", given, BOTH))
    return runs


def execute(run: Run, arguments: list[str]) -> None:
    print(f"\n##### {run.title}", flush=True)
    outside = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    # Two workers share the cores; left alone, torch would start a thread a core in each.
    environment = {"OMP_NUM_THREADS": "1", **outside, **run.environment}
    run.code = subprocess.run(
        [*PYTEST, *run.selection, *arguments], cwd=ROOT, env=environment, check=False
    ).returncode


def main(arguments: list[str]) -> int:
    postgres, broker = find_postgres(), find_redis()
    missing = missing_parts(postgres, broker)
    if missing and os.environ.get("REQUIRE_SERVICES") == "1":
        print(f"REQUIRE_SERVICES=1 and missing: {'; '.join(missing)}", file=sys.stderr)
        return 1
    runs = plan(postgres, broker)
    for run in runs:
        execute(run, arguments)
    print(f"\npytest {shlex.join(arguments)}".rstrip())
    print("\n".join(str(run) for run in runs))
    print(f"Not found, so left out: {'; '.join(missing)}" if missing else "Nothing was left out.")
    return next((run.code for run in runs if run.code not in {0, 5}), runs[0].code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

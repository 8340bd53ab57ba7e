"""Start the whole product as a user would, on its own database and folder, for one bench."""

import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

from annotate import launch

POSTGRES = os.environ.get("DATABASE_URL", "postgres://root@127.0.0.1:5432/test")
BROKER = 15  # the database of Redis that a bench may empty whatever it holds
REDIS = os.environ.get("REDIS_URL", f"redis://127.0.0.1:6379/{BROKER}")
SETUPS = ("services", "embedded")
# What a bench starts runs under the interpreter of the bench.
launch.PYTHON = Path(sys.executable)


@dataclass(frozen=True)
class Stack:
    """One running installation: where it answers, its folder, its settings and its processes."""

    name: str
    url: str
    folder: Path
    env: dict[str, str]
    pids: dict[str, int]

    def manage(self, *arguments: str) -> str:
        """Run one management command of this installation; return what it printed."""
        return launch.manage(self.env, *arguments)


@contextmanager
def running(setup: str, *, without: Sequence[str] = ()) -> Iterator[Stack]:
    """Start web server and workers on PostgreSQL and Redis, or on the embedded set-up.

    Processes named in ``without`` are left to the bench. Everything is made for this run
    and taken away afterwards, also when the bench is told to end, as after Ctrl-C. Raises
    LaunchError when a part does not start.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix=f"annotate-{setup}-"))
    children: list[launch.Child] = []
    with _services(setup) as settings:
        try:
            place = launch.Place("127.0.0.1", _free_port(), folder)
            launch.check_data_folder(folder)
            env = launch.child_environment(place, {**_outside(), **settings})
            launch.manage(env, "migrate", "--noinput")
            launch.collect_static(place, env)
            for name, command in launch.commands(place).items():
                if name not in without:
                    children.append(launch.start_child(name, command, place, env))
            launch.wait_until_ready(place, children)
            pids = {child.name: child.process.pid for child in children}
            yield Stack(setup, place.url, folder, env, pids)
        except Exception:
            _show_logs(place)
            raise
        finally:
            launch.end(children)
            shutil.rmtree(folder, ignore_errors=True)


def _show_logs(place: launch.Place) -> None:
    for log in sorted(place.logs.glob("*.log")):
        last = log.read_text(errors="replace").splitlines()[-40:]
        print(f"-- the end of {log.name}", *last, sep="\n", file=sys.stderr)


def _outside() -> dict[str, str]:
    """Return the environment without what decides the set-up."""
    own = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "DATA_DIR"}
    return {name: value for name, value in os.environ.items() if name not in own}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def _services(setup: str) -> Iterator[dict[str, str]]:
    """Give a database of its own on PostgreSQL and an emptied Redis; nothing if embedded."""
    if setup == "embedded":
        yield {}
        return
    name = f"annotate_bench_{secrets.token_hex(4)}"
    with _broker(), psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            own = urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
            yield {"DATABASE_URL": own, "REDIS_URL": REDIS}
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            admin.execute(drop)


_sharing: list[redis.Redis] = []  # one for each installation that runs at the moment


@contextmanager
def _broker() -> Iterator[None]:
    """Empty the broker's database before and after; installations at one time share it."""
    broker = redis.Redis.from_url(REDIS)
    if not _sharing:
        check_may_be_emptied(broker)
    _sharing.append(broker)
    try:
        broker.flushdb()
        yield
    finally:
        _sharing.remove(broker)
        broker.flushdb()
        broker.close()


def check_may_be_emptied(broker: redis.Redis) -> None:
    """Raise LaunchError when the broker's database may hold what somebody else needs."""
    number = broker.connection_pool.connection_kwargs.get("db", 0)
    if number != BROKER and broker.dbsize():
        raise launch.LaunchError(
            f"A bench empties its Redis database, and database {number} of REDIS_URL is not "
            f"empty: name an empty one, or {BROKER}."
        )

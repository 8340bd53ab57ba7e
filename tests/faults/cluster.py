"""A PostgreSQL server of the test's own, which it may kill."""

import os
import random
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.pipeline.product import free_port

OWNER = "postgres"  # the server refuses to run as root


def programs() -> Path | None:
    """Return the folder with PostgreSQL's server programs, the newest if there are several."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


class Cluster:
    """One server in a folder of its own, with the durability that PostgreSQL comes with."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="annotate-cluster-"))
        self.data = self.folder / "data"
        self.port = free_port()
        self.url = f"postgres://{OWNER}@127.0.0.1:{self.port}/{OWNER}"
        if os.geteuid() == 0:
            shutil.chown(self.folder, OWNER, OWNER)
        self._run("initdb", "-A", "trust", "-U", OWNER, "-E", "UTF8", "--no-sync")
        with (self.data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\n")
            settings.write(f"unix_socket_directories = '{self.folder}'\n")
        self.start()

    def start(self) -> None:
        """Start it, after a crash with its recovery, and wait until it takes connections."""
        self._run("pg_ctl", "start", "-w", "-l", str(self.folder / "log"))

    def stop(self) -> None:
        """Stop it as if the power went: no checkpoint, every connection cut."""
        self._run("pg_ctl", "stop", "-m", "immediate")

    def remove(self) -> None:
        """Stop it and take everything away."""
        self.stop()
        shutil.rmtree(self.folder)

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url, autocommit=True, connect_timeout=5)

    def is_durable(self) -> bool:
        """Tell whether a commit waits until it is on the disk."""
        with self.connect() as connection:
            found = [
                connection.execute(f"SHOW {name}").fetchone()
                for name in ("fsync", "synchronous_commit", "full_page_writes")
            ]
        return found == [("on",)] * 3

    def kill_one_connection(self, drawn: random.Random) -> None:
        """Kill the process behind one connection of the product; the server restarts itself."""
        with self.connect() as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                "AND pid <> pg_backend_pid() ORDER BY pid"
            ).fetchall()
        os.kill(drawn.choice(rows)[0], signal.SIGKILL)

    def _run(self, program: str, *arguments: str) -> None:
        folder = programs()
        assert folder is not None
        command = [str(folder / program), "-D", str(self.data), *arguments]
        owner = OWNER if os.geteuid() == 0 else None
        # To a file, not a pipe: the server keeps it open for as long as it lives.
        with (self.folder / "said").open("ab") as said:
            subprocess.run(
                command, cwd="/", stdout=said, stderr=said, check=True, user=owner, group=owner
            )

"""A Redis server of the bench's own, which it may empty, stop and start again."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from annotate.launch import LaunchError


class Broker:
    """One server without any file behind it: what it held is gone when it stops."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._client = redis.Redis.from_url(self.url)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        program = shutil.which("redis-server")
        if program is None:
            raise LaunchError("no redis-server is installed, and this bench needs one to stop")
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(
            [program, *options, "--appendonly", "no", "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            try:
                self._client.ping()
            except redis.ConnectionError:
                time.sleep(0.1)
            else:
                return
        raise LaunchError("the bench's redis-server does not answer")

    def stop(self) -> None:
        """Kill it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def empty(self) -> None:
        """Have it forget everything: FLUSHALL."""
        self._client.flushall()


@contextmanager
def own_broker() -> Iterator[Broker]:
    """Give a running server, taken away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="annotate-broker-"))
    broker = Broker(folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
        shutil.rmtree(folder, ignore_errors=True)

"""The web server as the product runs it, started again whenever it ends, as a supervisor does."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from annotate import launch
from tests.pipeline.product import ROOT, free_port, within

START_SECONDS = 60


class Site:
    """One installation on a database: its folder, its address, and its web server."""

    def __init__(self, database_url: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="annotate-site-"))
        place = launch.Place("127.0.0.1", free_port(), self.folder)
        launch.check_data_folder(self.folder)
        clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.url = place.url
        self.env = launch.child_environment(place, {**clean, "DATABASE_URL": database_url})
        self.env["DJANGO_SETTINGS_MODULE"] = "annotate.settings"
        self.command = [sys.executable, *launch.commands(place)["web"]]
        self.starts = 0
        self._ended = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def run(self, *arguments: str) -> str:
        """Run Python on this installation; return what it printed."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def start(self) -> None:
        """Start the web server and wait until it answers."""
        self._keeper.start()
        place = launch.Place("127.0.0.1", int(self.url.rpartition(":")[2]), self.folder)
        within(START_SECONDS, lambda: launch.answers(place), "the web server answers")

    def kill(self) -> None:
        """Kill the web server with all its workers."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def kill_one_worker(self, drawn: random.Random) -> None:
        """Kill one of the processes that the web server started to do the work."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        os.kill(int(drawn.choice(children.read_text().split())), signal.SIGKILL)

    def remove(self) -> None:
        """End the web server and take everything away."""
        self._ended.set()
        with contextlib.suppress(ProcessLookupError):
            self.kill()
        self._keeper.join(START_SECONDS)
        shutil.rmtree(self.folder)

    def _keep(self) -> None:
        while not self._ended.is_set():
            with (self.folder / "web.log").open("ab") as log:
                self.process = subprocess.Popen(
                    self.command,
                    cwd=ROOT,
                    env=self.env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            self.starts += 1
            self.process.wait()
            with contextlib.suppress(ProcessLookupError):  # workers that outlived it
                os.killpg(self.process.pid, signal.SIGKILL)

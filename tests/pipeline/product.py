"""The product, started as a newcomer starts it and stopped as a terminal does."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = ROOT / "annotate" / "launch.py"
START_SECONDS = 120
STOP_SECONDS = 30
LINK = re.compile(r"^(manager|annotator) +(http://\S+)$", re.MULTILINE)

Found = TypeVar("Found")


@dataclass(frozen=True)
class Product:
    """One running installation: its process, its address, and who signs in by which link."""

    process: subprocess.Popen[bytes]
    folder: Path
    url: str
    links: dict[str, str]
    work: float
    seconds: float

    def stop(self) -> int:
        """Press Ctrl-C: a terminal interrupts the whole process group. Return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=STOP_SECONDS)

    def left(self) -> list[str]:
        """Return the command lines of the living processes that work on this data folder."""
        living = processes_on(self.folder)
        return [(process / "cmdline").read_text().replace("\0", " ") for process in living]


def processes_on(folder: Path) -> list[Path]:
    """Return the folders in /proc of the living processes that work on this data folder."""
    mark = f"DATA_DIR={folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile, or is not ours to read
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(process)
    return found


def work_on(folder: Path) -> float:
    """Return the processor seconds that these processes, and those they waited for, have used."""
    ticks = 0
    for process in processes_on(folder):
        after_name = (process / "stat").read_text().rpartition(")")[2].split()
        ticks += sum(int(used) for used in after_name[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def within(seconds: float, look: Callable[[], Found | None], what: str) -> Found:
    """Return what ``look`` finds, asking again until it finds something or the time is up."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)
    return found


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def started(folder: Path, checkout: Path | None = None) -> Iterator[Product]:
    """Start the product on the data in ``folder``, as `make run LOCAL=0` does.

    With ``checkout`` that very command is given there, and installs what is missing.
    """
    port = free_port()
    begun = time.monotonic()
    own = {"DATA_DIR": str(folder), "PORT": str(port), "LOCAL": "0"}
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    said = folder.parent / f"{folder.name}.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-I", str(LAUNCH)] if checkout is None else ["make", "run"],
            cwd=checkout,
            env={**clean, **own},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def links() -> dict[str, str] | None:
        text = said.read_text()
        assert process.poll() is None, f"it ended with {process.returncode}: {text}"
        found = dict(LINK.findall(text))
        return found if len(found) == 2 else None

    try:
        found = within(START_SECONDS, links, "two sign-in links")
        seconds = time.monotonic() - begun
        url = f"http://127.0.0.1:{port}"
        yield Product(process, folder, url, found, work_on(folder), seconds)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=STOP_SECONDS)

"""Start Annotate on one machine; plain Python, run by the machine's own: `python3 -I launch.py`."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import ipaddress
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
INSTALL = ROOT / "annotate" / "install.py"
PYTHON = ROOT / ".venv" / "bin" / "python"
READY_SECONDS = 60
STOP_SECONDS = 15
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOG_LINES_SHOWN = 15
CELERY = ("-m", "celery", "-A", "annotate", "worker", "--loglevel", "INFO")
# Nothing reads these events, and the embedded broker has no fan-out to carry them.
QUIET_WORKER = ("--without-gossip", "--without-mingle", "--without-heartbeat")


class LaunchError(Exception):
    """A start that cannot go on; its text is the one line the user reads."""


@dataclass(frozen=True)
class Place:
    """Where this start listens and keeps its data."""

    host: str
    port: int
    data: Path

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True)
class Child:
    """One started process and the file that holds what it said."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def say(text: str) -> None:
    print(text, flush=True)


def read_place(env: dict[str, str]) -> Place:
    host = env.get("HOST") or "127.0.0.1"
    port = env.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise LaunchError(f"PORT must be a number from 1 to 65535, not {port!r}")
    return Place(host, int(port), Path(env.get("DATA_DIR") or ROOT / "data").absolute())


def check_data_folder(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
        (data / "logs").mkdir(exist_ok=True)
    except OSError as error:
        raise LaunchError(
            f"cannot write to the data folder {data} ({error.strerror}); "
            "make it writable or name another one with DATA_DIR"
        ) from None


def check_port_free(place: Place) -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            # Without it the closed connections of the last run would look like a server.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise LaunchError(
            f"cannot listen on {place.host} port {place.port} ({error.strerror}); "
            "stop what uses it or name another one, for example: make run PORT=8001"
        ) from None


def install(locks: list[str]) -> None:
    code = subprocess.run([sys.executable, "-I", str(INSTALL), *locks], check=False).returncode
    if code:
        raise SystemExit(code)


def read_secret_key(data: Path) -> str:
    """Return this installation's key, made on the first start and readable by its owner alone."""
    path = data / "secret_key"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key


def child_environment(place: Place, env: dict[str, str]) -> dict[str, str]:
    """Return the settings of the children; what the user has set wins."""
    filled = dict(env, DATA_DIR=str(place.data), PYTHONUNBUFFERED="1")
    if "SECRET_KEY" not in env:
        filled["SECRET_KEY"] = read_secret_key(place.data)
    filled.setdefault("BASE_URL", place.url)
    if place.is_loopback:
        filled.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
        # Plain http never leaves this machine; settings refuse this for any other host name.
        filled.setdefault("SECURE", "0")
    return filled


def manage(env: dict[str, str], *arguments: str) -> str:
    command = [str(PYTHON), "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise LaunchError(f"manage.py {arguments[0]} failed: {reason[0]}")
    return done.stdout


def static_digest() -> str:
    """Name the static files of this checkout: its own, and those of the locked libraries."""
    digest = hashlib.sha256((ROOT / "requirements" / "core.txt").read_bytes())
    for package in ("annotate", "exports", "labeling"):
        for path in sorted((ROOT / package).glob("**/static/**/*")):
            if path.is_file():
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def collect_static(place: Place, env: dict[str, str]) -> None:
    """Gather and compress the static files, unless that was done for these very files."""
    stamp = place.data / "static" / ".collected"
    digest = static_digest()
    if not (stamp.exists() and stamp.read_text() == digest):
        manage(env, "collectstatic", "--noinput")
        stamp.write_text(digest)


def commands(place: Place) -> dict[str, list[str]]:
    web = ["-m", "granian", "--interface", "wsgi", "--host", place.host, "--port", str(place.port)]
    web += ["--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "5"]
    web += ["--no-ws", "annotate.wsgi:application"]
    beat = ["-B", "--schedule", str(place.data / "beat-schedule")]
    everyday = [*CELERY, *QUIET_WORKER, "-Q", "default", "-c", "2", "-n", "default@%h", *beat]
    # One model in memory, so one process: `solo` also leaves torch its threads.
    generate = [*CELERY, *QUIET_WORKER, "-Q", "generate", "-P", "solo", "-n", "generate@%h"]
    return {"web": web, "worker": everyday, "worker-generate": generate}


def start_child(name: str, command: list[str], place: Place, env: dict[str, str]) -> Child:
    log = place.logs / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(PYTHON), *command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A terminal's Ctrl-C is for us alone: two signals at a time can hang a web worker.
            start_new_session=True,
        )
    return Child(name, process, log)


def check_alive(children: list[Child]) -> None:
    for child in children:
        code = child.process.poll()
        if code is not None:
            last = child.log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
            report = "\n".join(["", f"The end of {child.log}:", *(f"  {line}" for line in last)])
            raise LaunchError(f"{child.name} ended with exit code {code}, so all stopped.{report}")


def answers(place: Place) -> bool:
    """Say whether the web server serves requests; refusing this host name is an answer too."""
    # Not urllib: it would go through a proxy, and follow the redirect to https.
    connection = http.client.HTTPConnection(place.host, place.port, timeout=5)
    try:
        connection.request("GET", "/livez")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    if status >= 500:
        raise LaunchError(f"{place.url}/livez answered {status}; see {place.logs}")
    return True


def wait_until_ready(place: Place, children: list[Child]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers(place):
        check_alive(children)
        if time.monotonic() > deadline:
            raise LaunchError(f"no answer from {place.url} in {READY_SECONDS} s; see {place.logs}")
        time.sleep(0.1)


def stop(children: list[Child]) -> None:
    """End every child and say so; no further signal gets in between."""
    for name in STOP_SIGNALS:
        signal.signal(name, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # the terminal may be gone
        say("Stopping …")
    end(children)


def end(children: list[Child]) -> None:
    """End every child with all it has started: politely, then after a while by force."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def run(env: dict[str, str]) -> NoReturn:
    """Prepare this machine, start everything and stay until a signal or the end of a child."""
    place = read_place(env)
    check_data_folder(place.data)
    check_port_free(place)
    install(["core"] if env.get("LOCAL") == "0" else ["core", "local"])
    env = child_environment(place, env)
    say("Preparing the database and the demo campaign …")
    manage(env, "migrate", "--noinput")
    manage(env, "load_demo")
    collect_static(place, env)
    children: list[Child] = []
    try:
        for name, command in commands(place).items():
            children.append(start_child(name, command, place, env))
            if name == "web":  # before the workers take the processor
                wait_until_ready(place, children)
                links = manage(env, "sign_in_links").rstrip()
        say(f"\nAnnotate runs at {place.url} (Ctrl-C stops it). Single-use sign-in links:\n{links}")
        while True:
            check_alive(children)
            time.sleep(0.2)
    finally:
        stop(children)


def main() -> int:
    # A closed terminal counts as Ctrl-C; left to itself it would leave the children behind.
    # SIGINT is named too: a shell that starts this in the background has it ignored.
    for name in STOP_SIGNALS:
        signal.signal(name, signal.default_int_handler)
    try:
        run(dict(os.environ))
    except LaunchError as error:
        print(f"annotate: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())

"""Starting on a bare machine: refusals in one line, the key, the children's environment."""

import os
import runpy
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from select import select
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = ROOT / "annotate" / "launch.py"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


# Gives itself out as another version; make runs it with `-c` and the code.
OLD_PYTHON = """#!/bin/sh
exec {python} -c 'import sys; sys.version_info = (3, 6, 9); exec(sys.argv[1])' "$2"
"""


@pytest.fixture(scope="module")
def launch() -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(LAUNCH), run_name="launch"))


def answering(status: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-I", str(LAUNCH)],
        env={**clean, **settings},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_launch_refuses_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = start(DATA_DIR=str(tmp_path), PORT=str(port))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"annotate: cannot listen on 127.0.0.1 port {port} (Address already in use); "
        "stop what uses it or name another one, for example: make run PORT=8001\n"
    )


@pytest.mark.parametrize(("target", "named"), [("run", "run"), ("test", "setup")])
def test_make_refuses_an_old_python_in_one_line(tmp_path: Path, target: str, named: str) -> None:
    old = tmp_path / "python"
    old.write_text(OLD_PYTHON.format(python=sys.executable))
    old.chmod(0o700)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    ended = subprocess.run(
        ["make", target, f"PYTHON={old}"],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    ours, make = ended.stderr.splitlines()
    assert (ended.returncode, ended.stdout, make[:9]) == (2, "", "make: ***")
    assert ours == (
        "annotate: Annotate needs Python 3.11 or newer and this is Python 3.6.9; "
        f"name a newer one, for example: make {named} PYTHON=python3.12"
    )


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０００"])
def test_launch_refuses_port_that_is_none(tmp_path: Path, port: str) -> None:
    ended = start(DATA_DIR=str(tmp_path), PORT=port)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"annotate: PORT must be a number from 1 to 65535, not {port!r}\n"


def test_launch_refuses_data_folder_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"
    ended = start(DATA_DIR=str(folder))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"annotate: cannot write to the data folder {folder} (Not a directory); "
        "make it writable or name another one with DATA_DIR\n"
    )


def test_secret_key_is_made_once_and_readable_by_its_owner_alone(
    launch: SimpleNamespace, tmp_path: Path
) -> None:
    first = launch.read_secret_key(tmp_path)
    second = launch.read_secret_key(tmp_path)
    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_secret_keys_of_two_installations_differ(launch: SimpleNamespace, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    keys = {launch.read_secret_key(folder) for folder in folders}
    assert len(keys) == 2


def test_data_folder_is_made_for_its_owner_alone(launch: SimpleNamespace, tmp_path: Path) -> None:
    launch.check_data_folder(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_plain_http_is_allowed_on_loopback_only(launch: SimpleNamespace, tmp_path: Path) -> None:
    outside = launch.child_environment(launch.Place("0.0.0.0", 8000, tmp_path), {})
    inside = launch.child_environment(launch.Place("127.0.0.1", 8000, tmp_path), {})
    assert "SECURE" not in outside
    assert "ALLOWED_HOSTS" not in outside
    assert (inside["SECURE"], inside["BASE_URL"]) == ("0", "http://127.0.0.1:8000")


def test_settings_of_the_user_win(launch: SimpleNamespace, tmp_path: Path) -> None:
    given = {"SECRET_KEY": "given", "ALLOWED_HOSTS": "localhost", "SECURE": "1"}
    filled = launch.child_environment(launch.Place("127.0.0.1", 8000, tmp_path), given)
    assert {name: filled[name] for name in given} == given
    assert not (tmp_path / "secret_key").exists()


def test_every_queue_has_one_worker(launch: SimpleNamespace, tmp_path: Path) -> None:
    commands = launch.commands(launch.Place("127.0.0.1", 8000, tmp_path))
    queues = {name: line[line.index("-Q") + 1] for name, line in commands.items() if "-Q" in line}
    assert queues == {"worker": "default", "worker-generate": "generate"}


def test_child_that_ends_is_named_with_the_end_of_its_log(
    launch: SimpleNamespace, tmp_path: Path
) -> None:
    place = launch.Place("127.0.0.1", 8000, tmp_path)
    launch.check_data_folder(tmp_path)
    code = "print('the reason'); raise SystemExit(3)"
    child = launch.start_child("worker", ["-c", code], place, dict(os.environ))
    child.process.wait()
    with pytest.raises(launch.LaunchError, match="worker ended with exit code 3") as refusal:
        launch.check_alive([child])
    assert str(refusal.value).endswith(f"The end of {child.log}:\n  the reason")


def test_log_of_the_last_start_is_kept(launch: SimpleNamespace, tmp_path: Path) -> None:
    place = launch.Place("127.0.0.1", 8000, tmp_path)
    launch.check_data_folder(tmp_path)
    for word in ("first", "second"):
        command = ["-c", f"print('{word}')"]
        launch.start_child("web", command, place, dict(os.environ)).process.wait()
    kept = {path.name: path.read_text() for path in (tmp_path / "logs").iterdir()}
    assert kept == {"web.log": "second\n", "web.log.1": "first\n"}


@pytest.mark.parametrize("status", [200, 301, 400])
def test_server_that_refuses_the_host_name_still_answers(
    launch: SimpleNamespace, tmp_path: Path, status: int
) -> None:
    with HTTPServer(("127.0.0.1", 0), answering(status)) as server:
        Thread(target=server.handle_request).start()
        place = launch.Place("127.0.0.1", server.server_port, tmp_path)
        assert launch.answers(place) is True


def test_server_that_fails_stops_the_start(launch: SimpleNamespace, tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), answering(500)) as server:
        Thread(target=server.handle_request).start()
        place = launch.Place("127.0.0.1", server.server_port, tmp_path)
        with pytest.raises(launch.LaunchError, match="/livez answered 500"):
            launch.answers(place)


def test_nothing_listening_is_no_answer(launch: SimpleNamespace, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = launch.Place("127.0.0.1", taken.getsockname()[1], tmp_path)
        assert launch.answers(place) is False


@pytest.fixture
def stop(launch: SimpleNamespace) -> Iterator[Callable[[list[Any]], None]]:
    """The launcher's stop; the signals it ignores from then on are heard again after the test."""
    handlers = {name: signal.getsignal(name) for name in STOPPING}
    yield launch.stop
    for name, handler in handlers.items():
        signal.signal(name, handler)


def test_stop_ends_a_child_that_is_asked(
    launch: SimpleNamespace, stop: Callable[[list[Any]], None], tmp_path: Path
) -> None:
    launch.check_data_folder(tmp_path)
    place = launch.Place("127.0.0.1", 8000, tmp_path)
    waits = ["-c", "import signal; signal.pause()"]
    child = launch.start_child("web", waits, place, dict(os.environ))
    stop([child])
    assert child.process.returncode == -signal.SIGTERM


def test_end_kills_a_child_that_does_not_listen(launch: SimpleNamespace, tmp_path: Path) -> None:
    launch.check_data_folder(tmp_path)
    place = launch.Place("127.0.0.1", 8000, tmp_path)
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); print('deaf'); signal.pause()"
    child = launch.start_child("web", ["-uc", deaf], place, dict(os.environ))
    while not child.log.read_bytes():
        assert child.process.poll() is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(launch.end.__globals__, "STOP_SECONDS", 0)
        launch.end([child])
    assert child.process.returncode == -signal.SIGKILL


def test_stop_ends_what_a_child_has_left_behind(
    launch: SimpleNamespace, stop: Callable[[list[Any]], None], tmp_path: Path
) -> None:
    launch.check_data_folder(tmp_path)
    place = launch.Place("127.0.0.1", 8000, tmp_path)
    # The grandchild holds the write end of the pipe open for as long as it lives.
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    leaves = ["-c", "import os, signal; os.fork() or signal.pause()"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(launch.subprocess, "Popen", partial(subprocess.Popen, pass_fds=(writing,)))
        child = launch.start_child("web", leaves, place, dict(os.environ))
    os.close(writing)
    child.process.wait()
    stop([child])
    is_closed, _, _ = select([reading], [], [], 10)
    os.close(reading)
    assert is_closed == [reading]

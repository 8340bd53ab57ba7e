"""Installing from the locks: what stops it, what it skips, and that the locks agree."""

import platform
import re
import runpy
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
INSTALL = ROOT / "annotate" / "install.py"
PIN = re.compile(r"^([a-z0-9._-]+)==([^ \\\n]+)", re.MULTILINE)


@pytest.fixture
def install() -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(INSTALL), run_name="install"))


def run_with(patch: str) -> subprocess.CompletedProcess[str]:
    """Run the script after `patch`, in an interpreter of its own."""
    code = f"import runpy, sys; {patch}; runpy.run_path({str(INSTALL)!r}, run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-I", "-c", code, "core"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text()))


def test_install_refuses_old_python() -> None:
    ended = run_with("sys.version_info = (3, 10, 12)")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "annotate: Annotate needs Python 3.11 or newer and this is Python 3.10.12; "
        "name a newer one, for example: make run PYTHON=python3.12\n"
    )


def test_install_names_the_package_that_brings_venv() -> None:
    ended = run_with(
        "import importlib.util, pathlib; importlib.util.find_spec = lambda name: None; "
        "pathlib.Path.exists = lambda path: False"
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "annotate: this Python cannot create virtual environments; "
        "install the missing part, for example: sudo apt install python3-venv\n"
    )


def test_install_refuses_unknown_lock() -> None:
    ended = run_with("sys.argv.append('everything')")
    assert ended.returncode == 1
    assert (
        ended.stderr
        == "annotate: name one or more of core, dev, s3, local, train, not 'everything'\n"
    )


def test_lock_digest_follows_the_lock(install: SimpleNamespace) -> None:
    digests = {install.lock_digest(name) for name in install.LOCKS}
    assert len(digests) == 5


def test_whole_locks_carry_a_hash_for_every_pin() -> None:
    for name in ("core", "s3", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        bare = re.findall(r"^([a-z0-9._-]+)==[^ \\\n]+$", text, re.MULTILINE)
        assert bare == []


def test_locks_agree_on_every_version() -> None:
    core, s3, dev, local = pins("core"), pins("s3"), pins("dev"), pins("local")
    assert core.items() <= s3.items() <= dev.items()
    assert core.items() <= local.items()
    assert {name: local[name] for name in dev.keys() & local.keys()} == {
        name: dev[name] for name in dev.keys() & local.keys()
    }


def test_locks_hold_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {
        "core": project["dependencies"],
        "s3": project["optional-dependencies"]["s3"],
        "dev": project["optional-dependencies"]["dev"],
        "local": project["optional-dependencies"]["local"],
    }
    for name, wanted in declared.items():
        names = {re.split(r"[\[~=<> ]", line)[0] for line in wanted}
        assert names - pins(name).keys() == set()


def test_locks_name_no_package_host() -> None:
    for path in sorted((ROOT / "requirements").iterdir()):
        assert re.findall(r"^--(?!hash)|https?://|file:/", path.read_text(), re.MULTILINE) == []


@pytest.mark.parametrize("version", ["3.11.0", "3.11.2", "3.12.0", "3.13.0", "3.14.0"])
def test_core_lock_holds_what_its_packages_need_on(version: str) -> None:
    assert lacking("core", version) == set()


@pytest.mark.parametrize("name", ["s3", "dev"])
def test_other_locks_hold_what_their_packages_need(name: str) -> None:
    assert lacking(name, platform.python_version()) == set()


def test_whole_locks_are_installed_as_they_are(install: SimpleNamespace) -> None:
    """A release made after the lock changes nothing: pip is not asked what else might fit."""
    assert install.how_strict("core") == ["--require-hashes", "--no-deps"]
    assert install.how_strict("s3") == ["--require-hashes", "--no-deps"]
    assert install.how_strict("dev") == ["--require-hashes", "--no-deps"]
    assert install.how_strict("local") == []


def lacking(lock: str, version: str) -> set[tuple[str, str]]:
    """Return what packages of a lock need on a version of Python that the lock does not hold."""
    python = {
        "python_version": ".".join(version.split(".")[:2]),
        "python_full_version": version,
        "extra": "",
    }
    locked = pins(lock).keys()
    return {
        (name, requirement.name)
        for name in locked
        for requirement in map(Requirement, requires(name) or [])
        if canonicalize_name(requirement.name) not in locked
        and (requirement.marker is None or requirement.marker.evaluate(python))
    }

"""Bring .venv to the locked versions; plain Python, so that it runs before anything exists.

The Makefile calls it with the machine's own interpreter and the locks that the target needs:
`python3 -I annotate/install.py core local`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "install.log"
OLDEST_PYTHON = (3, 11)
LOCKS = {
    "core": "about a minute",
    "dev": "a few minutes",
    "s3": "the core, and what reaches a bucket",
    "local": "torch and transformers, a large download",
    "train": "trainers, beside torch",
}


class InstallError(Exception):
    """An installation that cannot go on; its text is the one line the user reads."""


def check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise InstallError(
            f"Annotate needs Python 3.11 or newer and this is Python {found}; "
            "name a newer one, for example: make run PYTHON=python3.12"
        )


def create_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise InstallError(
            "this Python cannot create virtual environments; "
            "install the missing part, for example: sudo apt install python3-venv"
        )
    say("Creating the virtual environment .venv …")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        said = (made.stderr or made.stdout).strip().splitlines() or ["no reason given"]
        raise InstallError(f"cannot create the virtual environment {VENV}: {said[-1]}")


def has_pip() -> bool:
    if not PYTHON.exists():
        return False
    asked = subprocess.run(
        [str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False
    )
    return asked.returncode == 0


def lock_path(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def lock_digest(name: str) -> str:
    """Name what was installed: another lock or another Python needs another installation."""
    return hashlib.sha256(lock_path(name).read_bytes() + sys.version.encode()).hexdigest()


def stamp_path(name: str) -> Path:
    return VENV / f"installed-{name}"


def is_installed(name: str) -> bool:
    # The dev lock holds the core one and that of buckets whole.
    stamped = [name, "dev"] if name in {"core", "s3"} else [name]
    return PYTHON.exists() and any(
        stamp_path(each).exists() and stamp_path(each).read_text() == lock_digest(each)
        for each in stamped
    )


def install_lock(name: str) -> None:
    say(f"Installing requirements/{name}.txt ({LOCKS[name]}) …")
    # Python compiles what it imports; pip would compile all of torch, which takes as long again.
    pip = [str(PYTHON), "-m", "pip", "install", "--no-input", "--no-compile", *how_strict(name)]
    pip += ["-r", str(lock_path(name))]
    with LOG.open("wb") as log:
        code = subprocess.run(pip, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
    if code:
        raise InstallError(f"pip could not install requirements/{name}.txt: {last_error()}")
    stamp_path(name).write_text(lock_digest(name))


def how_strict(name: str) -> list[str]:
    """Say what pip may look for beyond the lines of a lock: nothing, where it is whole.

    Left to resolve a whole lock again, an older pip (23.2 for one) takes the newest release for a
    requirement with an extra, and then refuses it for having no hash. torch has a file for every
    accelerator under one version, each with a hash and requirements of its own.
    """
    return [] if name in {"local", "train"} else ["--require-hashes", "--no-deps"]


def last_error() -> str:
    lines = [line for line in LOG.read_text(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")] or lines or ["it said nothing"]
    return f"{errors[-1]} (all of it is in {LOG})"


def install(names: list[str]) -> None:
    """Install the named locks, at no cost when .venv already holds them."""
    check_python()
    unknown = [name for name in names if name not in LOCKS]
    if unknown or not names:
        raise InstallError(f"name one or more of {', '.join(LOCKS)}, not {' '.join(unknown)!r}")
    missing = [name for name in names if not is_installed(name)]
    if missing and not has_pip():
        create_venv()
        missing = names
    for name in missing:
        install_lock(name)


def say(text: str) -> None:
    print(text, flush=True)


def main(names: list[str]) -> int:
    try:
        install(names)
    except InstallError as error:
        print(f"annotate: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Let every consumer read one export of the running product: each configuration and container.

Run with ``make check-exports``; ``ARGS="--only trl --only csv"`` for some of the consumers.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from annotate.launch import LaunchError
from bench.consumers.exported import Exported, Result
from bench.consumers.making import make_export
from bench.consumers.reading import READERS
from bench.consumers.recipes import pull_as_shown
from bench.consumers.streaming import TOKEN, URLS
from bench.stack import SETUPS, running
from exports.client import AnnotateError, Export

ROOT = Path(__file__).resolve().parents[2]
WHEELS = ROOT / "build" / "consumers"
# Installed without what they need: their converters need little of it, and a stand-in does.
BARE = {
    "llamafactory": "llamafactory==0.9.5",
    "openrlhf": "openrlhf==0.11.2",
    "axolotl": "axolotl==0.19.0",
    "rewardbench": "rewardbench==0.1.4",
    "verl": "verl==0.9.1",
}
WHOLE = {"streaming": "aiohttp==3.14.5"}
STREAMING, RECIPES = "streaming", "recipes"
# One thread: with two, tiny models wait for one another most of the time.
QUIET = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}


def main() -> int:
    """Make the export, print a line for each reading, and return 1 if one went wrong."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="annotate-consumers-") as scratch:
        exported = Exported(given.keep or Path(scratch) / "export", Path(scratch), WHEELS)
        try:
            results = list(_results(given, exported))
        except (LaunchError, AnnotateError, subprocess.CalledProcessError) as error:
            print(f"check-exports: {error}", file=sys.stderr)
            return 1
    wrong = sum(bool(one.problem) for one in results)
    print(f"{len(results)} readings, {wrong} of them went wrong")
    return 1 if wrong or not results else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--setup", choices=SETUPS, default="services")
    names = list(READERS)
    parser.add_argument("--only", choices=names, action="append", help="default: every consumer")
    parser.add_argument("--keep", type=Path, help="download the export into this folder")
    given = parser.parse_args()
    given.only = given.only or names
    return given


def _results(given: argparse.Namespace, exported: Exported) -> Iterator[Result]:
    """Yield each result as soon as it is there; the product runs only while it is needed."""
    for name in given.only:
        _install(name)
    with running(given.setup) as stack:
        export, token = make_export(stack, exported.folder, exported.scratch)
        print(f"{len(export.files)} files, {exported.counts}")
        if RECIPES in given.only:
            pull_as_shown(stack.url, token, export.campaign, exported.scratch)
        if STREAMING in given.only:
            yield from _read(STREAMING, exported, _addresses(export, token))
    for name in READERS:
        if name in given.only and name != STREAMING:
            yield from _read(name, exported, {})


def _addresses(export: Export, token: str) -> dict[str, str]:
    urls = [file.url for file in export.files if file.rows is not None]
    return {URLS: " ".join(urls), TOKEN: token}


def _install(name: str) -> None:
    """Put a consumer's code into a folder of its own, once."""
    wanted, folder = BARE.get(name) or WHOLE.get(name), WHEELS / name
    if wanted is None or (folder / wanted).exists():
        return
    print(f"Installing {wanted} …", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-compile", "--upgrade"]
    alone = ["--no-deps"] if name in BARE else []
    subprocess.run([*pip, *alone, "--target", str(folder), wanted], check=True)
    (folder / wanted).touch()


def _read(name: str, exported: Exported, beside: dict[str, str]) -> Iterator[Result]:
    """Yield the results of one consumer, which runs in a process of its own."""
    folders = [str(exported.folder), str(exported.scratch), str(exported.wheels)]
    command = [sys.executable, "-m", "bench.consumers.reading", name, *folders]
    home = {"HF_HOME": str(exported.scratch / "home")}
    log = exported.scratch / f"{name}.log"
    with log.open("w") as said, subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=said, text=True, cwd=ROOT,
        env={**os.environ, **QUIET, **home, **beside},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            result = Result(**json.loads(line))
            _print(result)
            yield result
    if process.returncode:
        problem = f"it ended with {process.returncode}: {log.read_text()[-600:]}"
        failed = Result("", "", name, 0, problem, 0.0)
        _print(failed)
        yield failed


def _print(one: Result) -> None:
    said = one.problem or "ok"
    print(
        f"{one.config:<13} {one.container:<9} {one.consumer:<29} {one.rows:>5} rows "
        f"{one.seconds:>6.1f} s  {said}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())

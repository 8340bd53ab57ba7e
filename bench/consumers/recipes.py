"""The recipes of docs/recipes: pulled and run as their README shows, with a tiny model."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from annotate.launch import LaunchError
from bench.consumers.exported import Exported, Result, Wrong, read_each
from exports.client import cli

RECIPES = Path(__file__).resolve().parents[2] / "docs" / "recipes"
CAMPAIGN, MODEL, DATA = "7", "path/to/model", "data"  # as the README names them
PULL, RUN = "annotate-export", "python"
LONGEST_SECONDS = 400
NEEDS = {"kto.py": "kto", "sft.py": "sft", "grpo.py": "prompts"}  # the others need pairs


def pull_as_shown(url: str, token: str, campaign: int, scratch: Path) -> None:
    """Download what the recipes need with the commands of the README."""
    names = {CAMPAIGN: str(campaign), DATA: str(scratch / DATA)}
    for words in _shown(PULL):
        given = [names.get(word, word) for word in words]
        if cli.main(["--url", url, "--token", token, *given]):
            raise LaunchError(f"{PULL} {shlex.join(words)} failed")


def read(exported: Exported) -> Iterator[Result]:
    """Yield what became of each recipe, in the order of the README."""
    for recipe, *arguments in _shown(RUN):
        if recipe.endswith(".py"):
            run = partial(_run, exported, recipe, arguments)
            pair = (NEEDS.get(recipe, "trl"), "parquet")
            yield from read_each(f"docs/recipes/{recipe}", [pair], run)


def _run(exported: Exported, recipe: str, arguments: list[str], config: str, container: str) -> int:
    run_recipe(exported.scratch, recipe, arguments)
    return exported.counts[config]["train"]


def run_recipe(folder: Path, recipe: str, arguments: list[str]) -> None:
    """Run one recipe in a folder; raise Wrong unless it ends well and leaves its model."""
    given = ["policy" if word == MODEL else word for word in arguments]
    ended = subprocess.run(
        [sys.executable, str(RECIPES / recipe), *given],
        cwd=folder,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    if ended.returncode:
        raise Wrong(f"{recipe} ended with {ended.returncode}: {ended.stderr[-400:]}")
    if not (folder / given[-1] / "model.safetensors").is_file():
        raise Wrong(f"{recipe} left no model")


def _shown(command: str) -> Iterator[list[str]]:
    """Yield the arguments of each line of the README that begins with a command."""
    for line in (RECIPES / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{command} "):
            yield shlex.split(line)[1:]

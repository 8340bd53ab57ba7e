"""Whether preferences survive the whole loop: people who follow a rule answer over the HTTP API, a
reward model trained on the export finds the rule, and a policy trained against it follows it.

Run with ``make check-signal``; ``ARGS="--setup embedded"`` for the other set-up.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from annotate.launch import LaunchError
from bench.annotators import RuledCampaign
from bench.signal_check.rule import answer, import_rows
from bench.stack import SETUPS, running
from exports.client import AnnotateError, Client

PROMPTS, PEOPLE, SEED = 640, 4, 1
SELECTION = {
    "configs": ["trl", "prompts"],
    "containers": ["parquet"],
    "validation_share": 0.1,
    "test_share": 0.15,
}
# One thread: with two, tiny models wait for one another most of the time.
QUIET = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}


def main() -> int:
    """Make the export, then train on it; return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--setup", choices=SETUPS, default="services")
    parser.add_argument("--keep", type=Path, help="download the export into this folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="annotate-signal-") as scratch:
        folder = given.keep or Path(scratch) / "export"
        try:
            make_export(given.setup, folder)
        except (LaunchError, AnnotateError) as error:
            print(f"check-signal: {error}", file=sys.stderr)
            return 1
        return train(folder, Path(scratch))


def train(export: Path, scratch: Path) -> int:
    """Train in a process of its own, which prints the figures; return its exit code."""
    command = [sys.executable, "-m", "bench.signal_check.figures", str(export), str(scratch)]
    env = {**os.environ, **QUIET, "HF_HOME": str(scratch / "home")}
    log = scratch / "training.log"
    with log.open("w") as said:
        code = subprocess.run(command, env=env, stderr=said, check=False).returncode
    if code:
        print(log.read_text()[-2000:], file=sys.stderr)
    return code


def make_export(setup: str, folder: Path) -> None:
    """Have people judge every pair by the rule, and download what comes of it."""
    start = time.perf_counter()
    with running(setup) as stack:
        campaign = RuledCampaign(stack, overlap=1, name="Keyword", candidates_per_comparison=2)
        campaign.import_rows(list(import_rows(PROMPTS, SEED)))
        answers = campaign.answer_all(PEOPLE, answer)
        with Client(stack.url, campaign.token()) as client:
            export = campaign.export(client, **SELECTION)
            for file in export.files:
                client.download(file, folder)
    seconds = time.perf_counter() - start
    print(f"{answers} answers of {PEOPLE} people, {export.pair_count} pairs, {seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())

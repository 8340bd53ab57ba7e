"""Let one consumer read a downloaded export, in a process of its own: one line of JSON a result.

Run by ``make check-exports``: ``python -m bench.consumers.reading CONSUMER EXPORT SCRATCH WHEELS``.
"""

import importlib
import sys
from contextlib import redirect_stdout
from pathlib import Path

from bench.consumers.exported import Exported

READERS = {
    "documented": "bench.consumers.schemas:read",
    "csv": "bench.consumers.cells:read",
    "trl": "bench.consumers.trl_trainers:read",
    "llamafactory": "bench.consumers.llama_factory:read",
    "openrlhf": "bench.consumers.open_rlhf:read",
    "axolotl": "bench.consumers.converters:read_axolotl",
    "rewardbench": "bench.consumers.converters:read_reward_bench",
    "verl": "bench.consumers.converters:read_verl",
    "tokens": "bench.consumers.token_counts:read",
    "repeated": "bench.consumers.repeated:read",
    "recipes": "bench.consumers.recipes:read",
    "streaming": "bench.consumers.streaming:read",
}


def main(consumer: str, *folders: str) -> int:
    """Print each result as soon as it is there; what a consumer prints goes to stderr."""
    module, _, name = READERS[consumer].partition(":")
    results = sys.stdout
    with redirect_stdout(sys.stderr):
        read = getattr(importlib.import_module(module), name)
        for result in read(Exported(*map(Path, folders))):
            print(result.as_line(), file=results, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

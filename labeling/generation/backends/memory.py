"""How much memory a batch may take, on a graphics card or beside a processor."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from labeling.generation.backends.batching import Cost

SMALL = 20_000_000
SHARE = 0.7  # of what is free when a batch begins
MEMINFO, STATM = Path("/proc/meminfo"), Path("/proc/self/statm")
UNKNOWN_FREE = 2 << 30
# Scores, their sorted copy, places, probabilities, sums and noise stand side by side.
BYTES_A_SCORE = 40


def cost_of(model: Any) -> Cost:
    """Return what a row of this model takes: keys and values of its tokens, and its scores."""
    config = model.config.get_text_config(decoder=True)
    heads = getattr(config, "num_attention_heads", 1)
    kept = getattr(config, "num_key_value_heads", None) or heads
    wide = getattr(config, "head_dim", None) or config.hidden_size // heads
    a_token = 2 * config.num_hidden_layers * kept * wide * model.dtype.itemsize
    # What a layer computes of a token while the prompt is read.
    a_token += 8 * config.hidden_size * model.dtype.itemsize
    return Cost(a_token=a_token, a_row=config.vocab_size * BYTES_A_SCORE)


def free_bytes(device: torch.device) -> int:
    """Return how much memory is free where the model computes."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        held = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(free) + int(held)
    limit, _ = resource.getrlimit(resource.RLIMIT_DATA)
    available = _meminfo().get("MemAvailable", UNKNOWN_FREE)
    if limit == resource.RLIM_INFINITY:
        return available
    return max(0, min(available, limit - _data_bytes()))


def keep_within_memory() -> None:
    """Have this process refused memory that the machine lacks, before the system kills it.

    A refused allocation is an error that a batch survives in halves. Where the system does
    not say what is free, nothing is done; nor where a graphics card is, whose driver reserves
    more addresses than there is memory.
    """
    available = _meminfo().get("MemAvailable")
    if available and STATM.exists() and not torch.cuda.is_available():
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = _data_bytes() + available
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def is_out_of_memory(error: Exception) -> bool:
    """Tell whether an error says that memory was refused; torch has no class for processors."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and "allocate memory" in str(error)


@contextmanager
def few_threads(model: Any) -> Iterator[None]:
    """Compute on one thread while a small model runs: more would wait for one another."""
    threads = torch.get_num_threads()
    if model.num_parameters() < SMALL:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _meminfo() -> dict[str, int]:
    """Return the lines of the system's report in bytes; nothing where there is none."""
    if not MEMINFO.exists():
        return {}
    rows = (line.split() for line in MEMINFO.read_text().splitlines())
    return {row[0].rstrip(":"): int(row[1]) << 10 for row in rows if len(row) > 1}


def _data_bytes() -> int:
    """Return the size of this process's data, as its limit counts it."""
    return int(STATM.read_text().split()[5]) * resource.getpagesize()

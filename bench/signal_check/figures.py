"""Train on a downloaded export and print the figures: ``python -m … EXPORT SCRATCH``."""

import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from statistics import fmean
from typing import Any

from datasets import load_dataset

from bench.signal_check import learning

HELD_OUT = "test"
LEAST, MOST_SWAPPED, MOST_SECONDS = 0.85, 0.15, 180
LEAST_RISE = 1.0  # of the mean reward, many times what its chance variation is
FEWEST_PAIRS = 400
SEEDS = (0, 1, 2)
STEPS_COMPARED = 10


def main(export: str, scratch: str) -> int:
    """Print each figure with its bar; return 1 when one is missed."""
    pairs, folder = load_dataset(export, "trl"), Path(scratch)
    prompts = load_dataset(export, "prompts", split="train")
    counts = {split: len(rows) for split, rows in pairs.items()}
    _say(f"pairs by split: {counts}")
    tokenizer = learning.save_start(pairs["train"], folder / "start", seed=0)
    held = [counts["train"] >= FEWEST_PAIRS, *_reward_models(pairs, tokenizer, folder)]
    held += [_policy(pairs["train"], prompts, tokenizer, folder, seed) for seed in SEEDS]
    _say("every bar is held" if all(held) else "A BAR IS MISSED")
    return 0 if all(held) else 1


def _reward_models(pairs: Any, tokenizer: Any, folder: Path) -> list[bool]:
    """Train on the pairs as they are, and on swapped ones; measure both on the held-out pairs."""
    start = time.perf_counter()
    places = (folder / "start", tokenizer)
    model = learning.train_reward_model(*places, pairs["train"], folder / "reward-model")
    seconds = time.perf_counter() - start
    right = learning.pair_accuracy(model, tokenizer, pairs[HELD_OUT])
    control = learning.train_reward_model(
        *places, learning.swapped(pairs["train"]), folder / "swapped"
    )
    wrong = learning.pair_accuracy(control, tokenizer, pairs[HELD_OUT])
    return [
        _held("accuracy on held-out pairs", right, right >= LEAST, f"at least {LEAST}"),
        _held("accuracy, trained on swapped", wrong, wrong <= MOST_SWAPPED,
              f"at most {MOST_SWAPPED}"),
        _held("seconds of training", seconds, seconds < MOST_SECONDS, f"under {MOST_SECONDS}"),
    ]  # fmt: skip


def _policy(pairs: Any, prompts: Any, tokenizer: Any, folder: Path, seed: int) -> bool:
    """Train a policy of one seed; the mean reward and the rule followed must rise."""
    begun, start, warm = time.perf_counter(), folder / f"start-{seed}", folder / f"warm-{seed}"
    learning.save_start(pairs, start, seed)
    learning.warm_up(start, tokenizer, pairs, warm, seed)
    steps = list(learning.train_policy(warm, tokenizer, folder / "reward-model", prompts, seed))
    reward, before = (fmean(one) for one in zip(*steps[:STEPS_COMPARED], strict=True))
    risen, after = (fmean(one) for one in zip(*steps[-STEPS_COMPARED:], strict=True))
    seconds = time.perf_counter() - begun
    detail = f"from {reward:.3f}; with the keyword {before:.2f} -> {after:.2f}; {seconds:.0f} s"
    name = f"policy {seed}: mean reward, {len(steps)} steps"
    return _held(name, risen, risen >= reward + LEAST_RISE and after > before, detail)


def _held(name: str, value: float, holds: bool, bar: str) -> bool:
    _say(f"  {'ok  ' if holds else 'MISS'} {name:<36} {value:>8.3f}  {bar}")
    return holds


def _say(text: str) -> None:
    """Print a line past what the trainers print."""
    print(text, file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    with redirect_stdout(sys.stderr):
        code = main(*sys.argv[1:])
    sys.exit(code)

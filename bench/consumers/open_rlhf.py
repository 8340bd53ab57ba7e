"""OpenRLHF: its loading of files and its reward dataset, by the options of its command line."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from transformers import AutoTokenizer

from bench.consumers.exported import Exported, Result, Wrong, each, expect, read_each
from bench.consumers.stubs import use_wheel
from bench.consumers.tiny import LONGEST
from bench.consumers.truth import Truth, turns_of, whole

SINGLE_FILES = ("parquet", "jsonl")
EXPLICIT = {"prompt_key": "prompt", "chosen_key": "chosen", "rejected_key": "rejected"}
IMPLICIT = {"prompt_key": None, "chosen_key": "chosen", "rejected_key": "rejected"}


def read(exported: Exported) -> Iterator[Result]:
    """Yield what became of its configuration, and of whole conversations by its defaults."""
    use_wheel(exported.wheel("openrlhf"), "pylatexenc")
    reader = _Reader(exported)
    pairs = each(("openrlhf", "trl_implicit"), ("parquet", "jsonl", "jsonl.gz"))
    yield from read_each("openrlhf 0.11.2", pairs, reader.read)


class _Reader:
    def __init__(self, exported: Exported) -> None:
        self._exported, self._truth = exported, Truth(exported.folder)
        self._tokenizer = AutoTokenizer.from_pretrained(exported.scratch / "policy")

    def read(self, config: str, container: str) -> int:
        """Convert every row, and have both texts of each checked."""
        from openrlhf.datasets.reward_dataset import RewardDataset  # noqa: PLC0415 - of the wheel

        keys = EXPLICIT if config == "openrlhf" else IMPLICIT
        data = SimpleNamespace(**keys, apply_chat_template=True)
        strategy = SimpleNamespace(args=SimpleNamespace(data=data, use_ms=False))
        strategy.print, strategy.is_rank_0 = lambda *said: None, lambda: False
        total = 0
        for place in self._places(config, container):
            rows = self._load(place, strategy)
            made = RewardDataset(rows, self._tokenizer, LONGEST, strategy, num_processors=1)
            pairs = (self._pair(made, at) for at in range(len(made)))
            total += self._truth.check_pairs(pairs)
            if config == "openrlhf" and list(made.extras) != list(rows["margin"]):
                raise Wrong("the margins are others")
        expect(total, self._exported.rows(config), "rows were converted")
        return total

    def _places(self, config: str, container: str) -> list[str]:
        """Return what to give as dataset: files by themselves, or a folder with a split's name."""
        if container in SINGLE_FILES:
            return [str(path) for path in self._exported.files(config, container)]
        folder = self._exported.folder / container / config
        return [f"{folder}#{split}" for split in self._exported.counts[config]]

    def _load(self, place: str, strategy: Any) -> Any:
        from openrlhf.datasets.utils import blending_datasets  # noqa: PLC0415 - of the wheel

        path, _, split = place.partition("#")
        return blending_datasets(path, strategy=strategy, dataset_split=split or "train")

    def _pair(self, made: Any, at: int) -> Any:
        chosen, _, rejected, *_ = made[at]
        decode = self._tokenizer.decode
        return whole(turns_of(decode(chosen[0])), turns_of(decode(rejected[0])))

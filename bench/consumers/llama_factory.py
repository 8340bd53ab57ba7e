"""LLaMA-Factory: its loader, converter and pairwise processor, by the dataset_info.json."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from transformers import AutoTokenizer

from bench.consumers.exported import Exported, Result, Wrong, each, expect, read_each
from bench.consumers.stubs import use_wheel
from bench.consumers.truth import Truth, turns_of, whole

CONFIG = "llamafactory"


def read(exported: Exported) -> Iterator[Result]:
    """Yield what became of its configuration in the files that it takes."""
    use_wheel(exported.wheel("llamafactory"), "torchaudio")
    reader = _Reader(exported)
    yield from read_each("llamafactory 0.9.5", each([CONFIG], ("parquet", "jsonl")), reader.read)


class _Reader:
    def __init__(self, exported: Exported) -> None:
        self._exported, self._truth = exported, Truth(exported.folder)
        self._tokenizer = AutoTokenizer.from_pretrained(exported.scratch / "policy")

    def read(self, config: str, container: str) -> int:
        """Load and convert every split as the stage `rm` does."""
        total = sum(self._read_split(container, split) for split in self._exported.counts[config])
        expect(total, self._exported.rows(config), "rows were converted")
        return total

    def _read_split(self, container: str, split: str) -> int:
        from llamafactory.data.loader import _get_merged_dataset  # noqa: PLC0415 - of the wheel

        data = SimpleNamespace(
            dataset_dir=str(self._exported.folder / container / CONFIG),
            media_dir="", streaming=False, max_samples=None, overwrite_cache=True,
            preprocessing_num_workers=1, cutoff_len=2048,
        )  # fmt: skip
        model = SimpleNamespace(cache_dir=None, hf_hub_token=None)
        training = SimpleNamespace(local_process_index=0, seed=1)
        rows = _get_merged_dataset([f"annotate_{split}"], model, data, training, stage="rm")
        return self._truth.check_pairs(self._processed(rows, data))

    def _processed(self, rows: Any, data: Any) -> Iterator[Any]:
        """Yield the pairs of token ids, as texts, that the reward model would be given."""
        from llamafactory.data.processor import (  # noqa: PLC0415 - of the wheel
            PairwiseDatasetProcessor,
        )
        from llamafactory.data.template import TEMPLATES  # noqa: PLC0415 - of the wheel

        template = TEMPLATES["chatml"]
        processor = PairwiseDatasetProcessor(template, self._tokenizer, None, data)
        made = processor.preprocess_dataset(rows[:])
        for chosen, rejected in zip(
            made["chosen_input_ids"], made["rejected_input_ids"], strict=True
        ):
            yield _pair(self._tokenizer.decode(chosen), self._tokenizer.decode(rejected))


def _pair(chosen: str, rejected: str) -> Any:
    turns = turns_of(chosen), turns_of(rejected)
    if not all(turns):
        raise Wrong(f"no turns in {chosen!r} or {rejected!r}")
    return whole(*turns)

"""Readers of which the converters alone are run: axolotl, RewardBench and verl."""

import json
from collections.abc import Iterator
from typing import Any

from transformers import AutoTokenizer

from bench.consumers.exported import Exported, Result, Wrong, each, expect, read_each
from bench.consumers.stubs import use_wheel
from bench.consumers.tiny import LONGEST
from bench.consumers.truth import Truth, cut, turns_of

TYPED = ("parquet", "jsonl", "jsonl.gz")


class _Rows:
    """What the three have in common: an export, its truth, and a tokenizer."""

    def __init__(self, exported: Exported) -> None:
        self.exported, self.truth = exported, Truth(exported.folder)
        self.tokenizer = AutoTokenizer.from_pretrained(exported.scratch / "policy")

    def kept(self, config: str, rows: int) -> int:
        """Return how many rows were converted; raise Wrong unless it is all."""
        expect(rows, self.exported.rows(config), "rows were converted")
        return rows


class _Axolotl(_Rows):
    def read(self, config: str, container: str) -> int:
        """Convert by `chat_template.default`, or by `argilla_chat` where pairs are whole."""
        from axolotl.prompt_strategies.dpo import chat_template  # noqa: PLC0415 - of the wheel

        strategy = chat_template.default if config == "axolotl" else chat_template.argilla_chat
        settings = {"chat_template": "tokenizer_default", "datasets": [{}]}
        transform, options = strategy(settings)
        rows = self.exported.dataset(config, container)
        made = [transform(row, tokenizer=self.tokenizer) for row in rows]
        if missing := set(options["remove_columns"]) - set(rows.column_names):
            raise Wrong(f"it would remove columns that are not there: {missing}")
        pairs = ((turns_of(m["prompt"])[:-1], m["chosen"], m["rejected"]) for m in made)
        return self.kept(config, self.truth.check_pairs(pairs))


class _RewardBench(_Rows):
    def read(self, config: str, container: str) -> int:
        """Load and format: a folder by its splits, or JSON Lines file by file."""
        if container == "parquet":
            folder = str(self.exported.folder / container / config)
            return self.kept(config, self.truth.check_pairs(self._pairs(folder, None)))
        places = self.exported.files(config, container)
        found = sum(self.truth.check_pairs(self._pairs(str(one), "json")) for one in places)
        return self.kept(config, found)

    def _pairs(self, place: str, kind: str | None) -> Iterator[Any]:
        from rewardbench.utils import load_and_process_dataset  # noqa: PLC0415 - of the wheel

        rows = load_and_process_dataset(
            place, split=None, json=kind == "json", tokenizer=self.tokenizer
        )
        for row in rows:
            chosen, rejected = turns_of(row["text_chosen"]), turns_of(row["text_rejected"])
            yield chosen[:-1], chosen[-1]["content"], rejected[-1]["content"]


class _Verl(_Rows):
    def read(self, config: str, container: str) -> int:
        """Read every file, and decode the two texts of each row."""
        from verl.utils.dataset.rm_dataset import RMDataset  # noqa: PLC0415 - of the wheel

        files = [str(path) for path in self.exported.files(config, container)]
        cache = str(self.exported.scratch)
        made = RMDataset(files, self.tokenizer, max_length=LONGEST, cache_dir=cache)
        pairs = (self._pair(made[at]) for at in range(len(made)))
        return self.kept(config, self.truth.check_pairs(pairs))

    def _pair(self, row: Any) -> tuple[str, str, str]:
        texts = []
        for ids, mask in zip(row["input_ids"], row["attention_mask"], strict=True):
            texts.append(cut(self.tokenizer.decode(ids[mask.bool()])))
        (prompt, chosen), (other, rejected) = texts
        if prompt != other:
            raise Wrong(f"two prompts in one pair: {json.dumps([prompt, other])}")
        return prompt, chosen, rejected


def read_axolotl(exported: Exported) -> Iterator[Result]:
    """Yield what became of its configuration, and of whole conversations."""
    use_wheel(exported.wheel("axolotl"), "colorama")
    pairs = each(("axolotl", "trl_implicit"), TYPED)
    yield from read_each("axolotl 0.19.0", pairs, _Axolotl(exported).read)


def read_reward_bench(exported: Exported) -> Iterator[Result]:
    """Yield what became of its configuration."""
    use_wheel(exported.wheel("rewardbench"), "fastchat", "rewardbench.models")
    pairs = each(["rewardbench"], TYPED)
    yield from read_each("rewardbench 0.1.4", pairs, _RewardBench(exported).read)


def read_verl(exported: Exported) -> Iterator[Result]:
    """Yield what became of its configuration; it takes Parquet alone."""
    use_wheel(exported.wheel("verl"), "PIL", "omegaconf", "ray", "tensordict")
    yield from read_each("verl 0.9.1", each(["verl"], ["parquet"]), _Verl(exported).read)

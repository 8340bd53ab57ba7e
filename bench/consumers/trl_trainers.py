"""The trainers of TRL: a few steps of each on the configurations that are made for it."""

import math
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from trl import (
    DPOConfig,
    DPOTrainer,
    GRPOConfig,
    GRPOTrainer,
    KTOConfig,
    KTOTrainer,
    RewardConfig,
    RewardTrainer,
    SFTConfig,
    SFTTrainer,
)

from bench.consumers.exported import Exported, Result, Wrong, each, expect, read_each
from bench.consumers.tiny import LONGEST
from bench.consumers.truth import Truth, cut, turns_of, whole

TYPED = ("parquet", "jsonl", "jsonl.gz")
PAIRS = [*each(("trl", "trl_implicit", "standard"), TYPED), ("standard", "csv")]
STEPS = 3


class Training:
    """Trains on datasets of an export, and has what each trainer made of the rows checked."""

    def __init__(self, exported: Exported) -> None:
        self.exported, self.truth = exported, Truth(exported.folder)
        self.policy, self.reward_model = exported.scratch / "policy", exported.scratch / "reward"
        self.tokenizer = AutoTokenizer.from_pretrained(self.policy)

    def reward(self, config: str, container: str) -> int:
        """Train a reward model."""
        model = AutoModelForSequenceClassification.from_pretrained(self.reward_model, num_labels=1)
        args = RewardConfig(**self._settings(), max_length=LONGEST)
        trainer = RewardTrainer(model=model, args=args, **self._given(config, container))
        self._train(trainer)
        rows = trainer.train_dataset
        sides = zip(self._texts(rows["chosen_ids"]), self._texts(rows["rejected_ids"]), strict=True)
        return self._kept(config, self.truth.check_pairs(_pair(*one) for one in sides))

    def dpo(self, config: str, container: str) -> int:
        """Tune a policy on pairs."""
        args = DPOConfig(**self._settings(), max_length=LONGEST)
        given = self._given(config, container)
        trainer = DPOTrainer(model=str(self.policy), args=args, **given)
        self._train(trainer)
        rows = trainer.train_dataset
        columns = (self._texts(rows[f"{name}_ids"]) for name in ("prompt", "chosen", "rejected"))
        pairs = ((_prompt(prompt), *sides) for prompt, *sides in zip(*columns, strict=True))
        return self._kept(config, self.truth.check_pairs(pairs))

    def kto(self, config: str, container: str) -> int:
        """Tune a policy on single responses; pairs become two each."""
        args = KTOConfig(**self._settings(), max_length=LONGEST)
        given = self._given(config, container)
        trainer = KTOTrainer(model=str(self.policy), args=args, **given)
        self._train(trainer)
        rows = trainer.train_dataset
        singles = zip(
            map(_prompt, self._texts(rows["prompt_ids"])),
            self._texts(rows["completion_ids"]),
            rows["label"],
            strict=True,
        )
        if config == "kto":
            return self._kept(config, self.truth.check_singles(singles))
        return self._kept(config, self.truth.check_pairs(_paired(singles)))

    def sft(self, config: str, container: str) -> int:
        """Tune a policy on demonstrations."""
        args = SFTConfig(**self._settings(), max_length=LONGEST)
        given = self._given(config, container)
        given["train_dataset"] = given["train_dataset"].select_columns(["prompt", "completion"])
        trainer = SFTTrainer(model=str(self.policy), args=args, **given)
        self._train(trainer)
        turns = map(turns_of, self._texts(trainer.train_dataset["input_ids"]))
        shown = ((list(said[:-1]), said[-1]["content"]) for said in turns)
        return self._kept(config, self.truth.check_ideals(shown))

    def grpo(self, config: str, container: str) -> int:
        """Tune a policy on its own answers to prompts, by a reward model and a function."""
        given = self._given(config, container)
        rows = given["train_dataset"]
        for prompt in rows["prompt"]:
            self.truth.check_prompt(prompt)
        sizes = {"num_generations": 2, "max_completion_length": 8}
        args = GRPOConfig(**self._settings(), **sizes)
        functions = [str(self.reward_model), partial(_by_length, self.truth)]
        self._train(GRPOTrainer(str(self.policy), functions, args, **given))
        return self._kept(config, len(rows))

    def _given(self, config: str, container: str) -> dict[str, Any]:
        rows = self.exported.dataset(config, container)
        return {"train_dataset": rows, "processing_class": self.tokenizer}

    def _settings(self) -> dict[str, Any]:
        return {
            "output_dir": str(self.exported.scratch / "trained"),
            "max_steps": STEPS,
            "per_device_train_batch_size": 4,
            "logging_steps": 1,
            "save_strategy": "no",
            "bf16": False,
            "gradient_checkpointing": False,
            "use_cpu": True,
            "report_to": "none",
            "disable_tqdm": True,
        }

    def _train(self, trainer: Any) -> None:
        """Train; raise Wrong unless every step had a finite loss."""
        torch.manual_seed(0)
        trainer.train()
        losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
        if len(losses) != STEPS or not all(map(math.isfinite, losses)):
            raise Wrong(f"the losses are {losses}")

    def _texts(self, rows: Any) -> list[str]:
        return [self.tokenizer.decode(ids) for ids in rows]

    def _kept(self, config: str, rows: int) -> int:
        expect(rows, self.exported.rows(config), "rows reached the trainer")
        return rows


def read(exported: Exported) -> Iterator[Result]:
    """Yield what became of every training."""
    training = Training(exported)
    for consumer, pairs, reading in (
        ("trl RewardTrainer", PAIRS, training.reward),
        ("trl DPOTrainer", PAIRS, training.dpo),
        ("trl KTOTrainer", [*PAIRS, *each(["kto"], TYPED)], training.kto),
        ("trl SFTTrainer", each(["sft"], TYPED), training.sft),
        ("trl GRPOTrainer", each(["prompts"], TYPED), training.grpo),
    ):
        yield from read_each(consumer, pairs, reading)


def _pair(chosen: str, rejected: str) -> tuple[Any, str, str]:
    """Return prompt and answers of the two texts that a reward model compares."""
    turns = turns_of(chosen), turns_of(rejected)
    if turns[0]:
        return whole(*turns)
    (prompt, better), (other, worse) = cut(chosen), cut(rejected)
    if prompt != other:
        raise Wrong(f"two prompts in one pair: {prompt!r} and {other!r}")
    return prompt, better, worse


def _paired(singles: Iterable[tuple[Any, str, bool]]) -> Iterator[tuple[Any, str, str]]:
    """Yield the pairs that were taken apart: both sides are still in order."""
    sides: dict[bool, list[tuple[Any, str]]] = {True: [], False: []}
    for prompt, text, label in singles:
        sides[label].append((prompt, text))
    for (prompt, chosen), (other, rejected) in zip(sides[True], sides[False], strict=True):
        if prompt != other:
            raise Wrong(f"two prompts in one pair: {prompt!r} and {other!r}")
        yield prompt, chosen, rejected


def _prompt(text: str) -> Any:
    """Return the turns of a prompt, without the one it asks for; a plain text as it is."""
    return turns_of(text)[:-1] or text


def _by_length(truth: Truth, prompts: Any, completions: Any, **columns: Any) -> list[float]:
    """Reward short answers; what comes with a prompt must be of it."""
    for prompt, name in zip(prompts, columns["external_id"], strict=True):
        if truth.check_prompt(prompt) is not truth.case_named(name):
            raise Wrong(f"{name} came with {prompt!r}")
    return [-float(len(one[-1]["content"])) for one in completions]

"""Train tiny models on an export with TRL, as the recipes do, and measure what they learnt."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, concatenate_datasets
from transformers import AutoModelForSequenceClassification
from trl import GRPOConfig, GRPOTrainer, RewardConfig, RewardTrainer, SFTConfig, SFTTrainer

from bench.consumers.tiny import save_models, train_tokenizer
from bench.signal_check.rule import is_good

COLUMNS = ("prompt", "chosen", "rejected")
PLAIN: dict[str, Any] = {
    "save_strategy": "no",
    "logging_steps": 1,
    "bf16": False,
    "gradient_checkpointing": False,
    "use_cpu": True,
    "report_to": "none",
    "disable_tqdm": True,
}
REWARD: dict[str, Any] = {
    "num_train_epochs": 3,
    "per_device_train_batch_size": 32,
    "learning_rate": 2e-3,
    "lr_scheduler_type": "cosine",
    "warmup_steps": 10,
    "center_rewards_coefficient": 0.01,
    "seed": 0,
}
WARM: dict[str, Any] = {
    "num_train_epochs": 6,
    "per_device_train_batch_size": 32,
    "learning_rate": 3e-3,
}
POLICY: dict[str, Any] = {
    "max_steps": 60,
    "num_generations": 8,
    "per_device_train_batch_size": 32,
    "max_completion_length": 24,
    "learning_rate": 5e-4,
    "lr_scheduler_type": "constant",
    "temperature": 1.0,
    "beta": 0.0,
}


def save_start(pairs: Dataset, folder: Path, seed: int) -> Any:
    """Save models with random weights in a folder; return their tokenizer."""
    turns = (turn for row in pairs for name in COLUMNS for turn in row[name])
    tokenizer = train_tokenizer(turn["content"] for turn in turns)
    save_models(folder, tokenizer, seed=seed)
    return tokenizer


def train_reward_model(start: Path, tokenizer: Any, pairs: Dataset, out: Path) -> Any:
    """Train a reward model on pairs, save it, and return it."""
    model = AutoModelForSequenceClassification.from_pretrained(start / "reward", num_labels=1)
    trainer = RewardTrainer(
        model=model,
        processing_class=tokenizer,
        train_dataset=pairs.select_columns(list(COLUMNS)),
        args=RewardConfig(output_dir=str(out), **REWARD, **PLAIN),
    )
    trainer.train()
    trainer.save_model(str(out))
    tokenizer.save_pretrained(out)
    return trainer.model


def swapped(pairs: Dataset) -> Dataset:
    """Return pairs with their sides exchanged."""
    names = {"chosen": "rejected", "rejected": "chosen"}
    return pairs.rename_columns(names)


@torch.no_grad()
def pair_accuracy(model: Any, tokenizer: Any, pairs: Dataset) -> float:
    """Return the share of pairs whose chosen side has the greater reward."""
    model.eval()
    right = 0
    for row in pairs:
        better, worse = (_reward(model, tokenizer, row, name) for name in ("chosen", "rejected"))
        right += better > worse
    return right / len(pairs)


def _reward(model: Any, tokenizer: Any, row: dict[str, Any], name: str) -> float:
    turns = row["prompt"] + row[name]
    given = tokenizer.apply_chat_template(turns, return_tensors="pt", return_dict=True)
    return float(model(**given).logits[0, 0])


def warm_up(start: Path, tokenizer: Any, pairs: Dataset, out: Path, seed: int) -> None:
    """Teach a policy what responses look like, better and worse ones alike."""
    sides = [
        pairs.select_columns(["prompt", name]).rename_column(name, "completion")
        for name in ("chosen", "rejected")
    ]
    trainer = SFTTrainer(
        model=str(start / "policy"),
        processing_class=tokenizer,
        train_dataset=concatenate_datasets(sides),
        args=SFTConfig(output_dir=str(out), seed=seed, **WARM, **PLAIN),
    )
    trainer.train()
    trainer.save_model(str(out))


def follows_the_rule(completions: Any, **columns: Any) -> list[float]:
    """Return 1 for every answer with the keyword."""
    return [float(is_good(one[-1]["content"])) for one in completions]


def train_policy(
    start: Path, tokenizer: Any, reward_model: Path, prompts: Dataset, seed: int
) -> Iterator[tuple[float, float]]:
    """Train a policy against a reward model; yield the mean reward of each step.

    Beside it stands the share of answers that follow the rule, which has no weight.
    """
    trainer = GRPOTrainer(
        model=str(start),
        processing_class=tokenizer,
        reward_funcs=[str(reward_model), follows_the_rule],
        train_dataset=prompts,
        args=GRPOConfig(
            output_dir=str(start / "out"), seed=seed, reward_weights=[1.0, 0.0], **POLICY, **PLAIN
        ),
    )
    trainer.train()
    for entry in trainer.state.log_history:
        if "reward" in entry:
            yield entry["reward"], entry[f"rewards/{follows_the_rule.__name__}/mean"]

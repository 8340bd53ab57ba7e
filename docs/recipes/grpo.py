"""Train a policy against a reward model: `python grpo.py EXPORT MODEL REWARD_MODEL OUT`."""

import sys

import torch
from datasets import load_dataset
from transformers import AutoTokenizer
from trl import GRPOConfig, GRPOTrainer

export, base, reward_model, out = sys.argv[1:5]
prompts = load_dataset(export, "prompts", split="train")

trainer = GRPOTrainer(
    model=base,
    processing_class=AutoTokenizer.from_pretrained(base),
    reward_funcs=reward_model,  # the folder that reward_model.py wrote
    train_dataset=prompts.select_columns(["prompt"]),
    args=GRPOConfig(
        output_dir=out,
        num_train_epochs=1,
        num_generations=4,
        per_device_train_batch_size=4,
        max_completion_length=256,
        learning_rate=1e-6,
        bf16=torch.cuda.is_available(),
        report_to="none",
    ),
)
trainer.train()
trainer.save_model(out)

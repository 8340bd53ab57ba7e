"""Tune a policy directly on preferences: `python dpo.py EXPORT MODEL OUT`."""

import sys

import torch
from datasets import load_dataset
from transformers import AutoTokenizer
from trl import DPOConfig, DPOTrainer

export, base, out = sys.argv[1:4]
dataset = load_dataset(export, "trl")

trainer = DPOTrainer(
    model=base,  # the reference is loaded from the same place
    processing_class=AutoTokenizer.from_pretrained(base),
    train_dataset=dataset["train"],
    eval_dataset=dataset.get("validation"),
    args=DPOConfig(
        output_dir=out,
        beta=0.1,
        num_train_epochs=1,
        per_device_train_batch_size=4,
        learning_rate=1e-6,
        max_length=2048,
        bf16=torch.cuda.is_available(),
        report_to="none",
    ),
)
trainer.train()
trainer.save_model(out)

"""Tune a policy on responses as people would have them: `python sft.py EXPORT MODEL OUT`."""

import sys

import torch
from datasets import load_dataset
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

export, base, out = sys.argv[1:4]
train = load_dataset(export, "sft", split="train")

trainer = SFTTrainer(
    model=base,
    processing_class=AutoTokenizer.from_pretrained(base),
    train_dataset=train.select_columns(["prompt", "completion"]),
    args=SFTConfig(
        output_dir=out,
        num_train_epochs=2,
        per_device_train_batch_size=4,
        learning_rate=1e-5,
        max_length=2048,
        bf16=torch.cuda.is_available(),
        report_to="none",
    ),
)
trainer.train()
trainer.save_model(out)

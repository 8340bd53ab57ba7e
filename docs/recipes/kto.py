"""Tune a policy on single responses, each desirable or not: `python kto.py EXPORT MODEL OUT`."""

import sys

import torch
from datasets import load_dataset
from transformers import AutoTokenizer
from trl import KTOConfig, KTOTrainer

export, base, out = sys.argv[1:4]
train = load_dataset(export, "kto", split="train")

trainer = KTOTrainer(
    model=base,
    processing_class=AutoTokenizer.from_pretrained(base),
    train_dataset=train,
    args=KTOConfig(
        output_dir=out,
        num_train_epochs=1,
        per_device_train_batch_size=4,  # KTO compares within a batch: more than one
        learning_rate=1e-6,
        max_length=2048,
        bf16=torch.cuda.is_available(),
        report_to="none",
    ),
)
trainer.train()
trainer.save_model(out)

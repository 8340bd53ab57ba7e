"""Train a reward model on an export with TRL: `python reward_model.py EXPORT MODEL OUT`."""

import sys

import torch
from datasets import load_dataset
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from trl import RewardConfig, RewardTrainer

export, base, out = sys.argv[1:4]
dataset = load_dataset(export, "trl")
tokenizer = AutoTokenizer.from_pretrained(base)
model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=1)

trainer = RewardTrainer(
    model=model,
    processing_class=tokenizer,
    train_dataset=dataset["train"],
    eval_dataset=dataset.get("validation"),
    args=RewardConfig(
        output_dir=out,
        num_train_epochs=1,  # InstructGPT: more overfits
        per_device_train_batch_size=8,
        learning_rate=1e-5,
        center_rewards_coefficient=0.01,
        # Rows with a longer side are dropped without a word: see chosen_tokens on the card.
        max_length=2048,
        bf16=torch.cuda.is_available(),
        report_to="none",
    ),
)
trainer.train()
trainer.save_model(out)
tokenizer.save_pretrained(out)

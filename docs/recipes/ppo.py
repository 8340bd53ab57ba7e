"""Train a policy with PPO against a reward model: `python ppo.py EXPORT MODEL REWARD_MODEL OUT`.

Needs `pip install "trl==1.12.*"`: later versions of TRL have no PPO.
"""

import sys

import torch
from datasets import load_dataset
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
)
from trl.experimental.ppo import PPOConfig, PPOTrainer

export, base, reward_model, out = sys.argv[1:5]
prompts = load_dataset(export, "prompts", split="train")
tokenizer = AutoTokenizer.from_pretrained(base, padding_side="left")


def tokenized(row: dict) -> dict:
    """Return a prompt as PPO takes it: token ids up to where the answer begins."""
    ids = tokenizer.apply_chat_template(
        row["prompt"], add_generation_prompt=True, return_dict=False
    )
    return {"input_ids": ids}


trainer = PPOTrainer(
    model=AutoModelForCausalLM.from_pretrained(base),
    ref_model=AutoModelForCausalLM.from_pretrained(base),
    reward_model=AutoModelForSequenceClassification.from_pretrained(reward_model, num_labels=1),
    value_model=AutoModelForSequenceClassification.from_pretrained(reward_model, num_labels=1),
    processing_class=tokenizer,
    train_dataset=prompts.map(tokenized, remove_columns=prompts.column_names),
    args=PPOConfig(
        output_dir=out,
        num_train_epochs=1,
        per_device_train_batch_size=4,
        response_length=128,
        stop_token_id=tokenizer.eos_token_id,
        missing_eos_penalty=1.0,
        learning_rate=3e-6,
        num_sample_generations=0,
        bf16=torch.cuda.is_available(),
        report_to="none",
    ),
)
trainer.train()
trainer.save_model(out)
